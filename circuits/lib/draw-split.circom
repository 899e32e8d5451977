pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

/// @title DrawSplit: the two draws of 14 bits at the low end of r, split canonically.
/// r = rest + 2^224 * top with rest of 224 bits and top from 0 to P, the top 30 bits of the field's modulus p. For top < P the sum is below p, so the split is the only
/// one. At top = P it might not be; then `edge` = 1 defers the order (once in 2^30 draws), whatever the rest. An r below 2^224 could be shown as r + p there: as rare,
/// and it only defers, so no shard can be chosen that way.
/// `top <= P` needs no comparison: 30 booleans weighted 1, 2, ... 2^28 and P - (2^29 - 1) reach exactly the integers from 0 to P. Several choices of booleans may
/// give the same top; only their sum is used. Cost 256 constraints.
/// @input r Any field element.
/// @output draw Two draws, 14 bits each. @output edge 1 when top = P.
template DrawSplit() {
    signal input r;
    signal output draw[2];
    signal output edge;

    var P = (-1) >> 224; // that of p - 1, which is that of p
    var last = P - ((1 << 29) - 1);
    assert(last > 0 && last <= 1 << 29);

    signal rest[224];
    var sum = 0;
    for (var i = 0; i < 224; i++) {
        rest[i] <-- (r >> i) & 1;
        rest[i] * (rest[i] - 1) === 0;
        sum += rest[i] * (1 << i);
    }

    signal weighted[30];
    var top = r >> 224;
    var usesLast = top >= 1 << 29 ? 1 : 0;
    var others = top - usesLast * last;
    var topSum = 0;
    for (var i = 0; i < 30; i++) {
        weighted[i] <-- i == 29 ? usesLast : (others >> i) & 1;
        weighted[i] * (weighted[i] - 1) === 0;
        topSum += weighted[i] * (i == 29 ? last : 1 << i);
    }
    r === sum + (1 << 224) * topSum;

    edge <== IsZero()(P - topSum);
    for (var d = 0; d < 2; d++) {
        var value = 0;
        for (var i = 0; i < 14; i++) {
            value += rest[14 * d + i] * (1 << i);
        }
        draw[d] <== value;
    }
}
