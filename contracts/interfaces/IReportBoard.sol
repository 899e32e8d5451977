// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head} from "../types/Batch.sol";
import {RecordPreimage, Terms} from "../types/Inclusion.sol";
import {Served} from "../types/Receipt.sol";

/// @title Where shards post their served reports when the router does not take them.
/// @notice A batch opened later than the answer window after a posting, that applies less, is a fault of the operator.
interface IReportBoard {
    /// @notice Thrown when the ledger has no such shard, or the epoch's policy says that it does not report.
    error ShardSilent(uint8 shard);

    /// @notice Thrown when the counter does not rise above the last one posted.
    error ReportStale(uint64 posted);

    /// @notice Thrown when the report's time is ahead of the chain.
    error ReportAhead(uint64 time);

    /// @notice Thrown when the report is not signed by the shard's report signer.
    error ReportSignatureInvalid();

    /// @notice Thrown when the preimages are not those of the batch's record.
    error RecordMismatch(uint64 index);

    /// @notice A shard's report was posted.
    /// @param counter Ticks of work finished since the epoch's start.
    /// @param time The report's own, µs since the Unix epoch.
    event ReportPosted(uint64 indexed epoch, uint8 indexed shard, uint64 counter, uint64 time);

    /// @notice Posts a report. Anybody may call with the signature of the shard's report signer.
    /// @param r First half of the signature over Served(epoch, shard, counter, time), in the ledger's domain.
    /// @param vs Second half, with the recovery bit on top (EIP-2098).
    function postReport(Served calldata report, bytes32 r, bytes32 vs) external;

    /// @notice Seconds from a posting after which an opened batch must apply it.
    function answerWindow() external view returns (uint64);

    /// @notice The highest counter posted; 0 for none.
    function posted(uint64 epoch, uint8 shard) external view returns (uint64 counter);

    /// @notice When that very counter was posted, seconds since the Unix epoch; 0 for not.
    function postedAt(uint64 epoch, uint8 shard, uint64 counter) external view returns (uint64);

    /// @notice Whether an accepted batch ignores a posted report: of its epoch, opened after the answer window, with a lower counter applied. A report that lies
    /// 2^40 ticks or more above the applied counter cannot be applied, so ignoring it is no fault.
    /// @param head The head after the batch, whose counters are those that it applied.
    function isIgnored(
        uint64 index,
        uint8 shard,
        uint64 counter,
        RecordPreimage calldata record,
        Head calldata head,
        Terms calldata terms
    ) external view returns (bool);
}
