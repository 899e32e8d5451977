// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {PolicyWord} from "../types/PolicyWord.sol";
import {Standing} from "./Standing.sol";

/// @title Policy × reputation: the words of a policy with each shard's weights multiplied. src/policy/multiplied.ts is the same rule.
/// @dev A weight of the registry is 0 or at least a 1024th of its segment's sum. So is each that comes out, and none is above what went in: the least that a positive weight gets to,
/// a 1024th of the *published* sum rounded up, is at most the weight itself, and no sum rises.
library WeightScale {
    uint256 private constant WEIGHT_BITS = 12;

    /// @notice Multiplies in place: a positive weight w becomes max(⌊w·m/256⌋, ⌈sum/1024⌉), 0 stays 0, all else of a word stays.
    /// @param words Of a policy that keeps the registry's rules.
    /// @param multipliers By shard, each 128 … 256.
    function scale(uint256[] memory words, uint256[] memory multipliers) internal pure {
        uint256 shards = words.length;
        for (uint256 segment = 0; segment < 2; ++segment) {
            uint256 sum = 0;
            for (uint256 j = 0; j < shards; ++j) {
                sum += PolicyWord.wrap(words[j]).weight(segment);
            }
            uint256 least = (sum + 1023) / 1024;
            for (uint256 j = 0; j < shards; ++j) {
                uint256 weight = PolicyWord.wrap(words[j]).weight(segment);
                // The bits that differ, so that all others stay.
                words[j] ^= (weight ^ scaled(weight, multipliers[j], least)) << (WEIGHT_BITS * segment);
            }
        }
    }

    /// @notice One weight. `least` is at most the weight unless that is 0.
    function scaled(uint256 weight, uint256 multiplier, uint256 least) internal pure returns (uint256 result) {
        if (weight == 0) return 0;
        result = (weight * multiplier) / Standing.FULL;
        if (result < least) result = least;
    }
}
