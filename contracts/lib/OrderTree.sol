// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The keccak tree over a batch's orders, four slots a leaf (protocol, section 9).
/// @dev A leaf hashes 132 bytes and a node 64, so no leaf can pass for a node, nor a node for a leaf.
library OrderTree {
    /// @notice Root for words that lie in memory, which are used up: all commitments but the first, and the four words behind the last, are overwritten.
    /// @param commitments Memory address of the first commitment.
    /// @param assignments Memory address of the first assignment word, 31 bytes a word from the low end; nothing is set past `count`. May lie right behind the
    /// commitments.
    /// @param count Filled slots; none gives `bytes32(0)`.
    function rootOf(uint256 commitments, uint256 assignments, uint256 count) internal pure returns (bytes32) {
        if (count == 0) return bytes32(0);
        unchecked {
            uint256 width = 1;
            while (width * 4 < count) width *= 2;
            // Behind the free memory pointer, and not kept: assignments as bytes in their order, then the leaves, whose level the tree is folded up in.
            uint256 bytesFrom;
            assembly ("memory-safe") {
                bytesFrom := mload(0x40)
            }
            uint256 words = (count + 30) / 31;
            uint256 leaves = bytesFrom + 32 * (words + 2);
            _spread(assignments, bytesFrom, words);
            _hashLeaves(commitments, bytesFrom, count, leaves, width);
            return _fold(leaves, width);
        }
    }

    /// @dev Writes words of 31 bytes each, first at the low end, as bytes in the order of memory, and zeros behind them.
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
            mstore(to, 0)
        }
    }

    /// @dev Hashes the leaves of `count` orders where they lie, and fills their level up with zeros. From the last to the first, as the assignments of a leaf
    /// are written over the commitment behind it, which its own leaf needs no more.
    function _hashLeaves(
        uint256 commitments,
        uint256 bytesFrom,
        uint256 count,
        uint256 to,
        uint256 width
    ) private pure {
        assembly ("memory-safe") {
            // Missing slots are c = 0, a = 0: zeros behind the last commitment, and behind the last assignment.
            calldatacopy(add(commitments, shl(5, count)), calldatasize(), 0x60)
            let fours := shr(2, add(count, 3))
            let at := add(commitments, shl(7, fours))
            let bytesAt := add(bytesFrom, shl(2, fours))
            let leaf := add(to, shl(5, fours))
            // Memory there may be dirty.
            calldatacopy(leaf, calldatasize(), shl(5, sub(width, fours)))
            if and(fours, 1) {
                mstore(at, mload(sub(bytesAt, 4)))
                mstore(sub(leaf, 0x20), keccak256(sub(at, 0x80), 0x84))
                bytesAt := sub(bytesAt, 4)
                at := sub(at, 0x80)
                leaf := sub(leaf, 0x20)
            }
            for {} gt(at, commitments) {} {
                mstore(at, mload(sub(bytesAt, 4)))
                mstore(sub(leaf, 0x20), keccak256(sub(at, 0x80), 0x84))
                mstore(sub(at, 0x80), mload(sub(bytesAt, 8)))
                mstore(sub(leaf, 0x40), keccak256(sub(at, 0x100), 0x84))
                bytesAt := sub(bytesAt, 8)
                at := sub(at, 0x100)
                leaf := sub(leaf, 0x40)
            }
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
    function leafOf(uint256[4] memory commitments, uint8[4] memory assignments) internal pure returns (bytes32) {
        bytes4 packed = bytes4(
            (uint32(assignments[0]) << 24) |
                (uint32(assignments[1]) << 16) |
                (uint32(assignments[2]) << 8) |
                assignments[3]
        );
        return keccak256(abi.encodePacked(commitments, packed));
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
