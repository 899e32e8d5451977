pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "lookup.circom";

/// @title CellWords: each shard's cell for each segment in one element, `bound[j] + 2^15 * bound[j+1] + 2^30 * rank[j]`. Cost 0.
/// @param S Shards, 2 to 64.
/// @input bound For each segment, rising, each an integer from 0 to 2^14 by ScaledTable. @input rank At most 6 bits, by Ranks.
/// @output cell Filled up to 2^L with 0, a cell that holds no draw.
template CellWords(S) {
    var L = indexBits(S);
    signal input bound[2][S + 1];
    signal input rank[S];
    signal output cell[2][1 << L];

    for (var g = 0; g < 2; g++) {
        for (var j = 0; j < 1 << L; j++) {
            if (j < S) {
                cell[g][j] <== bound[g][j] + (1 << 15) * bound[g][j + 1] + (1 << 30) * rank[j];
            } else {
                cell[g][j] <== 0;
            }
        }
    }
}

/// @title SegmentCells: the cells of one order's segment. @param L Bits of a shard's index. Cost 2^L constraints.
/// @input cell Both segments' cells. @input segment Boolean by the caller. @output out The segment's cells.
template SegmentCells(L) {
    signal input cell[2][1 << L];
    signal input segment;
    signal output out[1 << L];

    for (var j = 0; j < 1 << L; j++) {
        out[j] <== cell[0][j] + segment * (cell[1][j] - cell[0][j]);
    }
}

/// @title HoldingCell: the shard whose cell holds the draw, and its rank.
/// One look-up brings lower bound, upper bound and rank; `cell = (draw - below) + 2^15 (draw + 1 + above) + 2^30 rank` with below and above of 14 bits
/// and rank a small integer has one solution: bounds are integers up to 2^14, so the low part differs from the true lower bound by more than -2^15 and less than 2^15,
/// the middle part likewise, hence each part agrees. A draw stands in exactly one cell of a rising table.
/// @param L Bits of a shard's index, 1 to 6. Cost 2^L - 1 + L + 28 constraints.
/// @input cell From SegmentCells. @input draw Range-checked to 14 bits by the caller.
/// @output bits The shard's index, low bit first, booleans.
/// @output rank The caller proves it an integer below 2^8 in size, else all three parts are open: this leaves it to the comparison that comes anyway.
template HoldingCell(L) {
    assert(L >= 1 && L <= 6);
    signal input cell[1 << L];
    signal input draw;
    signal output bits[L];
    signal output rank;

    var at = 0;
    for (var j = 0; j < 1 << L; j++) {
        if ((cell[j] & 32767) <= draw && draw < ((cell[j] >> 15) & 32767)) {
            at = j;
        }
    }
    for (var b = 0; b < L; b++) {
        bits[b] <-- (at >> b) & 1;
        bits[b] * (bits[b] - 1) === 0;
    }
    signal found <== LookUp(L)(cell, bits);

    signal below <-- draw - (found & 32767);
    signal above <-- ((found >> 15) & 32767) - 1 - draw;
    rank <-- found >> 30;
    _ <== Num2Bits(14)(below);
    _ <== Num2Bits(14)(above);
    found === (draw - below) + (1 << 15) * (draw + 1 + above) + (1 << 30) * rank;
}
