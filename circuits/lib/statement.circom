pragma circom 2.2.0;

include "packing.circom";
include "sponge.circom";

/// @title statementLength: words of V for S shards and N slots.
function statementLength(S, N) {
    return 10 + wordsFor(S, 16) + 1 + wordsFor(S, 6) + S + N + wordsFor(N, 31);
}

/// @title Statement: the published vector V (protocol.md section 9), its digest D and its evaluation at alpha.
/// D binds V before alpha is drawn from it; equal evaluations at alpha then mean equal vectors.
/// @param S Shards, at most 64. @param N Slots. Cost: one constraint a word, and a sponge over the words.
/// @input header keyCommit, seed, batchIndex, orderCounter, time, elapsed, stateBefore, stateAfter, count, feeWord, in this order.
/// @input fee 15 bits each, in force. @input open Booleans, in force. @input served 40 bits each. @input policyWord, commitment Field elements.
/// @input assignment 8 bits each. All widths are the caller's to check. @input alpha The point.
/// @output digest Sponge(2, V). @output y V as a polynomial at alpha, first word highest.
template Statement(S, N) {
    assert(S >= 1 && S <= 64);
    signal input header[10];
    signal input fee[S];
    signal input open[S];
    signal input served[S];
    signal input policyWord[S];
    signal input commitment[N];
    signal input assignment[N];
    signal input alpha;
    signal output digest;
    signal output y;

    var fees = wordsFor(S, 16);
    var reports = wordsFor(S, 6);
    var bytes = wordsFor(N, 31);
    signal feeWords[fees] <== Pack(S, 15, 16)(fee);
    signal mask[1] <== Pack(S, 1, 64)(open);
    signal servedWords[reports] <== Pack(S, 40, 6)(served);
    signal assignmentWords[bytes] <== Pack(N, 8, 31)(assignment);

    var length = statementLength(S, N);
    signal v[length];
    var at = 0;
    for (var i = 0; i < 10; i++) {
        v[at + i] <== header[i];
    }
    at += 10;
    for (var i = 0; i < fees; i++) {
        v[at + i] <== feeWords[i];
    }
    at += fees;
    v[at] <== mask[0];
    at += 1;
    for (var i = 0; i < reports; i++) {
        v[at + i] <== servedWords[i];
    }
    at += reports;
    for (var i = 0; i < S; i++) {
        v[at + i] <== policyWord[i];
    }
    at += S;
    for (var i = 0; i < N; i++) {
        v[at + i] <== commitment[i];
    }
    at += N;
    for (var i = 0; i < bytes; i++) {
        v[at + i] <== assignmentWords[i];
    }

    digest <== Sponge(2, length)(v);
    signal sum[length];
    sum[0] <== v[0];
    for (var i = 1; i < length; i++) {
        sum[i] <== sum[i - 1] * alpha + v[i];
    }
    y <== sum[length - 1];
}
