// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {ISettlementGate} from "./interfaces/ISettlementGate.sol";
import {OrderProof} from "./lib/OrderProof.sol";
import {Inclusion} from "./types/Inclusion.sol";

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
        uint8 assignment;
        (commitment, assignment) = OrderProof.orderOf(ledger, inclusion);
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
