// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {WeightScale} from "../../../contracts/lib/WeightScale.sol";

/// @title A multiplied weight keeps the registry's rule and stays within a half of what was published, for all weights, sums and multipliers.
contract WeightsSymbolic {
    /// @param sum Of the segment, with the weight in it: at most 64 · 4095.
    function check_aWeightStaysInItsBounds(uint16 weight, uint32 sum, uint16 multiplier) public pure {
        if (weight > 4095 || sum > 64 * 4095 || multiplier < 128 || multiplier > 256) return;
        if (weight > sum || (weight != 0 && uint256(weight) * 1024 < sum)) return;
        uint256 result = WeightScale.scaled(weight, multiplier, (uint256(sum) + 1023) / 1024);
        assert(result <= weight && result >= weight / 2 && (result == 0) == (weight == 0));
        assert(weight == 0 || result * 1024 >= sum);
    }
}
