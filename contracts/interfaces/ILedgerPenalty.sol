// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What a ledger tells the contract that holds its operator's bond: what must cost the operator something, lest it be a free redraw.
/// @notice The ledger takes this contract for its life. A call must not revert, whatever the bond is worth by then: the way out must not depend on it.
interface ILedgerPenalty {
    /// @notice Why an epoch was ended, or its seed drawn anew.
    enum Reason {
        OperatorAbandoned,
        ReceiptOverdue,
        ForcedOrderOverdue,
        SeedBlockMissed,
        SealedBatchUndelivered
    }

    /// @notice Takes the penalty. Ledger only, once for each event.
    /// @param epoch The epoch that was running or waiting.
    /// @param reporter Who showed it; the operator itself for OperatorAbandoned.
    function penalize(uint64 epoch, Reason reason, address reporter) external;
}
