pragma circom 2.2.0;

include "../lib/round-robin.circom";

component main {public [digest, alpha, y]} = RoundRobinBatch(16, 215);
