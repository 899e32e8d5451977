// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "./interfaces/IBond.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IReceiptChallenges} from "./interfaces/IReceiptChallenges.sol";
import {Evidence} from "./lib/Evidence.sol";
import {OrderProof} from "./lib/OrderProof.sol";
import {Window, WindowLib} from "./lib/Window.sol";
import {Head} from "./types/Batch.sol";
import {OpenedBatch, Signature} from "./types/Evidence.sol";
import {Fault} from "./types/Fault.sol";
import {Inclusion, hashRecord} from "./types/Inclusion.sol";
import {Receipt} from "./types/Receipt.sol";

/// @title Faults that receipts and accepted batches show by themselves; see the interface.
contract ReceiptChallenges is IReceiptChallenges, Evidence {
    using WindowLib for Window;

    /// @dev The assignment of a sealed receipt, which promises no shard.
    uint8 private constant SEALED = 255;

    /// @inheritdoc IReceiptChallenges
    uint64 public immutable answerTime;
    /// @inheritdoc IReceiptChallenges
    uint64 public immutable answerBlocks;

    mapping(uint64 epoch => mapping(uint64 batch => Window)) private _overdue;
    /// @dev Ends a window after the last slash for a stall.
    Window private _sinceSlash;

    constructor(
        ILedgerReader ledger_,
        IBond bond_,
        uint64 answerTime_,
        uint64 answerBlocks_
    ) Evidence(ledger_, bond_, answerTime_) {
        (answerTime, answerBlocks) = (answerTime_, answerBlocks_);
    }

    /// @inheritdoc IReceiptChallenges
    function proveContradiction(
        Receipt calldata receipt,
        Signature calldata signature,
        Head calldata head,
        Inclusion calldata inclusion
    ) external {
        bytes32 digest = _requireSigned(receipt, signature);
        _requireFinal(receipt.batch, hashRecord(inclusion.record));
        _requireHead(receipt.batch, inclusion.record.head, head);
        if (inclusion.index != receipt.batch || inclusion.slot != receipt.slot) revert NoFault();
        (uint256 commitment, uint8 assignment) = OrderProof.orderOf(ledger, inclusion);
        bool kept =
            head.scalars.epoch() == receipt.epoch &&
                commitment == receipt.commitment &&
                (receipt.assignment == SEALED || receipt.assignment == assignment) &&
                receipt.time >= head.scalars.time();
        if (kept || ledger.isVoid(receipt.epoch, receipt.batch)) revert NoFault();
        bond.slash(Fault.Contradiction, digest, msg.sender);
    }

    /// @inheritdoc IReceiptChallenges
    function proveSlotMissing(
        Receipt calldata receipt,
        Signature calldata signature,
        OpenedBatch calldata batch,
        OpenedBatch calldata before
    ) external {
        bytes32 digest = _requireSigned(receipt, signature);
        uint64 index = receipt.batch;
        _requireFinalBatch(index, batch);
        uint256 earlier = 0;
        if (index != 0) {
            _requireBatchBefore(index, before);
            earlier = before.head.scalars.orderCounter();
        }
        if (receipt.slot < batch.head.scalars.orderCounter() - earlier) revert NoFault();
        if (ledger.isVoid(receipt.epoch, index)) revert NoFault();
        bond.slash(Fault.Contradiction, digest, msg.sender);
    }

    /// @inheritdoc IReceiptChallenges
    function proveEquivocation(
        Receipt calldata first,
        Signature calldata firstSignature,
        Receipt calldata second,
        Signature calldata secondSignature
    ) external {
        if (_requireSigned(first, firstSignature) == _requireSigned(second, secondSignature)) revert SameEvidence();
        if (first.epoch != second.epoch) revert NoFault();
        bytes32 id;
        if (first.batch == second.batch && first.slot == second.slot) {
            id = keccak256(abi.encode(first.epoch, first.batch, first.slot));
        } else {
            if (first.commitment != second.commitment) revert NoFault();
            if (!_promises(first.assignment) || !_promises(second.assignment)) revert NoFault();
            (uint64 batch, uint16 slot) = _later(first.batch, first.slot, second.batch, second.slot);
            id = keccak256(abi.encode(first.epoch, first.commitment, batch, slot));
        }
        bond.slash(Fault.Equivocation, id, msg.sender);
    }

    /// @inheritdoc IReceiptChallenges
    function proveDuplicate(Inclusion calldata first, Inclusion calldata second) external {
        if (first.index == second.index && first.slot == second.slot) revert SameEvidence();
        _requireFinal(first.index, hashRecord(first.record));
        _requireFinal(second.index, hashRecord(second.record));
        (uint256 commitment, uint8 assignment) = OrderProof.orderOf(ledger, first);
        (uint256 again, uint8 assignedAgain) = OrderProof.orderOf(ledger, second);
        if (commitment == 0 || commitment != again) revert NoFault();
        // A deferred order may come again, but not in the same batch.
        if (first.index != second.index && (assignment == 0 || assignedAgain == 0)) revert NoFault();
        (uint64 batch, uint16 slot) = _later(first.index, first.slot, second.index, second.slot);
        bond.slash(Fault.Duplicate, keccak256(abi.encode(commitment, batch, slot)), msg.sender);
    }

    /// @inheritdoc IReceiptChallenges
    function noticeOverdue(Receipt calldata receipt, Signature calldata signature) external {
        _requireSigned(receipt, signature);
        uint256 due = uint256(receipt.time) + uint256(ledger.deadline()) * 1_000_000;
        if (block.timestamp * 1_000_000 <= due || !_isMissing(receipt.epoch, receipt.batch)) {
            revert NotOverdue(receipt.batch);
        }
        if (_overdue[receipt.epoch][receipt.batch].isSet()) return;
        Window memory window = WindowLib.from(answerTime, answerBlocks);
        _overdue[receipt.epoch][receipt.batch] = window;
        emit OverdueNoticed(receipt.epoch, receipt.batch, window.untilTime, window.untilBlock);
    }

    /// @inheritdoc IReceiptChallenges
    function proveOverdue(uint64 epoch, uint64 batch, uint64 firstMissing) external {
        Window memory window = _overdue[epoch][batch];
        if (!window.isSet() || !_isMissing(epoch, batch)) revert NotOverdue(batch);
        if (!window.isPast()) revert WindowOpen(window.untilTime, window.untilBlock);
        Window memory since = _sinceSlash;
        if (!since.isPast()) revert WindowOpen(since.untilTime, since.untilBlock);
        bool next = ledger.recordOf(firstMissing) == 0 && (firstMissing == 0 || ledger.recordOf(firstMissing - 1) != 0);
        if (!next || firstMissing > batch) revert NotFirstMissing(firstMissing);
        _sinceSlash = WindowLib.from(answerTime, answerBlocks);
        bond.slash(Fault.Overdue, keccak256(abi.encode(epoch, firstMissing)), msg.sender);
    }

    function _isMissing(uint64 epoch, uint64 batch) private view returns (bool) {
        return ledger.recordOf(batch) == 0 && !ledger.isVoid(epoch, batch);
    }

    /// @dev Whether a receipt promises a shard.
    function _promises(uint8 assignment) private pure returns (bool) {
        return assignment != 0 && assignment != SEALED;
    }

    function _later(uint64 a, uint16 aSlot, uint64 b, uint16 bSlot) private pure returns (uint64 batch, uint16 slot) {
        bool firstIsLater = a > b || (a == b && aSlot > bSlot);
        return firstIsLater ? (a, aSlot) : (b, bSlot);
    }
}
