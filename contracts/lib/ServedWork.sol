// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRoutingLedger} from "../interfaces/IRoutingLedger.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {StatementLib} from "./StatementLib.sol";

/// @title Served work of a batch, from the shards' service counters (protocol, sections 3 and 5).
library ServedWork {
    /// @notice Fills V's served words.
    /// @param buffer Holds the policy words already.
    /// @param applied Counters before the batch, 4 a word; all taken as 0 when `restarted`, in the first batch of an epoch.
    /// @param counters Counters after the batch.
    /// @param elapsed Ticks that a shard served which does not report.
    function fill(
        uint256[] memory buffer,
        StatementLib.Layout memory places,
        uint256 shards,
        uint256[] calldata applied,
        uint256[] calldata counters,
        bool restarted,
        uint256 elapsed
    ) internal pure {
        uint256 servedWord;
        uint256 servedShift;
        uint256 target = places.served;
        uint256 before;
        uint256 current;
        for (uint256 j = 0; j < shards; ++j) {
            unchecked {
                if (j & 3 == 0) {
                    before = restarted ? 0 : applied[j >> 2];
                    current = counters[j >> 2];
                }
                uint256 served = _served(PolicyWord.wrap(buffer[places.policy + j]), uint64(before), uint64(current), elapsed, j);
                before >>= 64;
                current >>= 64;
                servedWord |= served << servedShift;
                servedShift += 40;
                if (servedShift == 240) {
                    buffer[target++] = servedWord;
                    servedWord = 0;
                    servedShift = 0;
                }
            }
        }
        // What is left of the last word lies above the last shard.
        if (current != 0) revert IRoutingLedger.StrayBits();
        if (servedShift != 0) buffer[target] = servedWord;
    }

    /// @return Ticks, below 2^40.
    function _served(PolicyWord word, uint256 before, uint256 current, uint256 elapsed, uint256 shard)
        private
        pure
        returns (uint256)
    {
        if (!word.reporting()) {
            if (current != before) revert IRoutingLedger.CounterOfSilentShard(shard);
            return elapsed;
        }
        unchecked {
            // A counter that went back wraps far above 2^40.
            uint256 served = current - before;
            if (served >> 40 != 0) revert IRoutingLedger.ServedOutOfRange(shard);
            return served;
        }
    }
}
