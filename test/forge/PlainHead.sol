// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head} from "../../contracts/types/Batch.sol";
import {HeadScalars} from "../../contracts/types/HeadScalars.sol";

/// @dev A head before it is packed.
struct PlainHead {
    uint64 epoch;
    uint64 nextIndex;
    uint256 state;
    uint64 time;
    uint64 orderCounter;
    uint256[] counters;
}

using {packed, hashOf} for PlainHead global;

/// @dev As calldata brings it. Packed bytes go from the high end, the fields of a word from the low one.
function packed(PlainHead memory h) pure returns (Head memory) {
    uint256 scalars = uint256(bytes32(abi.encodePacked(h.orderCounter, h.time, h.nextIndex, h.epoch)));
    return Head(HeadScalars.wrap(scalars), h.state, h.counters);
}

/// @dev `head` as the protocol words it (section 9).
function hashOf(PlainHead memory h) pure returns (bytes32) {
    return keccak256(abi.encodePacked(h.orderCounter, h.time, h.nextIndex, h.epoch, h.state, h.counters));
}
