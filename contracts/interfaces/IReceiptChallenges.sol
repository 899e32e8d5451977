// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head} from "../types/Batch.sol";
import {OpenedBatch, Signature} from "../types/Evidence.sol";
import {Inclusion} from "../types/Inclusion.sol";
import {Receipt} from "../types/Receipt.sol";
import {IEvidence} from "./IEvidence.sol";

/// @title Faults that receipts and accepted batches show by themselves.
/// @notice Each call brings the whole proof; one that shows no fault reverts and costs its maker the gas. Nothing has to be answered, but for an overdue batch:
/// there the operator has a window, in time and in blocks, to have it accepted after all.
///
/// How a fault is named, so that it is slashed once whoever shows it:
/// - contradiction: the receipt (its EIP-712 digest);
/// - equivocation: epoch, batch and slot; or epoch, commitment and the later of the two places;
/// - duplicate: commitment and the later of the two places;
/// - overdue: epoch and the first batch that is missing; at most one slash a window, as a stalled ledger is one fault and not one a batch.
interface IReceiptChallenges is IEvidence {
    /// @notice Thrown when the two things to compare are one and the same.
    error SameEvidence();

    /// @notice Thrown when the batch is not overdue: accepted, void, or its deadline not past.
    error NotOverdue(uint64 batch);

    /// @notice Thrown when `firstMissing` is not the next batch of the ledger, or lies past the receipt's.
    error NotFirstMissing(uint64 index);

    /// @notice Thrown before the window to answer has passed, in time and in blocks, since the notice and since the last slash.
    error WindowOpen(uint256 untilTime, uint256 untilBlock);

    /// @notice A receipt of an overdue batch was shown; from now the operator has a window to have the batch accepted.
    /// @param epoch The receipt's epoch.
    /// @param batch The batch.
    /// @param untilTime End of the window, seconds since the Unix epoch.
    /// @param untilBlock End of the window, a block number.
    event OverdueNoticed(uint64 indexed epoch, uint64 indexed batch, uint256 untilTime, uint256 untilBlock);

    /// @notice Slashes a receipt that the accepted batch contradicts in a slot that it has: by epoch, commitment, assignment (unless 255) or a time before the batch's.
    /// @dev Void receipts are refused: what was given up with an epoch is not promised any more.
    /// @param head Head after the batch.
    /// @param inclusion What the batch has in the receipt's slot.
    function proveContradiction(
        Receipt calldata receipt,
        Signature calldata signature,
        Head calldata head,
        Inclusion calldata inclusion
    ) external;

    /// @notice Slashes a receipt for a slot past the batch's count.
    /// @param batch The receipt's batch.
    /// @param before The batch before it; not looked at for batch 0.
    function proveSlotMissing(
        Receipt calldata receipt,
        Signature calldata signature,
        OpenedBatch calldata batch,
        OpenedBatch calldata before
    ) external;

    /// @notice Slashes two receipts that contradict each other: one place and two contents, or one commitment accepted in two places of an epoch.
    function proveEquivocation(
        Receipt calldata first,
        Signature calldata firstSignature,
        Receipt calldata second,
        Signature calldata secondSignature
    ) external;

    /// @notice Slashes a commitment that was accepted twice, or stands twice in one batch.
    function proveDuplicate(Inclusion calldata first, Inclusion calldata second) external;

    /// @notice Shows a receipt whose batch is past its deadline and not accepted; the window to answer begins, unless it runs already.
    function noticeOverdue(Receipt calldata receipt, Signature calldata signature) external;

    /// @notice Slashes a stalled ledger once the window has passed and the batch is still missing. Anybody may call.
    /// @param epoch As noticed.
    /// @param batch As noticed.
    /// @param firstMissing The ledger's next index.
    function proveOverdue(uint64 epoch, uint64 batch, uint64 firstMissing) external;

    /// @notice Seconds to answer in.
    function answerTime() external view returns (uint64);

    /// @notice Blocks to answer in.
    function answerBlocks() external view returns (uint64);
}
