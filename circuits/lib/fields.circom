pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/// @title totalWidth: the sum of `count` field widths, in bits.
function totalWidth(widths, count) {
    var sum = 0;
    for (var f = 0; f < count; f++) {
        sum += widths[f];
    }
    return sum;
}

/// @title OpenFields: a packed word into its fields, lowest first.
/// Every bit of the word is made boolean here and every field is read from those bits: fields can neither overlap nor exceed
/// their widths, and a word wider than the sum of the widths has no witness.
/// @param widths Bits of each field. @param count Fields. Together at most 253 bits, below which no second split exists. Cost: one constraint a bit.
/// @input word A packed word.
/// @output field Each range-checked to its width.
/// @output bits The word's bits, low first, for callers that divide a field by a power of two.
template OpenFields(widths, count) {
    assert(totalWidth(widths, count) <= 253);
    signal input word;
    signal output field[count];
    signal output bits[totalWidth(widths, count)];

    bits <== Num2Bits(totalWidth(widths, count))(word);
    var at = 0;
    for (var f = 0; f < count; f++) {
        var value = 0;
        for (var i = 0; i < widths[f]; i++) {
            value += bits[at + i] * (1 << i);
        }
        field[f] <== value;
        at += widths[f];
    }
}
