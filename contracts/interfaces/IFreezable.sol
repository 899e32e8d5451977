// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What the inbox of forced orders may do to a ledger.
interface IFreezable {
    /// @notice Stops the ledger: no batch is accepted until the epoch is abandoned. Inbox only.
    function freeze() external;

    /// @notice Abandons for forced orders that are overdue. Inbox only, which has checked that.
    /// @param nextIndex Index of the ledger's next batch.
    /// @param reporter Who showed it.
    function abandonForced(uint64 nextIndex, address reporter) external;
}
