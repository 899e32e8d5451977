// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ReputationDouble} from "./Doubles.sol";

/// @title The policy words of epochs as the protocol words them (section 5), whatever reputation says: nothing here comes from the contracts' libraries.
abstract contract PlainWords {
    uint256 internal constant SHARDS = 2;

    ReputationDouble public reputation;
    /// @dev As published.
    uint256[] internal policyWords;
    /// @dev What reputation says now, and the words of each epoch as they were when it was announced.
    uint256[] internal multipliers;
    uint256[][] internal epochWords;

    constructor() {
        reputation = new ReputationDouble();
        say(256, 256);
    }

    function say(uint256 first, uint256 second) internal {
        multipliers = [first, second];
        reputation.set(multipliers, ReputationDouble.Manner.Honest);
    }

    /// @dev Remembers the words of an epoch that is announced now: each weight w of weights a + b becomes the larger of ⌊w·m/256⌋ and ⌈(a + b)/1024⌉.
    function noteWords() internal {
        uint256[] memory words = policyWords;
        for (uint256 segment = 0; segment < 2; ++segment) {
            uint256 shift = 12 * segment;
            uint256 sum = ((policyWords[0] >> shift) & 0xfff) + ((policyWords[1] >> shift) & 0xfff);
            for (uint256 j = 0; j < SHARDS; ++j) {
                uint256 weight = (policyWords[j] >> shift) & 0xfff;
                uint256 product = (weight * multipliers[j]) >> 8;
                while (weight != 0 && product * 1024 < sum) ++product;
                words[j] = words[j] - (weight << shift) + (product << shift);
            }
        }
        epochWords.push(words);
    }

    function wordsOf(uint64 epoch) external view returns (uint256[] memory) {
        return epochWords[epoch - 1];
    }

    function published() external view returns (uint256[] memory) {
        return policyWords;
    }
}
