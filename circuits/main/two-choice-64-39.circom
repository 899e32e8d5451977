pragma circom 2.2.0;

include "../lib/two-choice.circom";

component main {public [digest, alpha, y]} = TwoChoiceBatch(64, 39);
