// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IPolicyRegistry} from "../interfaces/IPolicyRegistry.sol";
import {PolicyWord} from "../types/PolicyWord.sol";

/// @title How far an operator may retune weights without the delay.
/// @dev All bounds are in 256ths of the weight that went through the timelock, so no row of steps leaves the band, and a weight of 0 stays 0.
library RetuneBand {
    /// @notice Furthest from the timelocked weight: a quarter of it.
    uint256 internal constant BAND = 64;

    /// @notice Furthest from the weight in force: a 16th of the timelocked one, and at least 1.
    uint256 internal constant STEP = 16;

    uint256 private constant WEIGHT_BITS = 24;

    /// @notice Reverts with `RetuneRefused` unless the new word differs from the timelocked one in its weights alone, inside band and step.
    /// @param base Word that went through the timelock.
    /// @param current Word in force.
    function check(uint256 shard, PolicyWord base, PolicyWord current, PolicyWord next) internal pure {
        bool ok = PolicyWord.unwrap(next) >> WEIGHT_BITS == PolicyWord.unwrap(base) >> WEIGHT_BITS;
        for (uint256 segment = 0; segment < 2; ++segment) {
            uint256 fixed_ = base.weight(segment);
            uint256 wanted = next.weight(segment);
            uint256 step = fixed_ * STEP < 256 ? 256 : fixed_ * STEP;
            ok =
                ok &&
                _apart(wanted, fixed_) * 256 <= fixed_ * BAND &&
                _apart(wanted, current.weight(segment)) * 256 <= step;
        }
        if (!ok) revert IPolicyRegistry.RetuneRefused(shard);
    }

    function _apart(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }
}
