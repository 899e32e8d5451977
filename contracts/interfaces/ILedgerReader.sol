// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What settlement contracts need of a ledger.
interface ILedgerReader {
    /// @notice Record of an accepted batch: keccak256(orderRoot, statementHash, head, terms), or 0 while none is accepted at that index.
    function recordOf(uint64 index) external view returns (bytes32);
}
