// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IReportBoard} from "./interfaces/IReportBoard.sol";
import {HeadWords} from "./lib/HeadWords.sol";
import {ReceiptSignature} from "./lib/ReceiptSignature.sol";
import {Head} from "./types/Batch.sol";
import {RecordPreimage, Terms, hashRecord, hashTerms} from "./types/Inclusion.sol";
import {PolicyWord} from "./types/PolicyWord.sol";
import {Served} from "./types/Receipt.sol";

/// @title Served reports on chain; see the interface.
contract ReportBoard is IReportBoard {
    ILedgerReader public immutable ledger;
    IPolicyRegistry public immutable registry;
    /// @inheritdoc IReportBoard
    uint64 public immutable answerWindow;

    /// @inheritdoc IReportBoard
    mapping(uint64 epoch => mapping(uint8 shard => uint64 counter)) public posted;
    /// @inheritdoc IReportBoard
    mapping(uint64 epoch => mapping(uint8 shard => mapping(uint64 counter => uint64))) public postedAt;

    /// @param registry_ The ledger's.
    constructor(ILedgerReader ledger_, IPolicyRegistry registry_, uint64 answerWindow_) {
        (ledger, registry, answerWindow) = (ledger_, registry_, answerWindow_);
    }

    /// @inheritdoc IReportBoard
    function postReport(Served calldata report, bytes32 r, bytes32 vs) external {
        (uint64 epoch, uint8 shard) = (report.epoch, report.shard);
        if (shard >= ledger.shards()) revert ShardSilent(shard);
        (bytes32 policyHash, , uint256[] memory words) = ledger.policyOf(epoch);
        if (!PolicyWord.wrap(words[shard]).reporting()) revert ShardSilent(shard);
        if (report.counter <= posted[epoch][shard]) revert ReportStale(posted[epoch][shard]);
        if (report.time > (block.timestamp + 1) * 1_000_000) revert ReportAhead(report.time);
        address signer = registry.policy(policyHash).reportSigners[shard];
        address found = ReceiptSignature.signerOf(ledger.domainSeparator(), report, r, vs);
        if (found == address(0) || found != signer) revert ReportSignatureInvalid();
        posted[epoch][shard] = report.counter;
        postedAt[epoch][shard][report.counter] = uint64(block.timestamp);
        emit ReportPosted(epoch, shard, report.counter, report.time);
    }

    /// @inheritdoc IReportBoard
    function isIgnored(
        uint64 index,
        uint8 shard,
        uint64 counter,
        RecordPreimage calldata record,
        Head calldata head,
        Terms calldata terms
    ) external view returns (bool) {
        bytes32 recorded = ledger.recordOf(index);
        if (
            recorded == 0 ||
            recorded != hashRecord(record) ||
            record.head != HeadWords.hash(HeadWords.load(head)) ||
            record.terms != hashTerms(terms)
        ) revert RecordMismatch(index);
        uint64 since = postedAt[head.epoch][shard][counter];
        if (since == 0 || terms.time <= (uint256(since) + answerWindow) * 1_000_000) return false;
        uint64 applied = uint64(head.counters[shard / 4] >> (64 * (shard % 4)));
        return applied < counter && (counter - applied) >> 40 == 0;
    }
}
