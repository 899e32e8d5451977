// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {OrderTree} from "../../contracts/lib/OrderTree.sol";
import {PlainTree} from "./PlainTree.sol";

/// @title The order tree in Yul against one put together as the protocol words it.
contract OrderTreeTest is Test {
    function packed(uint8[] memory assignments) internal pure returns (uint256[] memory words) {
        words = new uint256[]((assignments.length + 30) / 31);
        for (uint256 i = 0; i < assignments.length; ++i) {
            words[i / 31] |= uint256(assignments[i]) << (8 * (i % 31));
        }
    }

    /// @dev On a copy with four words behind it, as the library uses its words up.
    function root(uint256[] memory c, uint256[] memory words) internal pure returns (bytes32) {
        uint256[] memory copy = new uint256[](c.length + 4);
        for (uint256 i = 0; i < c.length; ++i) {
            copy[i] = c[i];
        }
        uint256 from;
        uint256 bytesFrom;
        assembly ("memory-safe") {
            from := add(copy, 0x20)
            bytesFrom := add(words, 0x20)
        }
        return OrderTree.rootOf(from, bytesFrom, c.length);
    }

    function orders(uint256 count, uint256 salt) internal pure returns (uint256[] memory c, uint8[] memory a) {
        c = new uint256[](count);
        a = new uint8[](count);
        for (uint256 i = 0; i < count; ++i) {
            c[i] = uint256(keccak256(abi.encode(salt, i)));
            a[i] = uint8(c[i] >> 100);
        }
    }

    /// @dev Memory behind the free memory pointer may hold anything.
    function soil() internal pure {
        assembly ("memory-safe") {
            for {
                let i := 0
            } lt(i, 0x4000) {
                i := add(i, 0x20)
            } {
                mstore(add(mload(0x40), i), not(0))
            }
        }
    }

    /// @dev Called from outside for each count, as memory of one call is not given back and its price grows with the square.
    function agree(uint256 count) external pure {
        (uint256[] memory c, uint8[] memory a) = orders(count, count);
        uint256[] memory words = packed(a);
        bytes32 expected = PlainTree.rootOf(c, a);
        soil();
        assertEq(root(c, words), expected);
    }

    function test_everyCountUpTo300() public view {
        for (uint256 count = 0; count <= 300; ++count) {
            this.agree(count);
        }
    }

    function testFuzz_rootIsThePlainTrees(uint16 count, uint256 salt) public pure {
        (uint256[] memory c, uint8[] memory a) = orders(bound(count, 0, 130), salt);
        assertEq(root(c, packed(a)), PlainTree.rootOf(c, a));
    }

    function testFuzz_everyOrderMatters(uint16 count, uint256 salt, uint256 which, bool assignment) public pure {
        (uint256[] memory c, uint8[] memory a) = orders(bound(count, 1, 130), salt);
        bytes32 before = root(c, packed(a));
        which %= c.length;
        if (assignment) a[which] ^= 1;
        else c[which] ^= 1;
        assertNotEq(root(c, packed(a)), before);
    }

    function testFuzz_everyLeafLeadsToTheRoot(uint8 count, uint256 salt, uint256 leaf) public pure {
        (uint256[] memory c, uint8[] memory a) = orders(bound(count, 1, 64), salt);
        uint256 leaves = (c.length + 3) / 4;
        uint256 width = 1;
        uint256 depth = 0;
        for (; width < leaves; width *= 2) ++depth;
        bytes32[] memory level = new bytes32[](width);
        for (uint256 k = 0; k < leaves; ++k) {
            uint256[4] memory some;
            uint8[4] memory bytes_;
            for (uint256 i = 0; i < 4 && 4 * k + i < c.length; ++i) {
                (some[i], bytes_[i]) = (c[4 * k + i], a[4 * k + i]);
            }
            level[k] = OrderTree.leafOf(some, bytes_);
        }
        leaf %= leaves;
        bytes32 start = level[leaf];
        bytes32[] memory path = new bytes32[](depth);
        for (uint256 d = 0; d < depth; ++d) {
            path[d] = level[(leaf >> d) ^ 1];
            for (uint256 i = 0; i < (width >> d) / 2; ++i) {
                level[i] = keccak256(abi.encodePacked(level[2 * i], level[2 * i + 1]));
            }
        }
        assertEq(OrderTree.climb(start, leaf, path), root(c, packed(a)));
    }
}
