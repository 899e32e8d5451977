// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IPoseidon2} from "../interfaces/IPoseidon2.sol";
import {OrderOpening} from "../lib/OrderOpening.sol";
import {ReceiptSignature} from "../lib/ReceiptSignature.sol";
import {Opening, OrderDetails} from "../types/Evidence.sol";
import {Receipt, Served} from "../types/Receipt.sol";

/// @title Shows the challenges' hashes one by one, for the shared vectors.
contract TypedDataProbe {
    function receiptDigest(bytes32 separator, Receipt calldata receipt) external pure returns (bytes32) {
        return ReceiptSignature.digestOf(separator, receipt);
    }

    function servedDigest(bytes32 separator, Served calldata report) external pure returns (bytes32) {
        return ReceiptSignature.digestOf(separator, report);
    }

    function details(bytes32 separator, OrderDetails calldata value) external pure returns (uint256) {
        return OrderOpening.fieldOf(value, separator);
    }

    function commitment(IPoseidon2 poseidon, Opening calldata opening) external pure returns (uint256) {
        return OrderOpening.commitmentOf(opening, poseidon);
    }
}
