// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Receipt, Served} from "../types/Receipt.sol";

/// @title EIP-712 signatures over receipts, served reports and seals, in the ledger's signing domain (protocol, sections 5, 6 and 9).
library ReceiptSignature {
    bytes32 internal constant RECEIPT_TYPE = keccak256(
        "Receipt(uint64 epoch,uint64 batch,uint16 slot,uint256 commitment,uint8 assignment,uint64 time)"
    );
    bytes32 internal constant SEAL_TYPE = keccak256("Seal(uint64 epoch,uint64 index,bytes32 sealHash)");
    bytes32 internal constant SERVED_TYPE = keccak256("Served(uint64 epoch,uint8 shard,uint64 counter,uint64 time)");

    /// @notice Account that signed the receipt, or the zero address.
    /// @param vs s with the recovery bit on top (EIP-2098).
    function signerOf(
        bytes32 separator,
        Receipt memory receipt,
        bytes32 r,
        bytes32 vs
    ) internal pure returns (address) {
        return _recover(digestOf(separator, receipt), r, vs);
    }

    /// @notice Account that signed the report, or the zero address.
    function signerOf(bytes32 separator, Served memory report, bytes32 r, bytes32 vs) internal pure returns (address) {
        return _recover(digestOf(separator, report), r, vs);
    }

    /// @notice Account that signed the seal of a batch, or the zero address.
    function signerOfSeal(
        bytes32 separator,
        uint64 epoch,
        uint64 index,
        bytes32 sealHash,
        bytes32 r,
        bytes32 vs
    ) internal pure returns (address) {
        bytes32 message = keccak256(abi.encode(SEAL_TYPE, epoch, index, sealHash));
        return _recover(_digest(separator, message), r, vs);
    }

    /// @notice What the epoch's signer signs of a receipt; it names the receipt.
    function digestOf(bytes32 separator, Receipt memory receipt) internal pure returns (bytes32) {
        return _digest(separator, keccak256(abi.encode(RECEIPT_TYPE, receipt)));
    }

    /// @notice What a shard signs of its finished work.
    function digestOf(bytes32 separator, Served memory report) internal pure returns (bytes32) {
        return _digest(separator, keccak256(abi.encode(SERVED_TYPE, report)));
    }

    function _digest(bytes32 separator, bytes32 message) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, message));
    }

    function _recover(bytes32 digest, bytes32 r, bytes32 vs) private pure returns (address) {
        uint256 s = uint256(vs) & (type(uint256).max >> 1);
        return ecrecover(digest, uint8((uint256(vs) >> 255) + 27), r, bytes32(s));
    }
}
