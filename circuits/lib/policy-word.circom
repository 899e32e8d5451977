pragma circom 2.2.0;

include "fields.circom";

/// @title PolicyWord: the published policy of one shard, opened (protocol.md section 9, 241 bits).
/// Cost 241 constraints.
/// @input word As published; the registry has checked its rules (`0 < reset <= trip <= limit < 2^36`, `tau > 0`, ...), which this does not repeat.
/// @output weight Of each segment, 12 bits. @output tau Ticks a lot, 16 bits.
/// @output limit, trip, reset, skew, target Ticks, 40 bits each. @output reporting 1 where the shard signs reports of its served work.
template PolicyWord() {
    signal input word;
    signal output weight[2];
    signal output tau;
    signal output limit;
    signal output trip;
    signal output reset;
    signal output skew;
    signal output target;
    signal output reporting;

    component open = OpenFields([12, 12, 16, 40, 40, 40, 40, 40, 1], 9);
    open.word <== word;
    weight[0] <== open.field[0];
    weight[1] <== open.field[1];
    tau <== open.field[2];
    limit <== open.field[3];
    trip <== open.field[4];
    reset <== open.field[5];
    skew <== open.field[6];
    target <== open.field[7];
    reporting <== open.field[8];
}

/// @title FeeWord: the policy's word for all shards, opened (38 bits), and its kind compared with the circuit's own.
/// @param kind 0 two-choice, 1 round-robin. Cost 38 constraints.
/// @input word As published. @output feeMin, feeMax 15 bits each.
template FeeWord(kind) {
    assert(kind >= 0 && kind < 256);
    signal input word;
    signal output feeMin;
    signal output feeMax;

    component open = OpenFields([15, 15, 8], 3);
    open.word <== word;
    feeMin <== open.field[0];
    feeMax <== open.field[1];
    open.field[2] === kind;
}
