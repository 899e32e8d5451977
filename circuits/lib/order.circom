pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

/// @title OpenOrder: an order's fields and commitment, or an empty slot.
/// Cost 276 constraints, of which 240 are Poseidon.
/// @input size Whole lots; range-checked here to 32 bits, not 0 when active. @input side, segment Made boolean here. @input details Any field element.
/// @input active Boolean by the caller.
/// @output commitment Poseidon(size + 2^32 side + 2^33 segment, details), whether active or not. @output published The same when active, else 0.
template OpenOrder() {
    signal input size;
    signal input side;
    signal input segment;
    signal input details;
    signal input active;
    signal output commitment;
    signal output published;

    _ <== Num2Bits(32)(size);
    side * (side - 1) === 0;
    segment * (segment - 1) === 0;
    signal inverse <-- size != 0 ? 1 / size : 0;
    size * inverse === active;

    component hash = Poseidon(2);
    hash.inputs <== [size + (1 << 32) * side + (1 << 33) * segment, details];
    commitment <== hash.out;
    published <== active * commitment;
}

/// @title Orders: the slots of a batch. Filled slots come first; the empty ones behind them publish 0.
/// @param N Slots. Cost 277 constraints a slot.
/// @input size, side, segment, details As for OpenOrder.
/// @output commitment, published As from OpenOrder. @output active 1 for the first `count` slots, 0 behind. @output count 0 to N.
template Orders(N) {
    assert(N >= 1 && N < 1 << 16);
    signal input size[N];
    signal input side[N];
    signal input segment[N];
    signal input details[N];
    signal output commitment[N];
    signal output published[N];
    signal output active[N];
    signal output count;

    var sum = 0;
    for (var i = 0; i < N; i++) {
        active[i] <-- size[i] != 0 ? 1 : 0;
        // 0 or what the slot before is: with 1 before the first slot, a boolean that never rises
        active[i] * (active[i] - (i == 0 ? 1 : active[i - 1])) === 0;
        (commitment[i], published[i]) <== OpenOrder()(size[i], side[i], segment[i], details[i], active[i]);
        sum += active[i];
    }
    count <== sum;
}
