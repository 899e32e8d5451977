// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEpochBook} from "../interfaces/IEpochBook.sol";
import {IPolicyRegistry} from "../interfaces/IPolicyRegistry.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";
import {IVerifierFactory} from "../interfaces/IVerifierFactory.sol";
import {FIELD_MODULUS} from "../types/Bn254.sol";
import {FeeWord} from "../types/PolicyWord.sol";
import {Blob} from "./Blob.sol";
import {ServedWork} from "./ServedWork.sol";
import {WeightScale} from "./WeightScale.sol";

/// @title An epoch as words: keyCommit, seed (0 until it is open), fee word, signer with flags above it, number of verifiers, policy hash, masks of the policy (see
/// `ServedWork`), S policy words (weights multiplied, see `WeightScale`), two words a verifier (slots above the address, verifierId), then the multipliers (16 bits each, 16 a word).
library EpochWords {
    uint256 internal constant KEY_COMMIT = 0;
    uint256 internal constant SEED = 1;
    uint256 internal constant FEE_WORD = 2;
    uint256 internal constant SIGNER = 3;
    uint256 internal constant VERIFIERS = 4;
    uint256 internal constant POLICY_HASH = 5;
    uint256 internal constant MASKS = 6;

    /// @dev Flags in the signer's word.
    uint256 internal constant FROM_RESET = 1 << 160;
    uint256 internal constant SEALED = 1 << 161;

    uint256 internal constant MAX_VERIFIERS = 8;

    /// @dev Multipliers a word.
    uint256 private constant LANES = 16;
    uint256 private constant LANE_BITS = 16;

    /// @notice Position of the first policy word.
    function policyAt(uint256 shards) internal pure returns (uint256) {
        unchecked {
            return MASKS + ServedWork.maskWords(shards);
        }
    }

    /// @notice Position of a verifier's two words.
    function verifierAt(uint256 shards, uint256 verifier) internal pure returns (uint256) {
        unchecked {
            return policyAt(shards) + shards + 2 * verifier;
        }
    }

    /// @notice Checks an announcement and puts its words together, with the active policy.
    /// @param multipliers Of its weights, by shard, each 128 … 256.
    function announced(
        IEpochBook.Announcement calldata a,
        IPolicyRegistry registry,
        IVerifierFactory factory,
        uint256[] memory multipliers
    ) internal view returns (uint256[] memory words) {
        uint256 shards = multipliers.length;
        if (a.keyCommit == 0 || a.keyCommit >= FIELD_MODULUS) revert IEpochBook.KeyCommitInvalid(a.keyCommit);
        if (a.signer == address(0)) revert IEpochBook.SignerMissing();
        uint256 count = a.verifiers.length;
        if (count == 0 || count > MAX_VERIFIERS) revert IEpochBook.VerifierCountInvalid(count);
        (, bytes32 policyHash, address data) = registry.active();
        if (policyHash != a.policyHash) revert IEpochBook.PolicyNotActive(a.policyHash, policyHash);
        uint256 feeWord = Blob.read(data, 0, 1)[0];
        uint256[] memory policyWords = Blob.read(data, 1, shards);
        WeightScale.scale(policyWords, multipliers);
        uint256 packedAt = verifierAt(shards, count);
        words = new uint256[](packedAt + (shards + LANES - 1) / LANES);
        words[KEY_COMMIT] = a.keyCommit;
        words[FEE_WORD] = feeWord;
        words[SIGNER] = uint160(a.signer) | (a.fromReset ? FROM_RESET : 0) | (a.sealedMode ? SEALED : 0);
        words[VERIFIERS] = count;
        words[POLICY_HASH] = uint256(policyHash);
        ServedWork.putMasks(words, MASKS, policyWords);
        uint256 from = policyAt(shards);
        for (uint256 j = 0; j < shards; ++j) {
            words[from + j] = policyWords[j];
            words[packedAt + j / LANES] |= multipliers[j] << (LANE_BITS * (j % LANES));
        }
        uint256 kind = FeeWord.wrap(feeWord).kind();
        for (uint256 i = 0; i < count; ++i) {
            uint256 base = verifierAt(shards, i);
            (words[base], words[base + 1]) = _read(a.verifiers[i], factory, kind, shards);
        }
    }

    /// @notice The signer, of a list that begins with its word.
    function signer(uint256[] memory words) internal pure returns (address) {
        return address(uint160(words[0]));
    }

    /// @notice Hash, fee word and S policy words.
    function policy(
        uint256[] memory words,
        uint256 shards
    ) internal pure returns (bytes32 policyHash, uint256 feeWord, uint256[] memory policyWords) {
        (policyHash, feeWord) = (bytes32(words[POLICY_HASH]), words[FEE_WORD]);
        policyWords = new uint256[](shards);
        uint256 from = policyAt(shards);
        for (uint256 j = 0; j < shards; ++j) {
            policyWords[j] = words[from + j];
        }
    }

    /// @notice What the words tell of an epoch.
    function view_(uint256[] memory words, uint256 shards) internal pure returns (IEpochBook.EpochView memory result) {
        (result.seed, result.keyCommit) = (words[SEED], words[KEY_COMMIT]);
        result.signer = address(uint160(words[SIGNER]));
        result.fromReset = words[SIGNER] & FROM_RESET != 0;
        result.sealedMode = words[SIGNER] & SEALED != 0;
        (result.policyHash, result.feeWord, result.policyWords) = policy(words, shards);
        result.verifiers = new IEpochBook.EpochVerifier[](words[VERIFIERS]);
        for (uint256 i = 0; i < words[VERIFIERS]; ++i) {
            uint256 base = verifierAt(shards, i);
            result.verifiers[i] = IEpochBook.EpochVerifier(
                address(uint160(words[base])),
                words[base] >> 160,
                bytes32(words[base + 1])
            );
        }
        result.multipliers = new uint256[](shards);
        uint256 packedAt = verifierAt(shards, words[VERIFIERS]);
        for (uint256 j = 0; j < shards; ++j) {
            result.multipliers[j] = uint16(words[packedAt + j / LANES] >> (LANE_BITS * (j % LANES)));
        }
    }

    function _read(
        address account,
        IVerifierFactory factory,
        uint256 kind,
        uint256 shards
    ) private view returns (uint256 packed, uint256 id) {
        if (!factory.isVerifier(account)) revert IEpochBook.VerifierRefused(account);
        IVerifier verifier = IVerifier(account);
        if (verifier.kind() != kind || verifier.shards() != shards) revert IEpochBook.VerifierRefused(account);
        return ((verifier.slots() << 160) | uint160(account), uint256(verifier.verifierId()));
    }
}
