pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/// @title Sponge: `Sponge(tag, item)` of protocol.md section 9, over blocks of 16 field elements.
/// The length enters the first capacity, so the zeros that fill the last block cannot be taken for data.
/// @param tag 1 state hash, 2 statement digest. @param length Items, at least 1. Cost about 612 constraints a block.
/// @input item Any field elements.
/// @output out The hash.
template Sponge(tag, length) {
    assert(length >= 1 && length < 1 << 32);
    signal input item[length];
    signal output out;

    var blocks = (length + 15) \ 16;
    component permutation[blocks];
    for (var b = 0; b < blocks; b++) {
        permutation[b] = PoseidonEx(16, 1);
        if (b == 0) {
            permutation[b].initialState <== tag * (1 << 32) + length;
        } else {
            permutation[b].initialState <== permutation[b - 1].out[0];
        }
        for (var i = 0; i < 16; i++) {
            if (16 * b + i < length) {
                permutation[b].inputs[i] <== item[16 * b + i];
            } else {
                permutation[b].inputs[i] <== 0;
            }
        }
    }
    out <== permutation[blocks - 1].out[0];
}
