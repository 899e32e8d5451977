// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Test double: passes a call on, to show what the callee thinks of calls by contracts.
contract Forwarder {
    function forward(address target, bytes calldata data) external {
        (bool done, bytes memory answer) = target.call(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }
}
