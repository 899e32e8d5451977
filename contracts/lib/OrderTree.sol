// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The keccak tree over a batch's orders, two slots a leaf (protocol, section 9).
/// @dev A leaf hashes 66 bytes and a node 64, so no leaf can pass for a node, nor a node for a leaf.
library OrderTree {
    /// @notice Root for words that lie in memory.
    /// @param commitments Memory address of the first commitment.
    /// @param assignments Memory address of the first assignment word, 31 bytes a word from the low end.
    /// @param count Filled slots; none gives `bytes32(0)`.
    function rootOf(uint256 commitments, uint256 assignments, uint256 count) internal pure returns (bytes32 root) {
        if (count == 0) return bytes32(0);
        uint256 width = 1;
        while (width * 2 < count) width *= 2;
        assembly ("memory-safe") {
            // Scratch behind the free memory pointer, given back at the end: 66 bytes for a leaf's preimage, then the level.
            let scratch := mload(0x40)
            let level := add(scratch, 0x60)
            let word := mload(assignments)
            let left := 31
            let to := level
            for { let pairs := shr(1, count) } pairs { pairs := sub(pairs, 1) } {
                mcopy(scratch, commitments, 0x40)
                commitments := add(commitments, 0x40)
                mstore8(add(scratch, 0x40), word)
                word := shr(8, word)
                left := sub(left, 1)
                if iszero(left) {
                    assignments := add(assignments, 0x20)
                    word := mload(assignments)
                    left := 31
                }
                mstore8(add(scratch, 0x41), word)
                word := shr(8, word)
                left := sub(left, 1)
                if iszero(left) {
                    assignments := add(assignments, 0x20)
                    word := mload(assignments)
                    left := 31
                }
                mstore(to, keccak256(scratch, 0x42))
                to := add(to, 0x20)
            }
            if and(count, 1) {
                mstore(scratch, mload(commitments))
                mstore(add(scratch, 0x20), 0)
                mstore8(add(scratch, 0x40), word)
                mstore8(add(scratch, 0x41), 0)
                mstore(to, keccak256(scratch, 0x42))
                to := add(to, 0x20)
            }
            // Memory behind the pointer may be dirty: the filling must be zero.
            calldatacopy(to, calldatasize(), sub(add(level, shl(5, width)), to))
            for {} gt(width, 1) {} {
                width := shr(1, width)
                let end := add(level, shl(5, width))
                let from := level
                for { let at := level } lt(at, end) { at := add(at, 0x20) } {
                    mstore(at, keccak256(from, 0x40))
                    from := add(from, 0x40)
                }
            }
            root := mload(level)
        }
    }

    /// @notice Hash of one leaf.
    function leafOf(uint256[2] memory commitments, uint8[2] memory assignments) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(commitments[0], commitments[1], assignments[0], assignments[1]));
    }

    /// @notice Root that a leaf and its siblings lead to.
    /// @param position The leaf's, below 2^path.length.
    function climb(bytes32 leaf, uint256 position, bytes32[] memory path) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 i = 0; i < path.length; ++i) {
            node = (position >> i) & 1 == 0
                ? keccak256(abi.encodePacked(node, path[i]))
                : keccak256(abi.encodePacked(path[i], node));
        }
    }
}
