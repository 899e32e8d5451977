pragma circom 2.2.0;

// Stand-ins for circomlib's templates, for attacks. Each has the signals of the original, in the same order, so that wires keep their numbers;
// it lacks constraints or lies in one place.

/// Num2Bits without any constraint: takes operands of any size.
template FreeNum2Bits(n) {
    signal input in;
    signal output out[n];

    for (var i = 0; i < n; i++) {
        out[i] <-- (in >> i) & 1;
    }
}

/// Num2Bits without any constraint, its top bit flipped.
template FlippedNum2Bits(n) {
    signal input in;
    signal output out[n];

    for (var i = 0; i < n; i++) {
        out[i] <-- i == n - 1 ? 1 - ((in >> i) & 1) : (in >> i) & 1;
    }
}

/// LessThan that says the opposite: the bits of the difference are wrong, all else holds.
template FlippedLessThan(n) {
    signal input in[2];
    signal output out;

    component n2b = FlippedNum2Bits(n + 1);
    n2b.in <== in[0] + (1 << n) - in[1];
    out <== 1 - n2b.out[n];
}

/// IsZero that says the opposite.
template FlippedIsZero() {
    signal input in;
    signal output out;
    signal inv;

    inv <-- 0;
    out <-- in != 0 ? 1 : 0;
}

/// Num2Bits that gives the whole value as its lowest "bit": the sum holds, the bit is no boolean.
template LumpedNum2Bits(n) {
    signal input in;
    signal output out[n];

    for (var i = 0; i < n; i++) {
        out[i] <-- i == 0 ? in : 0;
    }
}

/// Num2Bits of another number, `in + 1`.
template OffNum2Bits(n) {
    signal input in;
    signal output out[n];

    for (var i = 0; i < n; i++) {
        out[i] <-- ((in + 1) >> i) & 1;
    }
}
