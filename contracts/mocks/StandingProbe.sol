// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Standing} from "../lib/Standing.sol";
import {WeightScale} from "../lib/WeightScale.sol";

/// @title Shows how multipliers move and what they make of a policy, for comparison with TypeScript.
contract StandingProbe {
    function next(uint256[] memory before, uint256[] memory scores) external pure returns (uint256[] memory) {
        return Standing.next(before, scores);
    }

    function score(uint256 paid, uint256 due) external pure returns (uint256) {
        return Standing.scoreOf(paid, due);
    }

    function scale(uint256[] memory words, uint256[] memory multipliers) external pure returns (uint256[] memory) {
        WeightScale.scale(words, multipliers);
        return words;
    }
}
