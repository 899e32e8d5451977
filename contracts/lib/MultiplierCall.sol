// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEpochBook} from "../interfaces/IEpochBook.sol";
import {IReputation} from "../interfaces/IReputation.sol";
import {Standing} from "./Standing.sol";

/// @title Asks the reputation contract what an epoch's weights are multiplied by, so that no answer of it holds an announcement up.
/// @dev It was deployed with the ledger and cannot be replaced. One that reverts, burns its gas or answers out of form would end the ledger's epochs for good if that were refused;
/// clamped, a wrong answer would pass for a right one. So such an answer does not count: weights are as published, and the announcement says so.
library MultiplierCall {
    /// @dev Six times what 64 multipliers cost to read.
    uint256 internal constant GAS = 1_000_000;

    /// @dev For what lies between the check of the gas and the call.
    uint256 private constant SPARE = 20_000;

    /// @notice Multipliers for an epoch, by shard, each 128 … 256; 256 each without a reputation contract, or without a right answer of it.
    /// @dev Reverts with `GasTooLow` rather than to call with less than GAS: whoever announces could make the call fail by sending little.
    function ask(
        IReputation reputation,
        uint64 epoch,
        uint256 shards
    ) internal view returns (uint256[] memory multipliers) {
        multipliers = Standing.full(shards);
        if (address(reputation) == address(0)) return multipliers;
        bytes memory data = abi.encodeCall(IReputation.multipliersFor, (epoch));
        // What a list of that length is as ABI data: offset, length, items. No more is copied, however much is returned.
        uint256[] memory answer = new uint256[](shards + 2);
        // All but a 64th is what a call can pass on (EIP-150).
        if (gasleft() - gasleft() / 64 < GAS + SPARE) revert IEpochBook.GasTooLow(GAS + SPARE);
        bool answered;
        assembly ("memory-safe") {
            let size := shl(5, add(shards, 2))
            answered := staticcall(GAS, reputation, add(data, 0x20), mload(data), add(answer, 0x20), size)
            answered := and(answered, eq(returndatasize(), size))
        }
        if (!answered || answer[0] != 0x20 || answer[1] != shards) return multipliers;
        for (uint256 j = 0; j < shards; ++j) {
            if (answer[j + 2] < Standing.FLOOR || answer[j + 2] > Standing.FULL) return multipliers;
        }
        for (uint256 j = 0; j < shards; ++j) {
            multipliers[j] = answer[j + 2];
        }
    }
}
