// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The order tree as the protocol words it (section 9), level by level in new memory: what the contracts' own library is held to.
library PlainTree {
    function rootOf(uint256[] memory commitments, uint8[] memory assignments) internal pure returns (bytes32) {
        if (commitments.length == 0) return 0;
        bytes32[] memory level = _leaves(commitments, assignments);
        while (level.length > 1) {
            level = _above(level);
        }
        return level[0];
    }

    /// @dev Siblings from the slot's leaf to the root.
    function pathOf(
        uint256[] memory commitments,
        uint8[] memory assignments,
        uint256 slot
    ) internal pure returns (bytes32[] memory path) {
        bytes32[] memory level = _leaves(commitments, assignments);
        uint256 depth = 0;
        while (1 << depth < level.length) ++depth;
        path = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            path[i] = level[(slot >> (2 + i)) ^ 1];
            level = _above(level);
        }
    }

    function _above(bytes32[] memory level) private pure returns (bytes32[] memory nodes) {
        nodes = new bytes32[](level.length / 2);
        for (uint256 i = 0; i < nodes.length; ++i) {
            nodes[i] = keccak256(abi.encode(level[2 * i], level[2 * i + 1]));
        }
    }

    /// @dev Filled with zeros to a power of two.
    function _leaves(
        uint256[] memory commitments,
        uint8[] memory assignments
    ) private pure returns (bytes32[] memory leaves) {
        uint256 width = 1;
        while (4 * width < commitments.length) width *= 2;
        leaves = new bytes32[](width);
        for (uint256 i = 0; 4 * i < commitments.length; ++i) {
            leaves[i] = _leaf(commitments, assignments, 4 * i);
        }
    }

    /// @dev Four slots from `first` on; a missing one is all zeros.
    function _leaf(
        uint256[] memory commitments,
        uint8[] memory assignments,
        uint256 first
    ) private pure returns (bytes32) {
        bytes memory orders;
        bytes memory bytes_;
        for (uint256 i = first; i < first + 4; ++i) {
            bool filled = i < commitments.length;
            orders = abi.encodePacked(orders, filled ? commitments[i] : 0);
            bytes_ = abi.encodePacked(bytes_, filled ? assignments[i] : 0);
        }
        return keccak256(abi.encodePacked(orders, bytes_));
    }
}
