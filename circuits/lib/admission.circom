pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "lookup.circom";

/// @title Admit: takes an order onto its shard if `backlog + work <= limit` there, else defers it.
/// @param S Shards, 2 to 64. Cost 2 (2^L - 1) + (2^L - 1 - L) + 55 + 2S constraints with L = ceil(log2 S).
/// @input bits The shard's index, booleans by the caller, below S. @input drawn Boolean by the caller: 0 defers the order, whatever the load.
/// @input size Lots, range-checked to 32 bits, and side, boolean, by the caller. @input tau, limit From the policy words: 16 and 40 bits.
/// @input backlog, buys Running, in ticks; backlog below 2^40.
/// @output nextBacklog, nextBuys The same after this order. A backlog only grows up to its limit, so it stays below 2^40.
/// @output assignment 0 deferred, else shard + 1.
template Admit(S) {
    assert(S >= 2 && S <= 64);
    var L = indexBits(S);
    signal input bits[L];
    signal input drawn;
    signal input size;
    signal input side;
    signal input tau[S];
    signal input limit[S];
    signal input backlog[S];
    signal input buys[S];
    signal output nextBacklog[S];
    signal output nextBuys[S];
    signal output assignment;

    component rooms = LookUp(L);
    component taus = LookUp(L);
    rooms.bits <== bits;
    taus.bits <== bits;
    for (var j = 0; j < 1 << L; j++) {
        if (j < S) {
            rooms.table[j] <== limit[j] - backlog[j];
            taus.table[j] <== tau[j];
        } else {
            rooms.table[j] <== 0;
            taus.table[j] <== 0;
        }
    }

    // work < 2^48 and room in (-2^40, 2^40): the difference plus 2^49 has 50 bits, the top one set when the work fits
    signal work <== size * taus.out;
    signal slack[50] <== Num2Bits(50)(rooms.out - work + (1 << 49));
    signal accepted <== drawn * slack[49];

    signal added <== accepted * work;
    signal bought <== added * (1 - side);
    signal hot[1 << L] <== OneHot(L)(bits);
    var index = 0;
    for (var b = 0; b < L; b++) {
        index += bits[b] * (1 << b);
    }
    for (var j = 0; j < S; j++) {
        nextBacklog[j] <== backlog[j] + hot[j] * added;
        nextBuys[j] <== buys[j] + hot[j] * bought;
    }
    assignment <== accepted * (index + 1);
}
