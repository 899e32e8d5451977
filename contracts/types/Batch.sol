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
/// @param lot Time of the batch (µs since the Unix epoch) in the low 64 bits, then its count of orders in 24, the position of the proof's verifier in the epoch's list in 8,
/// and the account that the reward goes to, which the proof is bound to, in 160.
/// @param stateAfter State hash after the batch.
/// @param digest D, the sponge of V that the circuit computed.
/// @param proof Groth16 A (x, y), B (x1, x0, y1, y0: imaginary parts first), C (x, y).
/// @param r First half of the epoch signer's signature over Batch(epoch, index, statementHash).
/// @param vs Second half, with the recovery bit on top (EIP-2098).
/// @param words One behind the other: ⌈S/16⌉ words of fees in force, 15 bits each, 16 a word; breaker flags in force, shard j at bit j; ⌈S/4⌉ words of service counters after this
/// batch, packed as in the head; the commitments of the filled slots; their assignments, 8 bits each, 31 a word: 0 deferred, else shard + 1.
struct Submission {
    uint256 lot;
    uint256 stateAfter;
    uint256 digest;
    uint256[8] proof;
    bytes32 r;
    bytes32 vs;
    uint256[] words;
}
