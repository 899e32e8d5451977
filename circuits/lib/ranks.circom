pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "lookup.circom";

/// @title Ranks: numbers the shards by backlog; equal backlogs get equal numbers, unequal ones their order.
/// The prover gives a ladder that rises strictly and, for each shard, the rung that its backlog stands on. Strict rungs make equal backlogs
/// share a rung and keep the order of all others; rungs that no shard stands on do no harm, so no permutation is needed. Which numbers come
/// out is the prover's affair; how any two compare is not.
/// @param S Shards, 2 to 64. Cost 40 (2^L - 1) + S (L + 2^L - 1) constraints with L = ceil(log2 S).
/// @input backlog Ticks, range-checked to 40 bits by the caller.
/// @output rank L bits each.
template Ranks(S) {
    assert(S >= 2 && S <= 64);
    var L = indexBits(S);
    var rungs = 1 << L;
    signal input backlog[S];
    signal output rank[S];

    // the distinct backlogs in rising order, then one tick a rung
    var sorted[1 << L];
    var distinct = 0;
    for (var j = 0; j < S; j++) {
        var at = 0;
        for (var k = 0; k < S; k++) {
            at += k < distinct && sorted[k] < backlog[j] ? 1 : 0;
        }
        if (at == distinct || sorted[at] != backlog[j]) {
            for (var k = S - 1; k > 0; k--) {
                if (k > at) {
                    sorted[k] = sorted[k - 1];
                }
            }
            sorted[at] = backlog[j];
            distinct++;
        }
    }
    for (var k = 1; k < rungs; k++) {
        if (k >= distinct) {
            sorted[k] = sorted[k - 1] + 1;
        }
    }

    // The lowest rung needs no check: all rungs lie within 2^46 of it, and those used equal backlogs, so differences are those of integers.
    signal rung[rungs];
    rung[0] <-- sorted[0];
    for (var k = 1; k < rungs; k++) {
        rung[k] <-- sorted[k];
        _ <== Num2Bits(40)(rung[k] - rung[k - 1] - 1);
    }

    signal bits[S][L];
    component standing[S];
    for (var j = 0; j < S; j++) {
        var at = 0;
        for (var k = 1; k < rungs; k++) {
            at += sorted[k] <= backlog[j] ? 1 : 0;
        }
        var sum = 0;
        standing[j] = LookUp(L);
        standing[j].table <== rung;
        for (var b = 0; b < L; b++) {
            bits[j][b] <-- (at >> b) & 1;
            bits[j][b] * (bits[j][b] - 1) === 0;
            standing[j].bits[b] <== bits[j][b];
            sum += bits[j][b] * (1 << b);
        }
        standing[j].out === backlog[j];
        rank[j] <== sum;
    }
}
