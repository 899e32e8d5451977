// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title From what shards paid of what was due to what their weights are multiplied by; bench/reputation.ts simulates the same rule.
library Standing {
    /// @notice Of a shard on which too little was due.
    uint256 internal constant UNKNOWN = type(uint256).max;
    /// @notice No reduction.
    uint256 internal constant FULL = 256;
    /// @notice The least a multiplier gets to.
    uint256 internal constant FLOOR = 128;
    /// @notice The most that it moves in one epoch.
    uint256 internal constant STEP = 8;

    uint256 private constant ONE = 1 << 32;

    /// @notice Multipliers before anything is known.
    function full(uint256 shards) internal pure returns (uint256[] memory multipliers) {
        multipliers = new uint256[](shards);
        for (uint256 j = 0; j < shards; ++j) {
            multipliers[j] = FULL;
        }
    }

    /// @notice What part of the surplus due was paid, in 2^-32, at most all of it.
    function scoreOf(uint256 paid, uint256 due) internal pure returns (uint256) {
        return paid >= due ? ONE : (paid * ONE) / due;
    }

    /// @notice Each multiplier moves by at most STEP towards 256·score/median; those of shards without a score stay.
    function next(
        uint256[] memory before,
        uint256[] memory scores
    ) internal pure returns (uint256[] memory multipliers) {
        uint256 median = medianOf(scores);
        multipliers = new uint256[](before.length);
        for (uint256 j = 0; j < before.length; ++j) {
            multipliers[j] = scores[j] == UNKNOWN ? before[j] : _towards(before[j], _target(scores[j], median));
        }
    }

    /// @notice The middle of the scores that are known, the upper one of two; 0 when none is.
    function medianOf(uint256[] memory scores) internal pure returns (uint256) {
        uint256[] memory sorted = new uint256[](scores.length);
        uint256 count = 0;
        for (uint256 j = 0; j < scores.length; ++j) {
            if (scores[j] == UNKNOWN) continue;
            uint256 i = count++;
            for (; i > 0 && sorted[i - 1] > scores[j]; --i) {
                sorted[i] = sorted[i - 1];
            }
            sorted[i] = scores[j];
        }
        return count == 0 ? 0 : sorted[count / 2];
    }

    function _target(uint256 score, uint256 median) private pure returns (uint256) {
        if (score >= median) return FULL;
        uint256 target = (FULL * score) / median;
        return target < FLOOR ? FLOOR : target;
    }

    function _towards(uint256 from, uint256 target) private pure returns (uint256) {
        if (from > target) return from - target > STEP ? from - STEP : target;
        return target - from > STEP ? from + STEP : target;
    }
}
