// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Which segment an account's forced orders belong to: retail, unless the operator registered otherwise.
/// @notice A registration takes effect after a delay, and the policy registry's guardian can take it back before: nobody can switch an account's segment under its
/// transaction.
interface ISegmentRegistry {
    /// @notice Thrown when somebody but the ledger's operator registers.
    error NotTheOperator(address caller);

    /// @notice Thrown when somebody but the policy registry's guardian takes back.
    error NotTheGuardian(address caller);

    /// @notice Thrown for a segment other than 0 (retail) and 1 (institutional).
    error SegmentUnknown(uint8 segment);

    /// @notice Thrown when no registration of the account waits.
    error NothingWaits(address account);

    /// @notice An account will belong to another segment.
    /// @param account The account.
    /// @param segment 0 retail, 1 institutional.
    /// @param from When it takes effect, seconds since the Unix epoch.
    event SegmentRegistered(address indexed account, uint8 segment, uint64 from);

    /// @notice A registration was taken back before it took effect.
    /// @param account The account.
    event SegmentTakenBack(address indexed account);

    /// @notice Registers an account's segment. Operator of the ledger only.
    function register(address account, uint8 segment) external;

    /// @notice Takes a registration back that has not taken effect. Guardian of the policy registry only.
    function takeBack(address account) external;

    /// @notice Segment of an account's forced orders now: 0 retail, 1 institutional.
    function segmentOf(address account) external view returns (uint8);
}
