// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice What a head has besides the state and the counters, packed: from the low end epoch, nextIndex, time, orderCounter, 64 bits each.
type HeadScalars is uint256;

using {epoch, nextIndex, time, orderCounter} for HeadScalars global;

/// @return Epoch of the last accepted batch; 0 before the first.
function epoch(HeadScalars word) pure returns (uint64) {
    return uint64(HeadScalars.unwrap(word));
}

/// @return Index of the batch that comes next.
function nextIndex(HeadScalars word) pure returns (uint64) {
    return uint64(HeadScalars.unwrap(word) >> 64);
}

/// @return Time of the last accepted batch, µs since the Unix epoch; 0 before the first.
function time(HeadScalars word) pure returns (uint64) {
    return uint64(HeadScalars.unwrap(word) >> 128);
}

/// @return Orders of the ledger so far, deferred ones included.
function orderCounter(HeadScalars word) pure returns (uint64) {
    return uint64(HeadScalars.unwrap(word) >> 192);
}
