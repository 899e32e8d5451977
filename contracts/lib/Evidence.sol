// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBond} from "../interfaces/IBond.sol";
import {IEvidence} from "../interfaces/IEvidence.sol";
import {ILedgerReader} from "../interfaces/ILedgerReader.sol";
import {Head} from "../types/Batch.sol";
import {OpenedBatch, Signature} from "../types/Evidence.sol";
import {hashRecord} from "../types/Inclusion.sol";
import {Receipt} from "../types/Receipt.sol";
import {HeadWords} from "./HeadWords.sol";
import {ReceiptSignature} from "./ReceiptSignature.sol";

/// @title Opens what the ledger recorded, and asks who signed; see the interface.
abstract contract Evidence is IEvidence {
    using HeadWords for uint256[];

    ILedgerReader public immutable ledger;
    IBond public immutable bond;

    /// @inheritdoc IEvidence
    mapping(bytes32 record => uint256) public finalAt;

    /// @param longest The longest window here, seconds.
    constructor(ILedgerReader ledger_, IBond bond_, uint64 longest) {
        if (bond_.withdrawalDelay() <= longest) revert BondLeavesTooEarly();
        (ledger, bond) = (ledger_, bond_);
    }

    /// @inheritdoc IEvidence
    function sight(uint64 index) external {
        bytes32 record = ledger.recordOf(index);
        if (record == 0) revert BatchMismatch(index);
        if (finalAt[record] != 0) return;
        finalAt[record] = block.number + ledger.finalityDepth();
        emit BatchSighted(index, record, finalAt[record]);
    }

    /// @dev Reverts unless the record is that of the accepted batch, and final.
    function _requireFinal(uint64 index, bytes32 record) internal view {
        if (record == 0 || ledger.recordOf(index) != record) revert BatchMismatch(index);
        uint256 from = finalAt[record];
        if (from == 0 || block.number < from) revert NotFinal(index, from);
    }

    /// @dev Reverts unless the batch is accepted, final and opened rightly.
    function _requireFinalBatch(uint64 index, OpenedBatch calldata batch) internal view {
        _requireFinal(index, hashRecord(batch.record));
        _requireHead(index, batch.record.head, batch.head);
    }

    /// @dev Reverts unless it is the batch before a final one, opened rightly: what comes before a final batch is final.
    function _requireBatchBefore(uint64 index, OpenedBatch calldata batch) internal view {
        if (ledger.recordOf(index - 1) != hashRecord(batch.record)) revert BatchMismatch(index - 1);
        _requireHead(index - 1, batch.record.head, batch.head);
    }

    function _requireHead(uint64 index, bytes32 expected, Head calldata head) internal pure {
        if (HeadWords.load(head).hash() != expected) revert BatchMismatch(index);
    }

    /// @dev Reverts unless the receipt's epoch has that signer. Returns the digest, which names the receipt.
    function _requireSigned(
        Receipt calldata receipt,
        Signature calldata signature
    ) internal view returns (bytes32 digest) {
        bytes32 separator = ledger.domainSeparator();
        digest = ReceiptSignature.digestOf(separator, receipt);
        address signer = ReceiptSignature.signerOf(separator, receipt, signature.r, signature.vs);
        if (signer == address(0) || signer != ledger.signerOf(receipt.epoch)) revert SignatureRefused();
    }
}
