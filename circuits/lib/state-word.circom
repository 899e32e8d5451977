pragma circom 2.2.0;

include "fields.circom";

/// @title StateWord: the private state of one shard, opened (protocol.md section 9, 138 bits).
/// Cost 138 constraints.
/// @input word As hashed into the state.
/// @output backlog, buys, sells Ticks, 40 bits each. @output fee 15 bits. @output ramp 0 to 3. @output rampBits Its two bits. @output open Boolean.
/// @output buysEighth, sellsEighth The floors of an eighth, in ticks. @output feeStep The floor of a 32nd of the fee. They cost nothing, read from the same bits.
template StateWord() {
    signal input word;
    signal output backlog;
    signal output buys;
    signal output sells;
    signal output fee;
    signal output ramp;
    signal output rampBits[2];
    signal output open;
    signal output buysEighth;
    signal output sellsEighth;
    signal output feeStep;

    component opened = OpenFields([40, 40, 40, 15, 2, 1], 6);
    opened.word <== word;
    backlog <== opened.field[0];
    buys <== opened.field[1];
    sells <== opened.field[2];
    fee <== opened.field[3];
    ramp <== opened.field[4];
    open <== opened.field[5];
    rampBits <== [opened.bits[135], opened.bits[136]];

    var eighth[2] = [0, 0];
    for (var i = 0; i < 37; i++) {
        eighth[0] += opened.bits[43 + i] * (1 << i);
        eighth[1] += opened.bits[83 + i] * (1 << i);
    }
    buysEighth <== eighth[0];
    sellsEighth <== eighth[1];
    var step = 0;
    for (var i = 0; i < 10; i++) {
        step += opened.bits[125 + i] * (1 << i);
    }
    feeStep <== step;
}

/// @title PackState: the fields of one shard's state into its word. Cost 0.
/// @input backlog, buys, sells, fee, ramp, open Range-checked, or proven to fit their widths, by the caller.
/// @output word Of 138 bits.
template PackState() {
    signal input backlog;
    signal input buys;
    signal input sells;
    signal input fee;
    signal input ramp;
    signal input open;
    signal output word;

    word <== backlog + (1 << 40) * buys + (1 << 80) * sells + (1 << 120) * fee + (1 << 135) * ramp + (1 << 137) * open;
}
