// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRoutingLedger} from "../interfaces/IRoutingLedger.sol";
import {PolicyWord} from "../types/PolicyWord.sol";

/// @title Served work of a batch, from the shards' service counters (protocol, sections 3 and 5).
/// @dev Four counters are compared at once, as lanes of 64 bits. What the policy says of the shards is made once an epoch, as masks.
library ServedWork {
    /// @dev The top bit of each lane.
    uint256 private constant TOPS = 0x8000000000000000800000000000000080000000000000008000000000000000;
    /// @dev Bits of each lane from 40 on: a rise that has one is too large.
    uint256 private constant TOO_LARGE = 0xffffff0000000000ffffff0000000000ffffff0000000000ffffff0000000000;
    uint256 private constant LANE = 0xffffffffffffffff;

    /// @notice Words of masks for S shards: ⌈S/4⌉ and then ⌈S/6⌉.
    function maskWords(uint256 shards) internal pure returns (uint256) {
        unchecked {
            return (shards + 3) / 4 + (shards + 5) / 6;
        }
    }

    /// @notice Writes a policy's masks: counters that may not move, 64 bits each, four a word (silent shards, and lanes past the last shard); then a one for
    /// each silent shard, 40 bits each, six a word: times the elapsed time, these are the silent shards' served work.
    /// @param first Position of the first mask in `masks`, whose words are 0.
    /// @param policyWords Of S shards.
    function putMasks(uint256[] memory masks, uint256 first, uint256[] memory policyWords) internal pure {
        uint256 shards = policyWords.length;
        uint256 lanes = (shards + 3) / 4;
        for (uint256 j = 0; j < 4 * lanes; ++j) {
            if (j < shards && PolicyWord.wrap(policyWords[j]).reporting()) continue;
            masks[first + j / 4] |= LANE << (64 * (j % 4));
            if (j < shards) masks[first + lanes + j / 6] |= 1 << (40 * (j % 6));
        }
    }

    /// @notice Packs served work, 40 bits each, six a word: the rise of a reporting shard's counter, else the elapsed time.
    /// @param target Memory address of V's first served word; the caller owns ⌈S/6⌉ words there.
    /// @param masks Memory address of the policy's masks.
    /// @param applied Memory address of the counters before the batch, 64 bits each, 4 a word; all 0 in the first batch of an epoch.
    /// @param counters Counters after the batch. Both lists have ⌈S/4⌉ words: the caller checked.
    /// @param elapsed µs since the last batch, below 2^40.
    function fill(
        uint256 target,
        uint256 masks,
        uint256 shards,
        uint256 applied,
        uint256[] calldata counters,
        uint256 elapsed
    ) internal pure {
        // Bits of whatever is refused: once any is set, which shard it was is found out.
        uint256 refused;
        assembly ("memory-safe") {
            let lanes := shl(5, counters.length)
            // Rises, behind the free memory pointer and not kept.
            let rises := mload(0x40)
            let moved := 0
            for {
                let i := 0
            } lt(i, lanes) {
                i := add(i, 0x20)
            } {
                let current := calldataload(add(counters.offset, i))
                let before := mload(add(applied, i))
                let differ := xor(current, before)
                let rise := 0
                if differ {
                    // Lane by lane: with the top bits set, no lane borrows from the next; then they are put right.
                    rise := xor(sub(or(current, TOPS), and(before, not(TOPS))), and(not(differ), TOPS))
                    let back := and(or(and(not(current), before), and(not(differ), rise)), TOPS)
                    refused := or(refused, or(back, and(rise, or(TOO_LARGE, mload(add(masks, i))))))
                    moved := 1
                }
                mstore(add(rises, i), rise)
            }
            let units := add(masks, lanes)
            let at := target
            for {
                let end := add(target, shl(5, div(add(shards, 5), 6)))
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                mstore(at, mul(mload(units), elapsed))
                units := add(units, 0x20)
            }
            if moved {
                at := target
                let shift := 0
                for {
                    let end := add(rises, lanes)
                } lt(rises, end) {
                    rises := add(rises, 0x20)
                } {
                    for {
                        let rise := mload(rises)
                        let lane := 0
                    } lt(lane, 4) {
                        lane := add(lane, 1)
                    } {
                        if eq(shift, 240) {
                            shift := 0
                            at := add(at, 0x20)
                        }
                        if and(rise, LANE) {
                            mstore(at, or(mload(at), shl(shift, and(rise, LANE))))
                        }
                        rise := shr(64, rise)
                        shift := add(shift, 40)
                    }
                }
            }
        }
        if (refused != 0) _refuse(masks, shards, applied, counters);
    }

    /// @dev Names the first shard whose counter is refused.
    function _refuse(uint256 masks, uint256 shards, uint256 applied, uint256[] calldata counters) private pure {
        for (uint256 j = 0; j < shards; ++j) {
            uint256 mask;
            uint256 before;
            assembly ("memory-safe") {
                let word := shl(5, shr(2, j))
                mask := mload(add(masks, word))
                before := mload(add(applied, word))
            }
            uint256 shift = 64 * (j % 4);
            uint64 last = uint64(before >> shift);
            uint64 now_ = uint64(counters[j / 4] >> shift);
            if (uint64(mask >> shift) != 0) {
                if (now_ != last) revert IRoutingLedger.CounterOfSilentShard(j);
            } else if (now_ < last || (now_ - last) >> 40 != 0) {
                revert IRoutingLedger.ServedOutOfRange(j);
            }
        }
        revert IRoutingLedger.StrayBits();
    }
}
