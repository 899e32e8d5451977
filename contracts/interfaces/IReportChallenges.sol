// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {OpenedBatch, Signature} from "../types/Evidence.sol";
import {Served} from "../types/Receipt.sol";
import {ICredits} from "./ICredits.sol";
import {IEvidence} from "./IEvidence.sol";

/// @title Served work: where is the shard's report for it, and why was a report not applied?
/// @notice The ledger carries the shards' service counters but asks for no signature under them. Whoever doubts a counter that a batch raised puts up `challengeBond`
/// and asks; any report of the shard for at least that counter, made no later than the batch, answers. An answered question costs its maker the bond, which goes to
/// the operator; an unanswered one is a slash. Each rise of a counter can be asked about once.
///
/// The other way round, a shard (or anybody for it) posts a report; a batch opened more than `answerTime` later that applies less is a fault.
interface IReportChallenges is IEvidence, ICredits {
    /// @notice Thrown when the value sent is not `challengeBond`.
    error BondWrong(uint256 expected);

    /// @notice Thrown when the rise was asked about before, or a report was posted before.
    error AskedBefore();

    /// @notice Thrown when nobody asks about the batch and shard now.
    error NotAsked();

    /// @notice Thrown when the report is for another epoch or shard, for a smaller counter, or later than the batch.
    error ReportRefused();

    /// @notice Thrown before the window to answer has passed, in time and in blocks.
    error WindowOpen(uint256 untilTime, uint256 untilBlock);

    /// @notice Somebody asks for the report behind a counter.
    /// @param index The batch that raised it.
    /// @param shard Whose counter.
    /// @param epoch Epoch of the batch.
    /// @param counter Counter after the batch, ticks.
    /// @param batchTime Time of the batch, µs since the Unix epoch: the report must not be later.
    /// @param untilTime End of the window, seconds since the Unix epoch.
    /// @param untilBlock End of the window, a block number.
    event ReportDemanded(
        uint64 indexed index,
        uint8 indexed shard,
        uint64 indexed epoch,
        uint64 counter,
        uint64 batchTime,
        uint256 untilTime,
        uint256 untilBlock
    );

    /// @notice A demand was answered; its maker's bond goes to the operator.
    /// @param index The batch.
    /// @param shard The shard.
    /// @param counter The report's counter, ticks.
    event ReportShown(uint64 indexed index, uint8 indexed shard, uint64 counter);

    /// @notice A shard's report stands on chain: batches opened after `dueTime` apply at least its counter.
    /// @param epoch The report's epoch.
    /// @param shard The shard.
    /// @param counter Ticks.
    /// @param dueTime Seconds since the Unix epoch.
    event ReportPosted(uint64 indexed epoch, uint8 indexed shard, uint64 counter, uint256 dueTime);

    /// @notice Asks for the report behind a counter that a final batch raised. The value sent is `challengeBond`.
    /// @param index The batch.
    /// @param batch The batch, opened.
    /// @param before The batch before it; not looked at for the first batch of an epoch, where counters start from 0.
    function demandReport(
        uint64 index,
        OpenedBatch calldata batch,
        OpenedBatch calldata before,
        uint8 shard
    ) external payable;

    /// @notice Answers a demand. Anybody may call, as long as nobody has concluded it.
    function showReport(uint64 index, uint8 shard, Served calldata report, Signature calldata signature) external;

    /// @notice Slashes a demand that was not answered in its window; its maker gets bond and reward. Anybody may call.
    function concludeDemand(uint64 index, uint8 shard) external;

    /// @notice Puts a shard's report on chain. Anybody may call.
    function postReport(Served calldata report, Signature calldata signature) external;

    /// @notice Slashes a batch opened after a posted report was due that applies less.
    /// @param index The batch, final.
    /// @param before As in `demandReport`: a counter that could not rise so far in one batch is no fault.
    /// @param counter Counter of the posted report.
    function proveIgnored(
        uint64 index,
        OpenedBatch calldata batch,
        OpenedBatch calldata before,
        uint8 shard,
        uint64 counter
    ) external;

    /// @notice Wei that a demand puts up.
    function challengeBond() external view returns (uint256);

    /// @notice Seconds to answer in, and in which a posted report must be applied.
    function answerTime() external view returns (uint64);

    /// @notice Blocks to answer in.
    function answerBlocks() external view returns (uint64);

    /// @notice When a posted report is due, seconds since the Unix epoch; 0 when it was not posted.
    function dueAt(uint64 epoch, uint8 shard, uint64 counter) external view returns (uint256);
}
