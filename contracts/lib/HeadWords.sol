// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head} from "../types/Batch.sol";
import {Words} from "./Words.sol";

/// @title A head in memory, as the words of its hash's preimage (protocol, section 9): it changes in place from batch to batch.
library HeadWords {
    using Words for uint256[];

    uint256 internal constant EPOCH = 0;
    uint256 internal constant NEXT_INDEX = 1;
    uint256 internal constant STATE = 2;
    uint256 internal constant TIME = 3;
    uint256 internal constant ORDER_COUNTER = 4;
    uint256 internal constant COUNTERS = 5;

    /// @notice The genesis head: no batch yet.
    /// @param state State hash before the first batch.
    /// @param shards S: ⌈S/4⌉ words of counters follow.
    function genesis(uint256 state, uint256 shards) internal pure returns (uint256[] memory words) {
        words = new uint256[](COUNTERS + (shards + 3) / 4);
        words[STATE] = state;
    }

    /// @notice Copies a head from calldata.
    function load(Head calldata head) internal pure returns (uint256[] memory words) {
        uint256[] calldata counters = head.counters;
        unchecked {
            words = Words.allocate(COUNTERS + counters.length);
        }
        assembly ("memory-safe") {
            let where := add(words, 0x20)
            calldatacopy(where, head, 0xa0)
            calldatacopy(add(where, 0xa0), counters.offset, shl(5, counters.length))
        }
    }

    /// @notice `head` of the protocol's section 9.
    function hash(uint256[] memory words) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(add(words, 0x20), shl(5, mload(words)))
        }
    }

    /// @notice Begins an epoch: its shards' service counters start from 0.
    function enter(uint256[] memory words, uint256 epoch) internal pure {
        words[EPOCH] = epoch;
        for (uint256 i = COUNTERS; i < words.length; ++i) {
            words[i] = 0;
        }
    }

    /// @notice Moves on by an accepted batch.
    /// @param time µs since the Unix epoch.
    /// @param count Orders of the batch.
    /// @param counters As many words as the head has: the caller checked.
    function advance(
        uint256[] memory words,
        uint256 state,
        uint256 time,
        uint256 count,
        uint256[] calldata counters
    ) internal pure {
        unchecked {
            words.set(NEXT_INDEX, words.get(NEXT_INDEX) + 1);
            words.set(ORDER_COUNTER, words.get(ORDER_COUNTER) + count);
        }
        words.set(STATE, state);
        words.set(TIME, time);
        uint256 where = words.addressOf(COUNTERS);
        assembly ("memory-safe") {
            calldatacopy(where, counters.offset, shl(5, counters.length))
        }
    }
}
