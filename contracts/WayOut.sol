// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochBook} from "./EpochBook.sol";
import {SealedBook} from "./SealedBook.sol";
import {ILedgerPenalty} from "./interfaces/ILedgerPenalty.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IWayOut} from "./interfaces/IWayOut.sol";
import {ReceiptSignature} from "./lib/ReceiptSignature.sol";
import {SeedReach} from "./lib/SeedReach.sol";
import {Uptime} from "./lib/Uptime.sol";
import {Receipt} from "./types/Receipt.sol";

/// @title Freezing, abandoning and starting again; see the interface.
abstract contract WayOut is IWayOut, SealedBook {
    using Uptime for Uptime.Clock;

    /// @dev No preimage of this is known: while the ledger is frozen it stands for the head, so that a batch pays nothing for the question.
    bytes32 private constant NO_HEAD = bytes32(uint256(1));

    /// @inheritdoc IWayOut
    address public immutable inbox;
    /// @inheritdoc IWayOut
    ILedgerPenalty public immutable penalty;
    /// @inheritdoc ILedgerReader
    uint64 public immutable deadline;

    bytes32 internal _head;
    bytes32 private _frozenHead;

    constructor(address inbox_, ILedgerPenalty penalty_, uint64 deadline_) {
        (inbox, penalty, deadline) = (inbox_, penalty_, deadline_);
    }

    modifier onlyInbox() {
        if (msg.sender != inbox) revert NotInbox(msg.sender);
        _;
    }

    /// @inheritdoc IWayOut
    function freeze() external onlyInbox {
        if (frozen()) revert LedgerFrozen();
        // Only what can be abandoned is frozen, or there were no way back.
        if (_uptime.since == 0) revert NothingToFreeze();
        _frozenHead = _head;
        _head = NO_HEAD;
        _uptime.stop();
        emit Frozen();
    }

    /// @inheritdoc IWayOut
    function abandonEpoch(uint64 nextIndex) external onlyOperator {
        // To abandon a sealed batch is to throw its draw away.
        bool dropsSeal = _sealedAt(nextIndex) != 0;
        _end(
            nextIndex,
            dropsSeal ? ILedgerPenalty.Reason.SealedBatchUndelivered : ILedgerPenalty.Reason.OperatorAbandoned,
            msg.sender
        );
    }

    /// @inheritdoc IWayOut
    function abandonOverdue(uint64 nextIndex, Receipt calldata receipt, bytes32 r, bytes32 vs) external {
        // What runs or waits ends past the next index, which `_end` holds to be right; all else ends at or before it, an unknown epoch at 0.
        if (_endOf(receipt.epoch) <= nextIndex) revert ReceiptOutdated(receipt.epoch);
        if (_isAccepted(receipt.batch)) revert BatchAcceptedAlready(receipt.batch);
        uint256 until = uint256(receipt.time) / 1_000_000 + deadline + 1;
        if (block.timestamp < until) revert NotOverdue(until);
        if (ReceiptSignature.signerOf(domainSeparator(), receipt, r, vs) != _signerOf(receipt.epoch))
            revert ReceiptSignatureInvalid();
        _end(nextIndex, ILedgerPenalty.Reason.ReceiptOverdue, msg.sender);
    }

    /// @inheritdoc IWayOut
    function abandonUndelivered(uint64 nextIndex) external {
        if (!isUndelivered(nextIndex)) revert NotOverdue(uint256(_sealedAt(nextIndex)) + deadline + 1);
        _end(nextIndex, ILedgerPenalty.Reason.SealedBatchUndelivered, msg.sender);
    }

    /// @inheritdoc IWayOut
    function abandonForced(uint64 nextIndex, address reporter) external onlyInbox {
        _end(nextIndex, ILedgerPenalty.Reason.ForcedOrderOverdue, reporter);
    }

    /// @inheritdoc IWayOut
    function renewSeedBlock() external {
        (uint64 epoch, uint64 missed, uint64 seedBlock) = _renewSeedBlock();
        if (!SeedReach.isLost(seedSource, missed)) revert SeedInReach(missed);
        emit SeedBlockRenewed(epoch, missed, seedBlock);
        _penalize(epoch, ILedgerPenalty.Reason.SeedBlockMissed, msg.sender);
    }

    /// @inheritdoc ILedgerReader
    function head() external view returns (bytes32) {
        return frozen() ? _frozenHead : _head;
    }

    /// @inheritdoc ILedgerReader
    function frozen() public view override(ILedgerReader, EpochBook) returns (bool) {
        return _head == NO_HEAD;
    }

    /// @inheritdoc ILedgerReader
    function isUndelivered(uint64 index) public view returns (bool) {
        uint64 sealedAt = _sealedAt(index);
        return sealedAt != 0 && block.timestamp > uint256(sealedAt) + deadline && !_isAccepted(index);
    }

    /// @dev Ends the live epochs at the next index, lifts a freeze, and only then tells the other contract.
    function _end(uint64 nextIndex, ILedgerPenalty.Reason reason, address reporter) internal {
        if (_live() == 0) revert NothingToAbandon();
        if (_isAccepted(nextIndex) || (nextIndex != 0 && !_isAccepted(nextIndex - 1))) revert NotNextIndex(nextIndex);
        uint64 epoch = _abandon(nextIndex);
        if (frozen()) (_head, _frozenHead) = (_frozenHead, bytes32(0));
        emit EpochEnded(epoch, nextIndex, reason, reporter);
        _penalize(epoch, reason, reporter);
    }

    function _penalize(uint64 epoch, ILedgerPenalty.Reason reason, address reporter) private {
        if (address(penalty) != address(0)) penalty.penalize(epoch, reason, reporter);
    }
}
