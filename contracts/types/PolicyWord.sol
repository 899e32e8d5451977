// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice One shard's policy, packed (protocol, section 9): from the low end weight[0] and weight[1] (12 bits each), tau (16), limit, trip, reset, skew,
/// target (40 each), reporting (1).
type PolicyWord is uint256;

/// @notice A policy's fees and kind, packed: feeMin and feeMax (15 bits each), kind (8).
type FeeWord is uint256;

using {weight, tau, limit, trip, reset, skew, reporting, hasStrayBits} for PolicyWord global;
using {feeMin, feeMax, kind, feeHasStrayBits} for FeeWord global;

uint256 constant TICKS_MASK = (1 << 40) - 1;

/// @param segment 0 retail, 1 institutional.
function weight(PolicyWord word, uint256 segment) pure returns (uint256) {
    return (PolicyWord.unwrap(word) >> (12 * segment)) & 0xfff;
}

/// @return Service time, ticks a lot.
function tau(PolicyWord word) pure returns (uint256) {
    return (PolicyWord.unwrap(word) >> 24) & 0xffff;
}

/// @return Ticks.
function limit(PolicyWord word) pure returns (uint256) {
    return (PolicyWord.unwrap(word) >> 40) & TICKS_MASK;
}

/// @return Ticks.
function trip(PolicyWord word) pure returns (uint256) {
    return (PolicyWord.unwrap(word) >> 80) & TICKS_MASK;
}

/// @return Ticks.
function reset(PolicyWord word) pure returns (uint256) {
    return (PolicyWord.unwrap(word) >> 120) & TICKS_MASK;
}

/// @return Ticks.
function skew(PolicyWord word) pure returns (uint256) {
    return (PolicyWord.unwrap(word) >> 160) & TICKS_MASK;
}

/// @return Whether the shard signs reports of its served work.
function reporting(PolicyWord word) pure returns (bool) {
    return (PolicyWord.unwrap(word) >> 240) & 1 == 1;
}

/// @return Whether bits above the layout are set: such a word has no unique meaning.
function hasStrayBits(PolicyWord word) pure returns (bool) {
    return PolicyWord.unwrap(word) >> 241 != 0;
}

function feeMin(FeeWord word) pure returns (uint256) {
    return FeeWord.unwrap(word) & 0x7fff;
}

function feeMax(FeeWord word) pure returns (uint256) {
    return (FeeWord.unwrap(word) >> 15) & 0x7fff;
}

/// @return 0 two-choice, 1 round-robin.
function kind(FeeWord word) pure returns (uint256) {
    return (FeeWord.unwrap(word) >> 30) & 0xff;
}

function feeHasStrayBits(FeeWord word) pure returns (bool) {
    return FeeWord.unwrap(word) >> 38 != 0;
}
