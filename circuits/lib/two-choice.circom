pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "circomlib/circuits/poseidon.circom";
include "batch.circom";
include "cell.circom";
include "draw-split.circom";
include "lookup.circom";
include "order.circom";
include "ranks.circom";
include "statement.circom";

/// @title TwoChoice: an order's two candidates and the one that was less loaded when the batch opened, the first on a tie.
/// The candidates depend on commitment and batch key alone. Cost 240 + 256 + 2^L + 2 HoldingCells + 3L + 4 constraints.
/// @param L Bits of a shard's index, 1 to 6.
/// @input batchKey Poseidon(key, seed). @input commitment Of the order. @input active, segment Booleans by the caller.
/// @input cell From CellWords. @input nonempty Of each segment's table.
/// @output bits The shard's index, booleans. @output drawn 0 for an empty slot, a draw at the edge and a segment without weight; such an order is deferred.
template TwoChoice(L) {
    signal input batchKey;
    signal input commitment;
    signal input active;
    signal input segment;
    signal input cell[2][1 << L];
    signal input nonempty[2];
    signal output bits[L];
    signal output drawn;

    component hash = Poseidon(2);
    hash.inputs <== [batchKey, commitment];
    component split = DrawSplit();
    split.r <== hash.out;

    signal own[1 << L] <== SegmentCells(L)(cell, segment);
    component candidate[2];
    for (var d = 0; d < 2; d++) {
        candidate[d] = HoldingCell(L);
        candidate[d].cell <== own;
        candidate[d].draw <== split.draw[d];
    }
    // The first rank has L bits; the comparison has a witness only for second ranks within 2^L of it. So both are small integers, as HoldingCell asks.
    _ <== Num2Bits(L)(candidate[0].rank);
    signal second <== LessThan(L)([candidate[1].rank, candidate[0].rank]);
    for (var b = 0; b < L; b++) {
        bits[b] <== candidate[0].bits[b] + second * (candidate[1].bits[b] - candidate[0].bits[b]);
    }

    signal weighted <== nonempty[0] + segment * (nonempty[1] - nonempty[0]);
    signal inside <== active * (1 - split.edge);
    drawn <== inside * weighted;
}

/// @title TwoChoiceBatch: a batch under the weighted two-choice policy, kind 0 (protocol.md sections 2 to 4).
/// @param S Shards, 2 to 64. @param N Slots. Cost at S = 16: see test/circuits/cost.json.
/// @input digest, alpha, y Public: D, the point, V at the point. The rest is private and named in protocol.md section 9; every width is checked here or in the templates below.
template TwoChoiceBatch(S, N) {
    var L = indexBits(S);
    signal input digest;
    signal input alpha;
    signal input y;
    signal input key;
    signal input seed;
    signal input batchIndex;
    signal input orderCounter;
    signal input time;
    signal input elapsed;
    signal input blindBefore;
    signal input blindAfter;
    signal input feeWord;
    signal input stateWords[S];
    signal input policyWords[S];
    signal input served[S];
    signal input size[N];
    signal input side[N];
    signal input segment[N];
    signal input details[N];

    signal keyCommit <== Poseidon(1)([key]);
    signal batchKey <== Poseidon(2)([key, seed]);
    component start = BatchStart(S, 0);
    start.blind <== blindBefore;
    start.feeWord <== feeWord;
    start.elapsed <== elapsed;
    start.stateWord <== stateWords;
    start.policyWord <== policyWords;
    start.served <== served;
    component orders = Orders(N);
    orders.size <== size;
    orders.side <== side;
    orders.segment <== segment;
    orders.details <== details;

    signal rank[S] <== Ranks(S)(start.backlog);
    signal cell[2][1 << L] <== CellWords(S)(start.bound, rank);
    component choice[N];
    component end = BatchEnd(S, N);
    for (var i = 0; i < N; i++) {
        choice[i] = TwoChoice(L);
        choice[i].batchKey <== batchKey;
        choice[i].commitment <== orders.commitment[i];
        choice[i].active <== orders.active[i];
        choice[i].segment <== segment[i];
        choice[i].cell <== cell;
        choice[i].nonempty <== start.nonempty;
        end.bits[i] <== choice[i].bits;
        end.drawn[i] <== choice[i].drawn;
    }
    end.blind <== blindAfter;
    end.backlog <== start.backlog;
    end.buys <== start.buys;
    end.sells <== start.sells;
    end.fee <== start.fee;
    end.ramp <== start.ramp;
    end.open <== start.open;
    end.tau <== start.tau;
    end.limit <== start.limit;
    end.size <== size;
    end.side <== side;

    component statement = Statement(S, N);
    statement.header <== [
        keyCommit, seed, batchIndex, orderCounter, time, elapsed, start.stateBefore, end.stateAfter, orders.count, feeWord
    ];
    statement.fee <== start.fee;
    statement.open <== start.open;
    statement.served <== served;
    statement.policyWord <== policyWords;
    statement.commitment <== orders.published;
    statement.assignment <== end.assignment;
    statement.alpha <== alpha;
    digest === statement.digest;
    y === statement.y;
}
