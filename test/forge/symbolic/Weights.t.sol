// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {WeightScale} from "../../../contracts/lib/WeightScale.sol";

/// @title Multiplied weights keep the registry's rule and stay within a half of what was published, for all words of two shards.
contract WeightsSymbolic {
    function check_weightsStayInBounds(uint256 first, uint256 second, uint8 m0, uint8 m1) public pure {
        if (!_published(first, second)) return;
        uint256[] memory words = new uint256[](2);
        (words[0], words[1]) = (first, second);
        uint256[] memory multipliers = new uint256[](2);
        // 128 … 256, all of them.
        (multipliers[0], multipliers[1]) = (128 + (uint256(m0) + 1) / 2, 128 + (uint256(m1) + 1) / 2);
        WeightScale.scale(words, multipliers);
        assert(words[0] >> 24 == first >> 24 && words[1] >> 24 == second >> 24);
        assert(_published(words[0], words[1]));
        for (uint256 shift = 0; shift < 24; shift += 12) {
            _within((first >> shift) & 0xfff, (words[0] >> shift) & 0xfff);
            _within((second >> shift) & 0xfff, (words[1] >> shift) & 0xfff);
        }
    }

    /// @dev The registry's rule: 0, or at least a 1024th of the segment's sum.
    function _published(uint256 first, uint256 second) private pure returns (bool ok) {
        ok = true;
        for (uint256 shift = 0; shift < 24; shift += 12) {
            (uint256 a, uint256 b) = ((first >> shift) & 0xfff, (second >> shift) & 0xfff);
            ok = ok && (a == 0 || a * 1024 >= a + b) && (b == 0 || b * 1024 >= a + b);
        }
    }

    function _within(uint256 old, uint256 now_) private pure {
        assert(now_ <= old && now_ >= old / 2 && (now_ == 0) == (old == 0));
    }
}
