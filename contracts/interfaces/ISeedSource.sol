// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Where an epoch's randomness comes from.
/// @notice A value for each block that nobody knows before the block and everybody agrees on after it.
interface ISeedSource {
    /// @notice Thrown for a block that is not there yet.
    error BlockNotYet(uint256 blockNumber);

    /// @notice Thrown for a block so old that its hash cannot be had any more.
    error BlockOutOfReach(uint256 blockNumber);

    /// @notice Hash of a past block.
    function hashOf(uint256 blockNumber) external view returns (bytes32);
}
