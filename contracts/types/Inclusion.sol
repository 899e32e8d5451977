// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice Preimage of `record[index]`.
/// @param orderRoot Root of the batch's order tree.
/// @param statementHash Keccak of V, the published vector.
/// @param head Head after the batch.
/// @param terms Hash of what the batch charged, found and is paid for: see `Terms`.
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
/// @param commitments The four commitments of the slot's leaf; 0 where a slot is empty.
/// @param assignments The four assignment bytes of the leaf: 0 deferred or empty, else shard + 1.
/// @param path Siblings from the leaf to the root.
struct Inclusion {
    uint64 index;
    uint16 slot;
    RecordPreimage record;
    uint256[4] commitments;
    uint8[4] assignments;
    bytes32[] path;
}

/// @dev `record[index]` of the protocol, section 9.
function hashRecord(RecordPreimage memory record) pure returns (bytes32 result) {
    // Four words that lie in memory as they are hashed.
    assembly ("memory-safe") {
        result := keccak256(record, 0x80)
    }
}

/// @notice Preimage of a record's `terms`.
/// @param fees Fees in force, 15 bits each, 16 a word.
/// @param openMask Breaker flags in force, shard j at bit j.
/// @param time Time of the batch, µs since the Unix epoch.
/// @param count Orders of the batch, deferred ones included.
/// @param beneficiary Account that the batch's reward goes to.
struct Terms {
    uint256[] fees;
    uint256 openMask;
    uint64 time;
    uint32 count;
    address beneficiary;
}

/// @dev `terms` of the protocol, section 9.
function hashTerms(Terms memory terms) pure returns (bytes32) {
    uint256 last = terms.time | (uint256(terms.count) << 64) | (uint256(uint160(terms.beneficiary)) << 96);
    return keccak256(abi.encodePacked(terms.fees, terms.openMask, last));
}
