// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRoutingLedger} from "../interfaces/IRoutingLedger.sol";
import {PolicyWord} from "../types/PolicyWord.sol";

/// @title Served work of a batch, from the shards' service counters (protocol, sections 3 and 5).
library ServedWork {
    /// @notice Packs served work, 40 bits each, six a word: the rise of a reporting shard's counter, else the elapsed time.
    /// @param target Memory address of V's first served word; the caller owns ⌈S/6⌉ words there.
    /// @param policy Memory address of the first policy word.
    /// @param applied Memory address of the counters before the batch, 64 bits each, 4 a word; all 0 in the first batch of an epoch.
    /// @param counters Counters after the batch. Both lists have ⌈S/4⌉ words: the caller checked.
    /// @param elapsed µs since the last batch, below 2^40.
    function fill(
        uint256 target,
        uint256 policy,
        uint256 shards,
        uint256 applied,
        uint256[] calldata counters,
        uint256 elapsed
    ) internal pure {
        // Bits of whatever is refused: once any is set, which shard it was is found out.
        uint256 refused;
        assembly ("memory-safe") {
            let current := 0
            let before := 0
            let served := 0
            let shift := 0
            let word := policy
            for {
                let j := 0
            } lt(j, shards) {
                j := add(j, 1)
            } {
                if iszero(and(j, 3)) {
                    current := calldataload(add(counters.offset, shl(3, j)))
                    before := mload(add(applied, shl(3, j)))
                }
                // A counter that went back wraps far above 2^40.
                let rise := sub(and(current, 0xffffffffffffffff), and(before, 0xffffffffffffffff))
                let silent := iszero(and(shr(240, mload(word)), 1))
                refused := or(refused, or(shr(40, rise), mul(silent, rise)))
                served := or(served, shl(shift, add(rise, mul(silent, elapsed))))
                current := shr(64, current)
                before := shr(64, before)
                word := add(word, 0x20)
                shift := add(shift, 40)
                if eq(shift, 240) {
                    mstore(target, served)
                    target := add(target, 0x20)
                    served := 0
                    shift := 0
                }
            }
            // What is left of the last word lies above the last shard.
            refused := or(refused, current)
            if shift {
                mstore(target, served)
            }
        }
        if (refused != 0) _refuse(policy, shards, applied, counters);
    }

    /// @dev Names the first shard whose counter is refused.
    function _refuse(uint256 policy, uint256 shards, uint256 applied, uint256[] calldata counters) private pure {
        for (uint256 j = 0; j < shards; ++j) {
            uint256 word;
            uint256 before;
            assembly ("memory-safe") {
                word := mload(add(policy, shl(5, j)))
                before := mload(add(applied, shl(5, shr(2, j))))
            }
            uint256 shift = 64 * (j % 4);
            uint64 last = uint64(before >> shift);
            uint64 now_ = uint64(counters[j / 4] >> shift);
            if (!PolicyWord.wrap(word).reporting()) {
                if (now_ != last) revert IRoutingLedger.CounterOfSilentShard(j);
            } else if (now_ < last || (now_ - last) >> 40 != 0) {
                revert IRoutingLedger.ServedOutOfRange(j);
            }
        }
        revert IRoutingLedger.StrayBits();
    }
}
