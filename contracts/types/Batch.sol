// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {HeadScalars} from "./HeadScalars.sol";

/// @notice What the ledger carries from batch to batch; it keeps only the hash.
/// @param scalars Epoch, next index, time and order counter.
/// @param state State hash after the last accepted batch.
/// @param counters Applied service counters in ticks, 64 bits each, 4 a word, shard 0 at the low end.
struct Head {
    HeadScalars scalars;
    uint256 state;
    uint256[] counters;
}

/// @notice One proven batch, as calldata brings it; the ledger adds what it knows itself.
/// @dev This order of the fields gives the functions that take it low selectors, which the dispatcher finds first.
/// @param r First half of the epoch signer's signature over Batch(epoch, index, statementHash).
/// @param vs Second half, with the recovery bit on top (EIP-2098).
/// @param lot Time of the batch (µs since the Unix epoch) in the low 64 bits, then its count of orders in 24, the position of the proof's verifier in the epoch's list in 8,
/// and the account that the reward goes to, which the proof is bound to, in 160.
/// @param words One behind the other: ⌈S/16⌉ words of fees in force, 15 bits each, 16 a word; breaker flags in force, shard j at bit j; ⌈S/4⌉ words of service counters after this
/// batch, packed as in the head; the commitments of the filled slots; their assignments, 8 bits each, 31 a word: 0 deferred, else shard + 1.
/// @param proof Groth16 A (x, y), B (x1, x0, y1, y0: imaginary parts first), C (x, y).
/// @param digest D, the sponge of V that the circuit computed.
/// @param stateAfter State hash after the batch.
struct Submission {
    bytes32 r;
    bytes32 vs;
    uint256 lot;
    uint256[] words;
    uint256[8] proof;
    uint256 digest;
    uint256 stateAfter;
}
