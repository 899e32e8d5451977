pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

/// @title Drain: `max(0, backlog - served)`. Cost 42 constraints.
/// @input backlog, served Ticks, range-checked to 40 bits by the caller.
/// @output left Ticks, at most `backlog`, so 40 bits too.
template Drain() {
    signal input backlog;
    signal input served;
    signal output left;

    signal some <== LessThan(40)([served, backlog]);
    left <== some * (backlog - served);
}

/// @title Headroom: how many of `4T < 3 limit`, `4T < 2 limit`, `4T < limit` hold, for an open shard.
/// With `quarter` the floor of `4T / limit` that is `3 - quarter`: one division in place of three comparisons. An open shard has T < trip <= limit, so quarter <= 3.
/// Of a closed shard the result does not matter; its T is taken as 0.
/// Cost 84 constraints.
/// @input open Boolean. @input backlog, limit Ticks, range-checked to 40 bits by the caller; limit > 0 and trip <= limit by the registry (else no witness).
/// @output headroom 0 to 3; 3 when closed.
template Headroom() {
    signal input open;
    signal input backlog;
    signal input limit;
    signal output headroom;

    signal load <== open * backlog;
    signal quarter[2];
    var floor = limit == 0 ? 0 : (4 * load) \ limit;
    quarter[0] <-- floor & 1;
    quarter[1] <-- (floor >> 1) & 1;
    quarter[0] * (quarter[0] - 1) === 0;
    quarter[1] * (quarter[1] - 1) === 0;

    // 4 load = quarter * limit + remainder with 0 <= remainder < limit: no wrap, all below 2^43
    signal whole <== (quarter[0] + 2 * quarter[1]) * limit;
    signal remainder <== 4 * load - whole;
    _ <== Num2Bits(40)(remainder);
    _ <== Num2Bits(40)(limit - 1 - remainder);
    headroom <== 3 - quarter[0] - 2 * quarter[1];
}
