// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The keccak tree over a batch's orders, two slots a leaf (protocol, section 9).
/// @dev A leaf hashes 66 bytes and a node 64, so no leaf can pass for a node, nor a node for a leaf.
library OrderTree {
    /// @notice Root for words that lie in memory.
    /// @param commitments Memory address of the first commitment.
    /// @param assignments Memory address of the first assignment word, 31 bytes a word from the low end; nothing is set past `count`.
    /// @param count Filled slots; none gives `bytes32(0)`.
    function rootOf(uint256 commitments, uint256 assignments, uint256 count) internal pure returns (bytes32) {
        if (count == 0) return bytes32(0);
        uint256 width = 1;
        while (width * 2 < count) width *= 2;
        // Behind the free memory pointer, and not kept: the leaves, whose level the tree is folded up in, then assignments as bytes in their order.
        uint256 leaves;
        assembly ("memory-safe") {
            leaves := add(mload(0x40), 0x60)
        }
        uint256 bytesFrom = leaves + 32 * width;
        _spread(assignments, bytesFrom, (count + 30) / 31);
        _hashLeaves(commitments, bytesFrom, count, leaves, width);
        return _fold(leaves, width);
    }

    /// @dev Writes words of 31 bytes each, first at the low end, as bytes in the order of memory, and a zero behind them.
    function _spread(uint256 words, uint256 to, uint256 count) private pure {
        assembly ("memory-safe") {
            for {
                let end := add(words, shl(5, count))
            } lt(words, end) {
                words := add(words, 0x20)
            } {
                // Reverses 32 bytes: neighbours, then pairs, fours, eights and halves change places.
                let v := mload(words)
                let m := 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
                v := or(and(shr(8, v), m), shl(8, and(v, m)))
                m := 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff
                v := or(and(shr(16, v), m), shl(16, and(v, m)))
                m := 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff
                v := or(and(shr(32, v), m), shl(32, and(v, m)))
                m := 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff
                v := or(and(shr(64, v), m), shl(64, and(v, m)))
                mstore(to, or(shr(128, v), shl(128, v)))
                to := add(to, 31)
            }
        }
    }

    /// @dev Hashes the leaves of `count` orders, and fills their level up with zeros.
    function _hashLeaves(
        uint256 commitments,
        uint256 bytesFrom,
        uint256 count,
        uint256 to,
        uint256 width
    ) private pure {
        assembly ("memory-safe") {
            let end := add(to, shl(5, width))
            let preimage := sub(to, 0x60)
            for {
                let full := add(to, shl(4, and(count, not(1))))
            } lt(to, full) {
                to := add(to, 0x20)
            } {
                mcopy(preimage, commitments, 0x40)
                mstore(add(preimage, 0x40), mload(bytesFrom))
                mstore(to, keccak256(preimage, 0x42))
                commitments := add(commitments, 0x40)
                bytesFrom := add(bytesFrom, 2)
            }
            if and(count, 1) {
                mstore(preimage, mload(commitments))
                mstore(add(preimage, 0x20), 0)
                // The byte behind the last assignment is 0.
                mstore(add(preimage, 0x40), mload(bytesFrom))
                mstore(to, keccak256(preimage, 0x42))
                to := add(to, 0x20)
            }
            // Memory there may be dirty.
            calldatacopy(to, calldatasize(), sub(end, to))
        }
    }

    /// @dev Folds a level up to the root, in place, four nodes a turn while a level has as many.
    function _fold(uint256 level, uint256 width) private pure returns (bytes32 root) {
        assembly ("memory-safe") {
            for {} gt(width, 4) {} {
                width := shr(1, width)
                let from := level
                for {
                    let to := level
                } lt(to, add(level, shl(5, width))) {
                    to := add(to, 0x80)
                } {
                    mstore(to, keccak256(from, 0x40))
                    mstore(add(to, 0x20), keccak256(add(from, 0x40), 0x40))
                    mstore(add(to, 0x40), keccak256(add(from, 0x80), 0x40))
                    mstore(add(to, 0x60), keccak256(add(from, 0xc0), 0x40))
                    from := add(from, 0x100)
                }
            }
            if gt(width, 2) {
                mstore(level, keccak256(level, 0x40))
                mstore(add(level, 0x20), keccak256(add(level, 0x40), 0x40))
            }
            if gt(width, 1) {
                mstore(level, keccak256(level, 0x40))
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
            node =
                (position >> i) & 1 == 0
                    ? keccak256(abi.encodePacked(node, path[i]))
                    : keccak256(abi.encodePacked(path[i], node));
        }
    }
}
