// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A clock that can stand: what is due in a time that the ledger ran, not in time that passed.
library Uptime {
    /// @dev `since` is 0 while the clock stands; seconds.
    struct Clock {
        uint64 total;
        uint64 since;
    }

    /// @notice Seconds that it ran.
    function read(Clock storage self) internal view returns (uint64) {
        uint64 since = self.since;
        return self.total + (since == 0 ? 0 : uint64(block.timestamp) - since);
    }

    /// @notice Lets it run; nothing happens to one that does.
    function start(Clock storage self) internal {
        if (self.since == 0) self.since = uint64(block.timestamp);
    }

    /// @notice Lets it stand.
    function stop(Clock storage self) internal {
        (self.total, self.since) = (read(self), 0);
    }
}
