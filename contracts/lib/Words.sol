// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Words in memory by position, without the bounds checks that a fixed layout does not need: positions are the caller's to know.
library Words {
    /// @notice As many words as asked for, with whatever memory holds there: the caller writes each before it reads it.
    function allocate(uint256 count) internal pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := mload(0x40)
            mstore(words, count)
            mstore(0x40, add(add(words, 0x20), shl(5, count)))
        }
    }

    /// @notice The word at a position.
    function get(uint256[] memory words, uint256 position) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(words, 0x20), shl(5, position)))
        }
    }

    /// @notice Writes the word at a position.
    function set(uint256[] memory words, uint256 position, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(words, 0x20), shl(5, position)), word)
        }
    }

    /// @notice Memory address of the word at a position.
    function addressOf(uint256[] memory words, uint256 position) internal pure returns (uint256 where) {
        assembly ("memory-safe") {
            where := add(add(words, 0x20), shl(5, position))
        }
    }

    /// @notice Copies `count` words from a position on to a memory address.
    function copy(uint256[] memory words, uint256 position, uint256 to, uint256 count) internal pure {
        assembly ("memory-safe") {
            mcopy(to, add(add(words, 0x20), shl(5, position)), shl(5, count))
        }
    }

    /// @notice Keccak of `count` words from a position on.
    function hash(uint256[] memory words, uint256 position, uint256 count) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(add(add(words, 0x20), shl(5, position)), shl(5, count))
        }
    }
}
