// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {OrderTree} from "../../contracts/lib/OrderTree.sol";

/// @title The order tree in Yul against one put together as the protocol words it.
contract OrderTreeTest is Test {
    function packed(uint8[] memory assignments) internal pure returns (uint256[] memory words) {
        words = new uint256[]((assignments.length + 30) / 31);
        for (uint256 i = 0; i < assignments.length; ++i) {
            words[i / 31] |= uint256(assignments[i]) << (8 * (i % 31));
        }
    }

    function plainLeaf(uint256[] memory c, uint8[] memory a, uint256 k) internal pure returns (bytes32) {
        bytes memory preimage;
        for (uint256 i = 4 * k; i < 4 * k + 4; ++i) {
            preimage = abi.encodePacked(preimage, i < c.length ? c[i] : 0);
        }
        for (uint256 i = 4 * k; i < 4 * k + 4; ++i) {
            preimage = abi.encodePacked(preimage, i < a.length ? a[i] : 0);
        }
        return keccak256(preimage);
    }

    function plain(uint256[] memory c, uint8[] memory a) internal pure returns (bytes32) {
        if (c.length == 0) return 0;
        uint256 width = 1;
        while (width < (c.length + 3) / 4) width *= 2;
        bytes32[] memory level = new bytes32[](width);
        for (uint256 k = 0; k < (c.length + 3) / 4; ++k) {
            level[k] = plainLeaf(c, a, k);
        }
        for (; width > 1; width /= 2) {
            for (uint256 i = 0; i < width / 2; ++i) {
                level[i] = keccak256(abi.encodePacked(level[2 * i], level[2 * i + 1]));
            }
        }
        return level[0];
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

    function test_everyCountUpTo300() public pure {
        for (uint256 count = 0; count <= 300; ++count) {
            (uint256[] memory c, uint8[] memory a) = orders(count, count);
            uint256[] memory words = packed(a);
            bytes32 expected = plain(c, a);
            soil();
            assertEq(root(c, words), expected);
        }
    }

    function testFuzz_rootIsThePlainTrees(uint16 count, uint256 salt) public pure {
        (uint256[] memory c, uint8[] memory a) = orders(bound(count, 0, 130), salt);
        assertEq(root(c, packed(a)), plain(c, a));
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
