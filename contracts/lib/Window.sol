// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice Time to answer: past only when both the clock and the chain have gone on, so that neither a halted chain nor a fast one takes an answer away.
/// @param untilTime Seconds since the Unix epoch.
/// @param untilBlock A block number.
struct Window {
    uint64 untilTime;
    uint64 untilBlock;
}

/// @title Windows to answer in.
library WindowLib {
    /// @notice A window that begins now.
    function from(uint64 time, uint64 blocks) internal view returns (Window memory) {
        return Window(uint64(block.timestamp) + time, uint64(block.number) + blocks);
    }

    /// @notice Whether it has passed; one that never began has.
    function isPast(Window memory window) internal view returns (bool) {
        return block.timestamp > window.untilTime && block.number > window.untilBlock;
    }

    /// @notice Whether it ever began.
    function isSet(Window memory window) internal pure returns (bool) {
        return window.untilBlock != 0;
    }
}
