pragma circom 2.2.0;

/// @title indexBits: how many bits number `n` things from 0.
/// @param n Count, 1 to 2^16.
function indexBits(n) {
    var bits = 0;
    while ((1 << bits) < n) {
        bits++;
    }
    return bits;
}

/// @title LookUp: `out = table[index]`, the index given by its bits.
/// A tree of two-way choices, lowest bit first; half the price of a one-hot dot product.
/// @param L Bits of the index, 1 to 6. Cost 2^L - 1 constraints.
/// @input table Any field elements, also sums that are not range-checked.
/// @input bits The index, low bit first. The caller makes them boolean.
/// @output out The entry chosen.
template LookUp(L) {
    assert(L >= 1 && L <= 6);
    signal input table[1 << L];
    signal input bits[L];
    signal output out;

    signal node[(1 << L) - 1];
    var level[1 << L];
    for (var i = 0; i < 1 << L; i++) {
        level[i] = table[i];
    }
    var used = 0;
    for (var k = 0; k < L; k++) {
        for (var i = 0; i < 1 << (L - 1 - k); i++) {
            node[used] <== level[2 * i] + bits[k] * (level[2 * i + 1] - level[2 * i]);
            level[i] = node[used];
            used++;
        }
    }
    out <== node[used - 1];
}

/// @title OneHot: `hot[i] = 1` for the index given by its bits, 0 for all others.
/// Each bit doubles the row. As the row sums to one, its first entry follows from the others and costs nothing.
/// @param L Bits of the index, 1 to 6. Cost 2^L - 1 - L constraints.
/// @input bits The index, low bit first. The caller makes them boolean.
/// @output hot Booleans that sum to one.
template OneHot(L) {
    assert(L >= 1 && L <= 6);
    signal input bits[L];
    signal output hot[1 << L];

    signal product[1 << L];
    var row[1 << L];
    row[0] = 1;
    product[0] <== 0; // like product[half] below: only keeps the numbering simple, and no signal free
    for (var k = 0; k < L; k++) {
        var half = 1 << k;
        var rest = bits[k];
        product[half] <== 0;
        for (var i = 1; i < half; i++) {
            product[half + i] <== row[i] * bits[k];
            rest -= product[half + i];
        }
        for (var i = 1; i < half; i++) {
            row[half + i] = product[half + i];
            row[i] = row[i] - product[half + i];
        }
        row[half] = rest;
        row[0] = row[0] - rest;
    }
    for (var i = 0; i < 1 << L; i++) {
        hot[i] <== row[i];
    }
}
