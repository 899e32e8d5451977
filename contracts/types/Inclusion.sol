// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice Preimage of `record[index]`.
/// @param orderRoot Root of the batch's order tree.
/// @param statementHash Keccak of V, the published vector.
/// @param head Head after the batch.
/// @param terms Hash of fees, open mask and time.
struct RecordPreimage {
    bytes32 orderRoot;
    bytes32 statementHash;
    bytes32 head;
    bytes32 terms;
}

/// @notice One order of an accepted batch, with all that proves it.
/// @param index The batch.
/// @param slot The order's slot in the batch.
/// @param record What the ledger recorded for the batch.
/// @param commitments Both commitments of the slot's leaf, the even slot first; 0 when the second slot is empty.
/// @param assignments Both assignment bytes of the leaf: 0 deferred, else shard + 1.
/// @param path Siblings from the leaf to the root.
struct Inclusion {
    uint64 index;
    uint16 slot;
    RecordPreimage record;
    uint256[2] commitments;
    uint8[2] assignments;
    bytes32[] path;
}

/// @dev `record[index]` of the protocol, section 9.
function hashRecord(RecordPreimage memory record) pure returns (bytes32) {
    return keccak256(abi.encode(record));
}
