// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchSignature} from "../lib/BatchSignature.sol";
import {HeadWords} from "../lib/HeadWords.sol";
import {OrderTree} from "../lib/OrderTree.sol";
import {StatementLib} from "../lib/StatementLib.sol";
import {Words} from "../lib/Words.sol";
import {Head} from "../types/Batch.sol";
import {FIELD_MODULUS} from "../types/Bn254.sol";
import {RecordPreimage, hashRecord} from "../types/Inclusion.sol";
import {FeeWord, PolicyWord} from "../types/PolicyWord.sol";

/// @title Shows the ledger's building blocks one by one, for the shared vectors.
contract VectorProbe {
    using StatementLib for uint256[];
    using Words for uint256[];

    /// @param buffer chainId, ledger, beneficiary, verifierId, D, then V.
    function bind(uint256[] memory buffer) external pure returns (uint256 alpha, uint256 y, bytes32 statementHash) {
        uint256 prefix = StatementLib.PREFIX;
        buffer.requireInField(prefix, buffer.length);
        alpha = uint256(buffer.hash(0, buffer.length)) % FIELD_MODULUS;
        return (alpha, buffer.evaluate(alpha), buffer.hash(prefix, buffer.length - prefix));
    }

    function orderRoot(uint256[] memory commitments, uint256[] memory assignments) external pure returns (bytes32) {
        uint256[2] memory addresses;
        assembly ("memory-safe") {
            mstore(addresses, add(commitments, 0x20))
            mstore(add(addresses, 0x20), add(assignments, 0x20))
        }
        return OrderTree.rootOf(addresses[0], addresses[1], commitments.length);
    }

    function leaf(uint256[4] memory commitments, uint8[4] memory assignments) external pure returns (bytes32) {
        return OrderTree.leafOf(commitments, assignments);
    }

    function climb(bytes32 from, uint256 position, bytes32[] memory path) external pure returns (bytes32) {
        return OrderTree.climb(from, position, path);
    }

    function head(Head calldata value) external pure returns (bytes32) {
        return HeadWords.hash(HeadWords.load(value));
    }

    function record(RecordPreimage calldata value) external pure returns (bytes32) {
        return hashRecord(value);
    }

    function separator(address ledger) external view returns (bytes32) {
        return BatchSignature.domainSeparator(ledger);
    }

    function signer(
        bytes32 domain,
        uint256 epoch,
        uint256 index,
        bytes32 statementHash,
        bytes32 r,
        bytes32 vs
    ) external pure returns (address) {
        return BatchSignature.signerOf(domain, epoch, index, statementHash, r, vs);
    }

    /// @return weight[0], weight[1], tau, limit, trip, reset, skew, reporting.
    function policyFields(PolicyWord word) external pure returns (uint256[8] memory) {
        return
            [
                word.weight(0),
                word.weight(1),
                word.tau(),
                word.limit(),
                word.trip(),
                word.reset(),
                word.skew(),
                word.reporting() ? 1 : 0
            ];
    }

    /// @return feeMin, feeMax, kind.
    function feeFields(FeeWord word) external pure returns (uint256[3] memory) {
        return [word.feeMin(), word.feeMax(), word.kind()];
    }
}
