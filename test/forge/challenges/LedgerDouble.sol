// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IFreezable} from "../../../contracts/interfaces/IFreezable.sol";
import {ILedgerPenalty} from "../../../contracts/interfaces/ILedgerPenalty.sol";
import {ILedgerReader} from "../../../contracts/interfaces/ILedgerReader.sol";
import {BatchSignature} from "../../../contracts/lib/BatchSignature.sol";
import {RecordPreimage, hashRecord} from "../../../contracts/types/Inclusion.sol";

/// @title A ledger that accepts whatever it is told to, so that dishonest batches can be tried without a proof.
contract LedgerDouble is ILedgerReader, IFreezable {
    struct Span {
        uint64 firstBatch;
        uint64 end;
        bool abandoned;
    }

    address public immutable operator;
    address public immutable epochSigner;
    bytes32 public immutable policyHash;
    uint256 public immutable feeWord;
    uint256 public constant shards = 2;
    uint64 public constant deadline = 600;
    uint64 public constant finalityDepth = 2;
    bool public frozen;
    address public inbox;
    ILedgerPenalty public penalty;

    mapping(uint64 index => bytes32) public recordOf;
    uint64 public nextIndex;
    Span[] private _spans;
    uint64 private _ran;
    uint64 private _since;

    constructor(address signer, bytes32 policyHash_, uint256 feeWord_) {
        (operator, epochSigner, policyHash, feeWord) = (msg.sender, signer, policyHash_, feeWord_);
    }

    function wire(address inbox_, ILedgerPenalty penalty_) external {
        (inbox, penalty) = (inbox_, penalty_);
    }

    /// @dev Ends the running epoch and begins the next, at once.
    function begin() external {
        if (_spans.length > 0 && !_spans[_spans.length - 1].abandoned) _spans[_spans.length - 1].end = nextIndex;
        _spans.push(Span(nextIndex, type(uint64).max, false));
        if (_since == 0) _since = uint64(block.timestamp);
    }

    function accept(RecordPreimage calldata record) external returns (uint64 index) {
        require(!frozen, "frozen");
        index = nextIndex++;
        recordOf[index] = hashRecord(record);
    }

    /// @dev A reorganised chain accepts something else.
    function replace(uint64 index, RecordPreimage calldata record) external {
        recordOf[index] = hashRecord(record);
    }

    function abandon() external {
        _end(ILedgerPenalty.Reason.OperatorAbandoned, msg.sender);
    }

    function abandonForced(uint64 next, address reporter) external {
        require(msg.sender == inbox && next == nextIndex, "inbox");
        _end(ILedgerPenalty.Reason.ForcedOrderOverdue, reporter);
    }

    function freeze() external {
        require(msg.sender == inbox && !frozen, "inbox");
        frozen = true;
        _stop();
    }

    function head() external pure returns (bytes32) {
        return 0;
    }

    function domainSeparator() external view returns (bytes32) {
        return BatchSignature.domainSeparator(address(this));
    }

    function latestEpoch() public view returns (uint64) {
        return uint64(_spans.length);
    }

    function epochAt(uint64 index) external view returns (uint64 epoch) {
        for (uint64 i = 0; i < _spans.length; ++i) {
            if (_spans[i].firstBatch <= index && index < _spans[i].end) epoch = i + 1;
        }
    }

    function rangeOf(uint64 epoch) external view returns (uint64, uint64) {
        Span memory span = _spans[epoch - 1];
        return (span.firstBatch, span.end);
    }

    function signerOf(uint64 epoch) external view returns (address) {
        require(epoch != 0 && epoch <= _spans.length, "epoch");
        return epochSigner;
    }

    function policyOf(uint64) external view returns (bytes32, uint256, uint256[] memory) {
        return (policyHash, feeWord, new uint256[](shards));
    }

    function isVoid(uint64 epoch, uint64 index) external view returns (bool) {
        if (epoch == 0 || epoch > _spans.length) return false;
        return _spans[epoch - 1].abandoned && index >= _spans[epoch - 1].end;
    }

    /// @dev No epoch here is in sealed mode.
    function sealOf(uint64, uint64) external pure returns (bytes32, uint64, uint64) {
        return (0, 0, 0);
    }

    function isUndelivered(uint64) external pure returns (bool) {
        return false;
    }

    function uptime() public view returns (uint64) {
        return _ran + (_since == 0 ? 0 : uint64(block.timestamp) - _since);
    }

    function _end(ILedgerPenalty.Reason reason, address reporter) private {
        Span storage span = _spans[_spans.length - 1];
        (span.end, span.abandoned, frozen) = (nextIndex, true, false);
        _stop();
        penalty.penalize(latestEpoch(), reason, reporter);
    }

    function _stop() private {
        (_ran, _since) = (uptime(), 0);
    }
}
