// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerReader} from "../interfaces/ILedgerReader.sol";
import {ISettlementGate} from "../interfaces/ISettlementGate.sol";
import {Inclusion, hashRecord} from "../types/Inclusion.sol";
import {OrderTree} from "./OrderTree.sol";

/// @title An order of an accepted batch, shown by its path through the order tree. Errors: ISettlementGate.
library OrderProof {
    /// @notice What an accepted batch holds in a slot; commitment 0 when the slot is an empty one of the last leaf.
    /// @return commitment The order's commitment.
    /// @return assignment 0 deferred, else shard + 1.
    function orderOf(
        ILedgerReader ledger,
        Inclusion memory inclusion
    ) internal view returns (uint256 commitment, uint8 assignment) {
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
        return (inclusion.commitments[slot & 3], inclusion.assignments[slot & 3]);
    }
}
