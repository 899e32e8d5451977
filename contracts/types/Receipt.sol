// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice What a router promises a trader (protocol, section 6).
/// @param slot Place in the batch.
/// @param assignment V's byte: 0 deferred, else shard + 1; 255 in sealed mode, where the accepted batch tells.
/// @param time Admission of the order, µs since the Unix epoch.
struct Receipt {
    uint64 epoch;
    uint64 batch;
    uint16 slot;
    uint256 commitment;
    uint8 assignment;
    uint64 time;
}

/// @notice What a shard says of its finished work.
/// @param counter Ticks finished since the epoch's start.
/// @param time µs since the Unix epoch.
struct Served {
    uint64 epoch;
    uint8 shard;
    uint64 counter;
    uint64 time;
}
