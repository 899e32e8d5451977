// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {WeightScale} from "../../contracts/lib/WeightScale.sol";

/// @title Multiplied weights keep the registry's rules, never rise, and lose at most half.
contract WeightScaleTest is Test {
    function testFuzz_rulesHoldAfterwards(uint256 seed, uint8 count) public pure {
        uint256 shards = bound(count, 1, 64);
        (uint256[] memory words, uint256[] memory multipliers) = policy(seed, shards);
        uint256[] memory scaled = new uint256[](shards);
        for (uint256 j = 0; j < shards; ++j) {
            scaled[j] = words[j];
        }
        WeightScale.scale(scaled, multipliers);
        for (uint256 shift = 0; shift < 24; shift += 12) {
            (uint256 before, uint256 sum) = (sumOf(words, shift), sumOf(scaled, shift));
            assertGt(sum, 0);
            for (uint256 j = 0; j < shards; ++j) {
                (uint256 old, uint256 now_) = ((words[j] >> shift) & 0xfff, (scaled[j] >> shift) & 0xfff);
                assertEq(now_ == 0, old == 0);
                assertLe(now_, old);
                assertGe(now_, old / 2);
                assertTrue(now_ == 0 || now_ * 1024 >= sum);
                assertTrue(now_ == (old * multipliers[j]) / 256 || now_ == (before + 1023) / 1024);
                if (multipliers[j] == 256) assertEq(now_, old);
            }
        }
        for (uint256 j = 0; j < shards; ++j) {
            assertEq(scaled[j] >> 24, words[j] >> 24);
        }
    }

    function test_noShardIsMultipliedOutOfItsSegment() public pure {
        uint256[] memory words = new uint256[](2);
        // Half of 1 is less than 1; half of 9 less than a 1024th of 4104, rounded up.
        (words[0], words[1]) = (4 | (4095 << 12), 1 | (9 << 12));
        uint256[] memory multipliers = new uint256[](2);
        (multipliers[0], multipliers[1]) = (256, 128);
        WeightScale.scale(words, multipliers);
        assertEq(words[1] & 0xfff, 1);
        assertEq(words[1] >> 12, 5);
    }

    /// @dev A policy that the registry would take: each weight is 0 or at least a 1024th of its segment's sum, which is at most 64 · 4095.
    function policy(
        uint256 seed,
        uint256 shards
    ) private pure returns (uint256[] memory words, uint256[] memory multipliers) {
        (words, multipliers) = (new uint256[](shards), new uint256[](shards));
        for (uint256 j = 0; j < shards; ++j) {
            uint256 random = uint256(keccak256(abi.encode(seed, j)));
            multipliers[j] = 128 + (random % 129);
            words[j] = ((random >> 64) << 24) & ((1 << 241) - 1);
            for (uint256 segment = 0; segment < 2; ++segment) {
                uint256 draw = random >> (16 * (segment + 1));
                // 256 is at least a 1024th of whatever 64 shards come to; small weights only where all are small.
                uint256 weight = seed % 2 == 0 ? 256 + (draw % 3840) : 1 + (draw % 16);
                bool none = j > 0 && draw % 5 == 0;
                words[j] |= (none ? 0 : weight) << (12 * segment);
            }
        }
    }

    function sumOf(uint256[] memory words, uint256 shift) private pure returns (uint256 sum) {
        for (uint256 j = 0; j < words.length; ++j) {
            sum += (words[j] >> shift) & 0xfff;
        }
    }
}
