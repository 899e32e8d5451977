pragma circom 2.2.0;

include "backlog.circom";
include "breaker.circom";
include "fee.circom";
include "policy-word.circom";
include "state-word.circom";

/// @title ShardStart: one shard's state advanced to the start of a batch, and its effective weights (protocol.md section 3).
/// Cost 756 constraints, of which 419 open the words and the served value.
/// @input stateWord, policyWord Opened here. @input served Ticks of work finished since the last batch, range-checked here to 40 bits.
/// @input elapsed Ticks since the last batch; the ledger bounds it. @input feeMin, feeMax 15 bits, range-checked by the caller.
/// @output backlog, buys, sells, tau, limit As in the words, after the update. @output fee, ramp, open In force during the batch.
/// @output weight Effective weight for each segment, at most 4095 * 16, so 16 bits.
template ShardStart() {
    signal input stateWord;
    signal input policyWord;
    signal input served;
    signal input elapsed;
    signal input feeMin;
    signal input feeMax;
    signal output backlog;
    signal output buys;
    signal output sells;
    signal output fee;
    signal output ramp;
    signal output open;
    signal output tau;
    signal output limit;
    signal output weight[2];

    component state = StateWord();
    state.word <== stateWord;
    component policy = PolicyWord();
    policy.word <== policyWord;
    tau <== policy.tau;
    limit <== policy.limit;

    _ <== Num2Bits(40)(served);
    (1 - policy.reporting) * (served - elapsed) === 0;

    backlog <== Drain()(state.backlog, served);
    buys <== state.buys - state.buysEighth;
    sells <== state.sells - state.sellsEighth;
    open <== Breaker()(state.open, backlog, buys, sells, policy.trip, policy.reset, policy.skew);
    ramp <== Ramp()(state.open, open, state.rampBits);
    fee <== NextFee()(state.fee, state.feeStep, backlog, policy.target, feeMin, feeMax);

    signal headroom <== Headroom()(open, backlog, policy.limit);
    signal running <== open * (headroom + 1);
    signal share <== running * (ramp + 1);
    weight[0] <== policy.weight[0] * share;
    weight[1] <== policy.weight[1] * share;
}
