// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice What the ledger carries from batch to batch; it keeps only the hash.
/// @param epoch Epoch of the last accepted batch; 0 before the first.
/// @param nextIndex Index of the batch that comes next.
/// @param state State hash after the last accepted batch.
/// @param time Time of the last accepted batch, µs since the Unix epoch; 0 before the first.
/// @param orderCounter Orders of the ledger so far, deferred ones included.
/// @param counters Applied service counters in ticks, 64 bits each, 4 a word, shard 0 at the low end.
struct Head {
    uint64 epoch;
    uint64 nextIndex;
    uint256 state;
    uint64 time;
    uint64 orderCounter;
    uint256[] counters;
}

/// @notice One proven batch, as calldata brings it; the ledger adds what it knows itself.
/// @param verifier Position of the proof's verifier in the epoch's list.
/// @param beneficiary Account that the reward goes to; the proof is bound to it.
/// @param time Time of the batch, µs since the Unix epoch.
/// @param stateAfter State hash after the batch.
/// @param openMask Breaker flags in force, shard j at bit j.
/// @param digest D, the sponge of V that the circuit computed.
/// @param proof Groth16 A (x, y), B (x1, x0, y1, y0: imaginary parts first), C (x, y).
/// @param r First half of the epoch signer's signature over Batch(epoch, index, statementHash).
/// @param vs Second half, with the recovery bit on top (EIP-2098).
/// @param fees Fees in force, 15 bits each, 16 a word.
/// @param counters Service counters after this batch, packed as in the head.
/// @param commitments Of the filled slots only; their number is the batch's count.
/// @param assignments Of the filled slots only, 8 bits each, 31 a word; 0 deferred, else shard + 1.
struct Submission {
    uint256 verifier;
    address beneficiary;
    uint64 time;
    uint256 stateAfter;
    uint256 openMask;
    uint256 digest;
    uint256[8] proof;
    bytes32 r;
    bytes32 vs;
    uint256[] fees;
    uint256[] counters;
    uint256[] commitments;
    uint256[] assignments;
}
