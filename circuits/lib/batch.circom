pragma circom 2.2.0;

include "admission.circom";
include "cell.circom";
include "policy-word.circom";
include "ranks.circom";
include "scaled-table.circom";
include "shard-start.circom";
include "sponge.circom";
include "state-word.circom";
include "statement.circom";

/// @title StateHash: the hiding hash of all shards' states, `Sponge(1, blind, words)`. @param S Shards. Cost: a sponge over S + 1 elements.
/// @input blind Fresh and random. @input word State words. @output out The hash.
template StateHash(S) {
    signal input blind;
    signal input word[S];
    signal output out;

    component sponge = Sponge(1, S + 1);
    sponge.item[0] <== blind;
    for (var j = 0; j < S; j++) {
        sponge.item[j + 1] <== word[j];
    }
    out <== sponge.out;
}

/// @title BatchStart: every shard advanced to the start of the batch, and the tables that its orders are drawn from. The same for all kinds.
/// @param S Shards, 2 to 64. @param kind Of the policy, compared with the fee word's. Cost 756 S + 38 + two ScaledTables + a StateHash.
/// @input feeWord, stateWord, policyWord, served Opened and range-checked here. @input elapsed Ticks; the ledger bounds it. @input blind Of the state before.
/// @output stateBefore The hash opened. @output backlog, buys, sells, fee, ramp, open, tau, limit As from ShardStart.
/// @output bound, nonempty As from ScaledTable, for each segment.
template BatchStart(S, kind) {
    assert(S >= 2 && S <= 64);
    signal input blind;
    signal input feeWord;
    signal input elapsed;
    signal input stateWord[S];
    signal input policyWord[S];
    signal input served[S];
    signal output stateBefore;
    signal output backlog[S];
    signal output buys[S];
    signal output sells[S];
    signal output fee[S];
    signal output ramp[S];
    signal output open[S];
    signal output tau[S];
    signal output limit[S];
    signal output bound[2][S + 1];
    signal output nonempty[2];

    stateBefore <== StateHash(S)(blind, stateWord);
    component fees = FeeWord(kind);
    fees.word <== feeWord;
    component table[2];
    table[0] = ScaledTable(S);
    table[1] = ScaledTable(S);
    component shard[S];
    for (var j = 0; j < S; j++) {
        shard[j] = ShardStart();
        shard[j].stateWord <== stateWord[j];
        shard[j].policyWord <== policyWord[j];
        shard[j].served <== served[j];
        shard[j].elapsed <== elapsed;
        shard[j].feeMin <== fees.feeMin;
        shard[j].feeMax <== fees.feeMax;
        backlog[j] <== shard[j].backlog;
        buys[j] <== shard[j].buys;
        sells[j] <== shard[j].sells;
        fee[j] <== shard[j].fee;
        ramp[j] <== shard[j].ramp;
        open[j] <== shard[j].open;
        tau[j] <== shard[j].tau;
        limit[j] <== shard[j].limit;
        table[0].weight[j] <== shard[j].weight[0];
        table[1].weight[j] <== shard[j].weight[1];
    }
    for (var g = 0; g < 2; g++) {
        bound[g] <== table[g].bound;
        nonempty[g] <== table[g].nonempty;
    }
}

/// @title BatchEnd: admits the orders in slot order and hashes the state that results. The same for all kinds.
/// Work accepted in one batch is at most limit - backlog. With limit < 2^36, which the registry checks, buys and sells never pass 8 * 2^36 + 8 < 2^40, as an eighth
/// leaves at each batch: they need no range check here.
/// @param S Shards, 2 to 64. @param N Slots. Cost N Admits + S constraints + a StateHash.
/// @input blind Of the state after. @input bits, drawn, size, side For each slot, as for Admit. The rest is BatchStart's.
/// @output assignment For each slot. @output stateAfter The hash.
template BatchEnd(S, N) {
    var L = indexBits(S);
    signal input blind;
    signal input backlog[S];
    signal input buys[S];
    signal input sells[S];
    signal input fee[S];
    signal input ramp[S];
    signal input open[S];
    signal input tau[S];
    signal input limit[S];
    signal input bits[N][L];
    signal input drawn[N];
    signal input size[N];
    signal input side[N];
    signal output assignment[N];
    signal output stateAfter;

    signal runningBacklog[N + 1][S];
    signal runningBuys[N + 1][S];
    runningBacklog[0] <== backlog;
    runningBuys[0] <== buys;
    for (var i = 0; i < N; i++) {
        (runningBacklog[i + 1], runningBuys[i + 1], assignment[i]) <== Admit(S)(
            bits[i], drawn[i], size[i], side[i], tau, limit, runningBacklog[i], runningBuys[i]
        );
    }

    signal word[S];
    for (var j = 0; j < S; j++) {
        // all accepted work that was not bought was sold
        var sold = runningBacklog[N][j] - backlog[j] - (runningBuys[N][j] - buys[j]);
        word[j] <== PackState()(runningBacklog[N][j], runningBuys[N][j], sells[j] + sold, fee[j], ramp[j], open[j]);
    }
    stateAfter <== StateHash(S)(blind, word);
}
