// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRoutingLedger} from "../interfaces/IRoutingLedger.sol";

/// @title Served work of a batch, from the shards' service counters (protocol, sections 3 and 5).
library ServedWork {
    /// @notice Packs served work, 40 bits each, six a word: the rise of a reporting shard's counter, else the elapsed time.
    /// @param target Memory address of V's first served word; the caller owns ⌈S/6⌉ words there.
    /// @param policy Memory address of the first policy word.
    /// @param applied Counters before the batch, 64 bits each, 4 a word; taken as 0 when `restarted`, in the first batch of an epoch.
    /// @param counters Counters after the batch. Both lists have ⌈S/4⌉ words: the caller checked.
    /// @param elapsed µs since the last batch, below 2^40.
    function fill(
        uint256 target,
        uint256 policy,
        uint256 shards,
        uint256[] calldata applied,
        uint256[] calldata counters,
        bool restarted,
        uint256 elapsed
    ) internal pure {
        // Of the first shard whose counter is refused: its number plus one, and whether it reports.
        uint256 refused;
        bool reports;
        uint256 current;
        assembly ("memory-safe") {
            let before := 0
            let served := 0
            let shift := 0
            for { let j := 0 } lt(j, shards) { j := add(j, 1) } {
                if iszero(and(j, 3)) {
                    let word := shl(3, j)
                    current := calldataload(add(counters.offset, word))
                    if iszero(restarted) { before := calldataload(add(applied.offset, word)) }
                }
                // A counter that went back wraps far above 2^40.
                let rise := sub(and(current, 0xffffffffffffffff), and(before, 0xffffffffffffffff))
                current := shr(64, current)
                before := shr(64, before)
                reports := and(shr(240, mload(add(policy, shl(5, j)))), 1)
                switch reports
                case 0 {
                    if rise {
                        refused := add(j, 1)
                        break
                    }
                    served := or(served, shl(shift, elapsed))
                }
                default {
                    if shr(40, rise) {
                        refused := add(j, 1)
                        break
                    }
                    served := or(served, shl(shift, rise))
                }
                shift := add(shift, 40)
                if eq(shift, 240) {
                    mstore(target, served)
                    target := add(target, 0x20)
                    served := 0
                    shift := 0
                }
            }
            if shift { mstore(target, served) }
        }
        if (refused != 0) {
            if (reports) revert IRoutingLedger.ServedOutOfRange(refused - 1);
            revert IRoutingLedger.CounterOfSilentShard(refused - 1);
        }
        // What is left of the last word lies above the last shard.
        if (current != 0) revert IRoutingLedger.StrayBits();
    }
}
