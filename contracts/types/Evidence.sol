// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head} from "./Batch.sol";
import {RecordPreimage} from "./Inclusion.sol";

/// @notice An ECDSA signature in two words.
/// @param vs s with the recovery bit on top (EIP-2098).
struct Signature {
    bytes32 r;
    bytes32 vs;
}

/// @notice An accepted batch, opened as far as its head: epoch, time, order counter and service counters follow from it.
/// @param record What the ledger recorded for the batch.
/// @param head Head after the batch, whose hash is in the record.
struct OpenedBatch {
    RecordPreimage record;
    Head head;
}

/// @notice What a commitment hides from all but its trader and the router.
/// @param size Whole lots, 1 … 2^32 − 1.
/// @param side 0 buy, 1 sell.
/// @param segment 0 retail, 1 institutional.
/// @param details Below the scalar field's modulus.
struct Opening {
    uint32 size;
    uint8 side;
    uint8 segment;
    uint256 details;
}

/// @notice What `details` hides from all but the trader (protocol, section 1). Prices and fees are in the settlement contract's units.
/// @param expiry Seconds since the Unix epoch.
/// @param timeInForce 0 good till cancelled, 1 immediate or cancel, 2 fill or kill.
struct OrderDetails {
    address account;
    bytes32 market;
    uint256 price;
    uint64 expiry;
    uint64 nonce;
    uint8 timeInForce;
    uint256 maxFee;
    bytes32 salt;
}
