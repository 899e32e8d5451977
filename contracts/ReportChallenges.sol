// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "./interfaces/IBond.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IReportChallenges} from "./interfaces/IReportChallenges.sol";
import {Credits} from "./lib/Credits.sol";
import {Evidence} from "./lib/Evidence.sol";
import {Operated} from "./lib/Operated.sol";
import {ReceiptSignature} from "./lib/ReceiptSignature.sol";
import {Window, WindowLib} from "./lib/Window.sol";
import {Head} from "./types/Batch.sol";
import {OpenedBatch, Signature} from "./types/Evidence.sol";
import {Fault} from "./types/Fault.sol";
import {Served} from "./types/Receipt.sol";

/// @title Served work without a report, and reports that were not applied; see the interface.
contract ReportChallenges is IReportChallenges, Evidence, Credits {
    using WindowLib for Window;

    /// @dev A question. It stays after it was answered, so that it is asked once.
    struct Demand {
        address challenger;
        uint64 epoch;
        uint64 counter;
        uint64 batchTime;
        bool open;
        Window window;
    }

    /// @dev Most that a counter may rise in one batch.
    uint256 private constant RISE_MAX = (1 << 40) - 1;

    IPolicyRegistry public immutable registry;
    /// @inheritdoc IReportChallenges
    uint256 public immutable challengeBond;
    /// @inheritdoc IReportChallenges
    uint64 public immutable answerTime;
    /// @inheritdoc IReportChallenges
    uint64 public immutable answerBlocks;

    mapping(uint64 index => mapping(uint8 shard => Demand)) private _demands;
    /// @inheritdoc IReportChallenges
    mapping(uint64 epoch => mapping(uint8 shard => mapping(uint64 counter => uint256))) public dueAt;

    constructor(
        ILedgerReader ledger_,
        IBond bond_,
        IPolicyRegistry registry_,
        uint256 challengeBond_,
        uint64 answerTime_,
        uint64 answerBlocks_
    ) Evidence(ledger_, bond_, answerTime_) {
        registry = registry_;
        challengeBond = challengeBond_;
        (answerTime, answerBlocks) = (answerTime_, answerBlocks_);
    }

    /// @inheritdoc IReportChallenges
    function demandReport(
        uint64 index,
        OpenedBatch calldata batch,
        OpenedBatch calldata before,
        uint8 shard
    ) external payable {
        if (msg.value != challengeBond) revert BondWrong(challengeBond);
        (uint64 counter, uint64 earlier) = _counters(index, batch, before, shard);
        if (counter <= earlier) revert NoFault();
        if (_demands[index][shard].challenger != address(0)) revert AskedBefore();
        Window memory window = WindowLib.from(answerTime, answerBlocks);
        Head calldata head = batch.head;
        _demands[index][shard] = Demand(msg.sender, head.scalars.epoch(), counter, head.scalars.time(), true, window);
        emit ReportDemanded(
            index,
            shard,
            head.scalars.epoch(),
            counter,
            head.scalars.time(),
            window.untilTime,
            window.untilBlock
        );
    }

    /// @inheritdoc IReportChallenges
    function showReport(uint64 index, uint8 shard, Served calldata report, Signature calldata signature) external {
        Demand memory demand = _demands[index][shard];
        if (!demand.open) revert NotAsked();
        bool fits =
            report.epoch == demand.epoch &&
                report.shard == shard &&
                report.counter >= demand.counter &&
                report.time <= demand.batchTime;
        if (!fits) revert ReportRefused();
        _requireShardSigned(report, signature);
        _demands[index][shard].open = false;
        _credit(Operated(address(ledger)).operator(), challengeBond);
        emit ReportShown(index, shard, report.counter);
    }

    /// @inheritdoc IReportChallenges
    function concludeDemand(uint64 index, uint8 shard) external {
        Demand memory demand = _demands[index][shard];
        if (!demand.open) revert NotAsked();
        Window memory window = demand.window;
        if (!window.isPast()) revert WindowOpen(window.untilTime, window.untilBlock);
        _demands[index][shard].open = false;
        _credit(demand.challenger, challengeBond);
        bond.slash(Fault.Unreported, keccak256(abi.encode(index, shard)), demand.challenger);
    }

    /// @inheritdoc IReportChallenges
    function postReport(Served calldata report, Signature calldata signature) external {
        _requireShardSigned(report, signature);
        if (dueAt[report.epoch][report.shard][report.counter] != 0) revert AskedBefore();
        uint256 due = block.timestamp + answerTime;
        dueAt[report.epoch][report.shard][report.counter] = due;
        emit ReportPosted(report.epoch, report.shard, report.counter, due);
    }

    /// @inheritdoc IReportChallenges
    function proveIgnored(
        uint64 index,
        OpenedBatch calldata batch,
        OpenedBatch calldata before,
        uint8 shard,
        uint64 counter
    ) external {
        (uint64 applied, uint64 earlier) = _counters(index, batch, before, shard);
        uint256 due = dueAt[batch.head.scalars.epoch()][shard][counter];
        if (due == 0 || uint256(batch.head.scalars.time()) <= due * 1_000_000) revert NoFault();
        if (applied >= counter || applied - earlier == RISE_MAX) revert NoFault();
        bond.slash(Fault.ReportIgnored, keccak256(abi.encode(batch.head.scalars.epoch(), shard, counter)), msg.sender);
    }

    /// @dev A shard's counter after a final batch and before it; each epoch's start from 0.
    function _counters(
        uint64 index,
        OpenedBatch calldata batch,
        OpenedBatch calldata before,
        uint8 shard
    ) private view returns (uint64 counter, uint64 earlier) {
        _requireFinalBatch(index, batch);
        counter = _counterOf(batch.head, shard);
        if (index == 0) return (counter, 0);
        (uint64 firstBatch, ) = ledger.rangeOf(batch.head.scalars.epoch());
        if (index == firstBatch) return (counter, 0);
        _requireBatchBefore(index, before);
        earlier = _counterOf(before.head, shard);
    }

    function _counterOf(Head calldata head, uint8 shard) private pure returns (uint64) {
        if (shard / 4 >= head.counters.length) revert NoFault();
        return uint64(head.counters[shard / 4] >> (64 * (shard % 4)));
    }

    function _requireShardSigned(Served calldata report, Signature calldata signature) private view {
        (bytes32 policyHash, , ) = ledger.policyOf(report.epoch);
        address[] memory signers = registry.policy(policyHash).reportSigners;
        address signer = ReceiptSignature.signerOf(ledger.domainSeparator(), report, signature.r, signature.vs);
        if (report.shard >= signers.length || signer == address(0) || signer != signers[report.shard]) {
            revert SignatureRefused();
        }
    }
}
