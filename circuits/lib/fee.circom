pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

/// @title NextFee: the congestion price of the batch, about 3 % up or down, then capped at feeMax, then raised to feeMin.
/// Cost 77 constraints.
/// @input fee, feeMin, feeMax Range-checked to 15 bits by the caller. @input feeStep The floor of fee / 32, from the same bits.
/// @input backlog, target Ticks, range-checked to 40 bits by the caller.
/// @output next 15 bits, as it is one of feeMin, feeMax and a value between them.
template NextFee() {
    signal input fee;
    signal input feeStep;
    signal input backlog;
    signal input target;
    signal input feeMin;
    signal input feeMax;
    signal output next;

    signal rising <== LessThan(40)([target, backlog]);
    // from -1 (a fee of 0 that falls) to 33791: LessThan(16) takes feeMax - moved in (-2^16, 2^16), LessThan(15) takes capped - feeMin in [-2^15, 2^15)
    signal moved <== fee + (2 * rising - 1) * (feeStep + 1);
    signal over <== LessThan(16)([feeMax, moved]);
    signal capped <== moved + over * (feeMax - moved);
    signal under <== LessThan(15)([capped, feeMin]);
    next <== capped + under * (feeMin - capped);
}
