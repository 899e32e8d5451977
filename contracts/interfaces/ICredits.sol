// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Payments that their owners fetch.
interface ICredits {
    /// @notice Thrown when there is nothing to collect.
    error NothingToCollect(address account);

    /// @notice Thrown when the recipient refused the ether.
    error TransferRefused(address to);

    /// @notice An account collected what was due to it.
    /// @param account Whose credit it was.
    /// @param to Where it went.
    /// @param amount Wei.
    event Collected(address indexed account, address indexed to, uint256 amount);

    /// @notice Sends the caller's credit to `to`.
    /// @return amount Wei.
    function collect(address to) external returns (uint256 amount);

    /// @notice Wei that an account can collect.
    function creditOf(address account) external view returns (uint256);
}
