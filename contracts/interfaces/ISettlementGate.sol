// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What a settlement contract asks before it accepts a fill: errors and events of the gate library.
/// @notice Consumers spend by commitment, never by slot: a commitment is unique to its order, a slot is not.
interface ISettlementGate {
    /// @notice Thrown when the record's preimage is not what the ledger accepted at that index.
    error RecordMismatch(uint64 index);

    /// @notice Thrown when the slot lies outside the tree that the path spans.
    error SlotOutOfTree(uint16 slot);

    /// @notice Thrown when leaf and path do not lead to the record's order root.
    error NotIncluded(uint64 index, uint16 slot);

    /// @notice Thrown when the order is not assigned to the caller's shard; 0 means deferred, else shard + 1.
    error NotAssigned(uint256 commitment, uint8 assignment);

    /// @notice Thrown when the assignment was spent before.
    error AlreadySpent(uint256 commitment);

    /// @notice An assignment was spent by its shard's settlement contract.
    /// @param commitment The order.
    /// @param shard The shard that it was assigned to.
    /// @param index The batch that assigned it.
    event AssignmentSpent(uint256 indexed commitment, uint8 indexed shard, uint64 indexed index);
}
