pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

/// @title Breaker: closes a shard on a high backlog or one-sided flow, opens it below `reset`.
/// An open shard stays open, a closed one opens, when `T < (open ? trip : reset)` and `|B - Q| < skew`. Cost 126 constraints.
/// @input open The old flag. @input backlog Ticks after draining. @input buys, sells Ticks, decayed. @input trip, reset, skew Ticks. All range-checked to 40 bits by the caller.
/// @output next The new flag.
template Breaker() {
    signal input open;
    signal input backlog;
    signal input buys;
    signal input sells;
    signal input trip;
    signal input reset;
    signal input skew;
    signal output next;

    signal threshold <== reset + open * (trip - reset); // one of the two, so 40 bits
    signal low <== LessThan(40)([backlog, threshold]);

    signal buying <== LessThan(40)([sells, buys]);
    signal gap <== (2 * buying - 1) * (buys - sells); // the absolute difference, 40 bits
    signal calm <== LessThan(40)([gap, skew]);
    next <== low * calm;
}

/// @title Ramp: slow start. 0 while closed and on opening, else `min(3, ramp + 1)`. Cost 3 constraints.
/// @input wasOpen, isOpen The flag before and after the breaker. @input rampBits The old ramp, two bits. Booleans by the caller.
/// @output next 0 to 3.
template Ramp() {
    signal input wasOpen;
    signal input isOpen;
    signal input rampBits[2];
    signal output next;

    signal stays <== wasOpen * isOpen;
    signal both <== rampBits[0] * rampBits[1];
    next <== stays * (1 + rampBits[0] + 2 * rampBits[1] - both);
}
