// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IProverRewards} from "./interfaces/IProverRewards.sol";
import {RecordPreimage, Terms, hashRecord, hashTerms} from "./types/Inclusion.sol";

/// @title Rewards of provers; see the interface.
contract ProverRewards is IProverRewards {
    ILedgerReader public immutable ledger;
    /// @inheritdoc IProverRewards
    uint256 public immutable perBatch;
    /// @inheritdoc IProverRewards
    uint256 public immutable perOrder;

    /// @inheritdoc IProverRewards
    mapping(uint64 index => bool) public isPaid;

    constructor(ILedgerReader ledger_, uint256 perBatch_, uint256 perOrder_) {
        (ledger, perBatch, perOrder) = (ledger_, perBatch_, perOrder_);
    }

    /// @inheritdoc IProverRewards
    function fill() external payable {
        emit PotFilled(msg.sender, msg.value);
    }

    /// @inheritdoc IProverRewards
    function claim(uint64 index, RecordPreimage calldata record, Terms calldata terms) external {
        bytes32 recorded = ledger.recordOf(index);
        if (recorded == 0 || recorded != hashRecord(record) || record.terms != hashTerms(terms))
            revert RecordMismatch(index);
        if (isPaid[index]) revert PaidAlready(index);
        uint256 reward = perBatch + perOrder * terms.count;
        if (address(this).balance < reward) revert PotTooSmall(reward, address(this).balance);
        isPaid[index] = true;
        emit ProofPaid(index, terms.beneficiary, reward);
        (bool taken, ) = terms.beneficiary.call{value: reward}("");
        if (!taken) revert PaymentRefused(terms.beneficiary);
    }
}
