// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {RecordPreimage} from "../types/Inclusion.sol";

/// @title How many orders each shard was assigned in an epoch: counted afterwards, from a batch's V, so that submitting costs no more.
interface IAssignedTally {
    /// @notice Thrown when V and preimage are not those of the batch's record.
    error RecordMismatch(uint64 index);

    /// @notice Thrown when the batch was counted.
    error CountedAlready(uint64 index);

    /// @notice A batch was counted.
    event BatchCounted(uint64 indexed index, uint64 indexed epoch);

    /// @notice Counts a batch, once. Anybody may call.
    /// @param v V, whole, as its record's statementHash holds it.
    function count(uint64 index, RecordPreimage calldata record, uint256[] calldata v) external;

    /// @notice Orders assigned to a shard in the batches of an epoch that are counted.
    function assigned(uint64 epoch, uint8 shard) external view returns (uint64);

    /// @notice Batches of an epoch that are counted.
    function batches(uint64 epoch) external view returns (uint64);

    /// @notice Whether a batch is counted.
    function isCounted(uint64 index) external view returns (bool);
}
