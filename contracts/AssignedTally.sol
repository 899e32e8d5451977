// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssignedTally} from "./interfaces/IAssignedTally.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {RecordPreimage, hashRecord} from "./types/Inclusion.sol";

/// @title Orders by shard; see the interface.
contract AssignedTally is IAssignedTally {
    /// @dev Position of the batch's count in V.
    uint256 private constant COUNT = 8;

    ILedgerReader public immutable ledger;

    /// @inheritdoc IAssignedTally
    mapping(uint64 epoch => mapping(uint8 shard => uint64)) public assigned;
    /// @inheritdoc IAssignedTally
    mapping(uint64 epoch => uint64) public batches;
    /// @inheritdoc IAssignedTally
    mapping(uint64 index => bool) public isCounted;

    constructor(ILedgerReader ledger_) {
        ledger = ledger_;
    }

    /// @inheritdoc IAssignedTally
    function count(uint64 index, RecordPreimage calldata record, uint256[] calldata v) external {
        bytes32 recorded = ledger.recordOf(index);
        if (recorded == 0 || recorded != hashRecord(record) || record.statementHash != keccak256(abi.encodePacked(v)))
            revert RecordMismatch(index);
        if (isCounted[index]) revert CountedAlready(index);
        isCounted[index] = true;
        uint64 epoch = ledger.epochAt(index);
        uint256 shards = ledger.shards();
        uint64[] memory found = new uint64[](shards + 1);
        uint256 from = _assignmentsAt(v.length, shards);
        for (uint256 slot = 0; slot < v[COUNT]; ++slot) {
            ++found[uint8(v[from + slot / 31] >> (8 * (slot % 31)))];
        }
        // Byte 0 is for deferred orders, which no shard was assigned.
        for (uint8 j = 0; j < shards; ++j) {
            if (found[j + 1] != 0) assigned[epoch][j] += found[j + 1];
        }
        ++batches[epoch];
        emit BatchCounted(index, epoch);
    }

    /// @dev Position of V's first assignment word: V ends in N commitments and ⌈N/31⌉ words, so that ⌈(N + ⌈N/31⌉)/32⌉ of these are assignments.
    function _assignmentsAt(uint256 length, uint256 shards) private pure returns (uint256) {
        uint256 fixedWords = 11 + (shards + 15) / 16 + (shards + 5) / 6 + shards;
        return length - (length - fixedWords + 31) / 32;
    }
}
