// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice What an operator can be slashed for; each class has its own amount (protocol, section 5).
/// @dev New classes go to the end: the numbers are part of events.
enum Fault {
    /// A receipt that the accepted batch contradicts.
    Contradiction,
    /// Two receipts that contradict each other.
    Equivocation,
    /// One commitment accepted twice, or twice in one batch.
    Duplicate,
    /// A receipt whose batch is overdue.
    Overdue,
    /// Served work that no shard's report supports.
    Unreported,
    /// A report on chain that a later batch does not apply.
    ReportIgnored,
    /// Forced orders that were not taken in time.
    ForcedIgnored,
    /// An epoch given up: the price that keeps it from being a cheap redraw.
    Abandoned,
    /// An announced epoch that nobody opened in time, so that its seed had to be drawn anew.
    SeedMissed,
    /// A sealed batch that was not delivered.
    SealedWithheld
}

/// @dev Number of classes.
uint256 constant FAULTS = 10;
