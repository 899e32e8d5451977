// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {ISettlementGate} from "./interfaces/ISettlementGate.sol";
import {OrderTree} from "./lib/OrderTree.sol";
import {Inclusion, hashRecord} from "./types/Inclusion.sol";

/// @title The gate: lets an order through to the shard that it was assigned to, and to no other.
/// @dev For contracts on the ledger's own chain, where acceptance suffices. Errors and events: ISettlementGate.
library SettlementGate {
    /// @notice A consumer's memory of what it spent, by commitment.
    struct Spent {
        mapping(uint256 commitment => bool) spent;
    }

    /// @notice Requires that an accepted batch assigned the order in `inclusion.slot` to `shard`.
    /// @param shard The caller's own shard, never one that the trader names.
    /// @return commitment The order's commitment.
    function requireAssigned(
        ILedgerReader ledger,
        uint8 shard,
        Inclusion memory inclusion
    ) internal view returns (uint256 commitment) {
        (uint64 index, uint16 slot) = (inclusion.index, inclusion.slot);
        bytes32 record = ledger.recordOf(index);
        if (record == 0 || record != hashRecord(inclusion.record)) revert ISettlementGate.RecordMismatch(index);
        uint256 position = slot >> 2;
        if (inclusion.path.length > 14 || position >> inclusion.path.length != 0)
            revert ISettlementGate.SlotOutOfTree(slot);
        bytes32 leaf = OrderTree.leafOf(inclusion.commitments, inclusion.assignments);
        if (OrderTree.climb(leaf, position, inclusion.path) != inclusion.record.orderRoot) {
            revert ISettlementGate.NotIncluded(index, slot);
        }
        commitment = inclusion.commitments[slot & 3];
        uint8 assignment = inclusion.assignments[slot & 3];
        if (uint256(assignment) != uint256(shard) + 1) revert ISettlementGate.NotAssigned(commitment, assignment);
    }

    /// @notice Spends the assignment to `shard`, once.
    /// @return commitment The order's commitment.
    function spend(
        Spent storage self,
        ILedgerReader ledger,
        uint8 shard,
        Inclusion memory inclusion
    ) internal returns (uint256 commitment) {
        commitment = requireAssigned(ledger, shard, inclusion);
        if (self.spent[commitment]) revert ISettlementGate.AlreadySpent(commitment);
        self.spent[commitment] = true;
        emit ISettlementGate.AssignmentSpent(commitment, shard, inclusion.index);
    }
}
