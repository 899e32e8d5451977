// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head} from "../types/Batch.sol";
import {HeadScalars} from "../types/HeadScalars.sol";
import {Words} from "./Words.sol";

/// @title A head in memory, as the words of its hash's preimage (protocol, section 9): it changes in place from batch to batch.
library HeadWords {
    using Words for uint256[];

    uint256 internal constant STATE = 1;
    uint256 internal constant COUNTERS = 2;

    uint256 private constant SCALARS = 0;
    uint256 private constant INDEX_ONE = 1 << 64;
    uint256 private constant TIME_SHIFT = 128;
    uint256 private constant ORDERS_SHIFT = 192;
    uint256 private constant UINT64_MAX = (1 << 64) - 1;

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
            calldatacopy(where, head, 0x40)
            calldatacopy(add(where, 0x40), counters.offset, shl(5, counters.length))
        }
    }

    /// @notice `head` of the protocol's section 9.
    function hash(uint256[] memory words) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(add(words, 0x20), shl(5, mload(words)))
        }
    }

    /// @notice Epoch, next index, time and order counter.
    function scalars(uint256[] memory words) internal pure returns (HeadScalars) {
        return HeadScalars.wrap(words.get(SCALARS));
    }

    /// @notice Begins an epoch: its shards' service counters start from 0.
    /// @param epoch Of 64 bits.
    function enter(uint256[] memory words, uint256 epoch) internal pure {
        words[SCALARS] = (words[SCALARS] & ~UINT64_MAX) | epoch;
        for (uint256 i = COUNTERS; i < words.length; ++i) {
            words[i] = 0;
        }
    }

    /// @notice Moves on by an accepted batch.
    /// @dev Neither index nor order counter leaves its place: no chain has 2^64 batches, or orders.
    /// @param time µs since the Unix epoch, of 64 bits.
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
            uint256 kept = words.get(SCALARS) & ~(UINT64_MAX << TIME_SHIFT);
            words.set(SCALARS, kept + INDEX_ONE + (time << TIME_SHIFT) + (count << ORDERS_SHIFT));
        }
        words.set(STATE, state);
        uint256 where = words.addressOf(COUNTERS);
        assembly ("memory-safe") {
            calldatacopy(where, counters.offset, shl(5, counters.length))
        }
    }
}
