// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SettlementGate} from "../SettlementGate.sol";
import {ILedgerReader} from "../interfaces/ILedgerReader.sol";
import {ISettlementGate} from "../interfaces/ISettlementGate.sol";
import {Inclusion} from "../types/Inclusion.sol";

/// @title The smallest consumer of the gate: one shard's settlement contract that spends assignments and does nothing else.
contract SettlementConsumer is ISettlementGate {
    using SettlementGate for SettlementGate.Spent;

    ILedgerReader public immutable ledger;
    uint8 public immutable shard;

    SettlementGate.Spent private _spent;

    constructor(ILedgerReader ledger_, uint8 shard_) {
        ledger = ledger_;
        shard = shard_;
    }

    /// @notice Spends one assignment; a real consumer would now move margin and record the fill.
    function settle(Inclusion calldata inclusion) external returns (uint256 commitment) {
        return _spent.spend(ledger, shard, inclusion);
    }
}
