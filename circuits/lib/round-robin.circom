pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";
include "batch.circom";
include "cell.circom";
include "order.circom";
include "statement.circom";

/// @title CounterDraws: the draw of slot i is `(orderCounter + i) * 10127 mod 2^14`.
/// 10127 is odd, so 2^14 orders in a row draw each number once; being near 2^14 / golden ratio it spreads few orders evenly too.
/// @param N Slots. Cost 64 + 28 + 15 (N - 1) constraints.
/// @input orderCounter Orders before this batch; range-checked here to 64 bits.
/// @output draw 14 bits each.
template CounterDraws(N) {
    assert(N >= 1);
    signal input orderCounter;
    signal output draw[N];

    var STEP = 10127;
    signal counterBits[64] <== Num2Bits(64)(orderCounter);
    var low = 0; // 2^14 divides 2^64, so the counter's low bits decide
    for (var i = 0; i < 14; i++) {
        low += counterBits[i] * (1 << i);
    }
    signal firstBits[28] <== Num2Bits(28)(low * STEP);
    var first = 0;
    for (var i = 0; i < 14; i++) {
        first += firstBits[i] * (1 << i);
    }
    draw[0] <== first;

    // each step passes 2^14 at most once
    signal passes[N];
    passes[0] <== 0;
    for (var i = 1; i < N; i++) {
        passes[i] <-- draw[i - 1] + STEP >= 1 << 14 ? 1 : 0;
        passes[i] * (passes[i] - 1) === 0;
        draw[i] <== draw[i - 1] + STEP - (1 << 14) * passes[i];
        _ <== Num2Bits(14)(draw[i]);
    }
}

/// @title RoundRobin: an order's one candidate, by its place in the sequence of all orders.
/// @param L Bits of a shard's index, 1 to 6. Cost 2^L + a HoldingCell + 2 constraints.
/// @input draw Range-checked to 14 bits by the caller. @input active, segment Booleans by the caller.
/// @input cell From CellWords, all ranks 0. @input nonempty Of each segment's table.
/// @output bits The shard's index, booleans. @output drawn 0 for an empty slot and a segment without weight; such an order is deferred.
template RoundRobin(L) {
    signal input draw;
    signal input active;
    signal input segment;
    signal input cell[2][1 << L];
    signal input nonempty[2];
    signal output bits[L];
    signal output drawn;

    component candidate = HoldingCell(L);
    candidate.cell <== SegmentCells(L)(cell, segment);
    candidate.draw <== draw;
    bits <== candidate.bits;
    candidate.rank === 0;

    signal weighted <== nonempty[0] + segment * (nonempty[1] - nonempty[0]);
    drawn <== active * weighted;
}

/// @title RoundRobinBatch: a batch under the weighted round-robin policy, kind 1 (protocol.md sections 2 to 4).
/// @param S Shards, 2 to 64. @param N Slots. Cost at S = 16: see test/circuits/cost.json.
/// @input digest, alpha, y Public: D, the point, V at the point. The rest is private and named in protocol.md section 9; every width is checked here or in the templates below.
template RoundRobinBatch(S, N) {
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
    component start = BatchStart(S, 1);
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

    signal rank[S];
    for (var j = 0; j < S; j++) {
        rank[j] <== 0; // one candidate: nothing to compare
    }
    signal cell[2][1 << L] <== CellWords(S)(start.bound, rank);
    signal draw[N] <== CounterDraws(N)(orderCounter);
    component choice[N];
    component end = BatchEnd(S, N);
    for (var i = 0; i < N; i++) {
        choice[i] = RoundRobin(L);
        choice[i].draw <== draw[i];
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
