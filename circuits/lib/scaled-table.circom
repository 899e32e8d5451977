pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "lookup.circom";

/// @title ScaledTable: the cumulative weights of one segment, scaled to 2^14.
/// `bound[j] = floor(2^14 * C[j] / W)` with C[j] the sum of the weights before shard j, W of all. Shard j holds the draws in `[bound[j], bound[j+1])`.
/// Each bound is range-checked by itself, beside both remainders: a fraction in the field would pass a one-sided check.
/// The last bound is 2^14 even when W = 0. Then the last cell holds every draw, so an empty table has a witness, and `nonempty` = 0 defers the order.
/// @param S Shards, 2 to 64. Cost (S - 1) * (1 + 15 + 2n) + 2 constraints with n = 16 + ceil(log2 S), the bits of W.
/// @input weight Effective weights, each at most 2^16 - 1, proven by the caller.
/// @output bound S + 1 bounds, rising, 0 to 2^14. @output nonempty 1 if W > 0, else 0.
template ScaledTable(S) {
    assert(S >= 2 && S <= 64);
    signal input weight[S];
    signal output bound[S + 1];
    signal output nonempty;

    var n = 16 + indexBits(S);
    var sum = 0;
    for (var j = 0; j < S; j++) {
        sum += weight[j];
    }
    signal total <== sum;
    signal empty <== IsZero()(total);
    nonempty <== 1 - empty;
    signal divisor <== total + empty; // 1 for an empty table: all quotients 0

    signal remainder[S];
    remainder[0] <== 0;
    bound[0] <== 0;
    bound[S] <== 1 << 14;
    var below = 0;
    for (var j = 1; j < S; j++) {
        below += weight[j - 1];
        // 2^14 * below = bound * divisor + remainder with 0 <= remainder < divisor; both sides below 2^(15 + n), so as integers
        bound[j] <-- ((1 << 14) * below) \ divisor;
        remainder[j] <== (1 << 14) * below - bound[j] * divisor;
        _ <== Num2Bits(15)(bound[j]);
        _ <== Num2Bits(n)(remainder[j]);
        _ <== Num2Bits(n)(divisor - 1 - remainder[j]);
    }
}
