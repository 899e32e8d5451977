// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochBook} from "./interfaces/IEpochBook.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {ISeedSource} from "./interfaces/ISeedSource.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";
import {IVerifierFactory} from "./interfaces/IVerifierFactory.sol";
import {Blob} from "./lib/Blob.sol";
import {Operated} from "./lib/Operated.sol";
import {FIELD_MODULUS} from "./types/Bn254.sol";
import {FeeWord} from "./types/PolicyWord.sol";

/// @title Epochs of a ledger; see the interface.
/// @dev What is fixed with the announcement is kept as code (see `Blob`): keyCommit, signer, fee word, policy hash, number of verifiers, S policy words, then
/// two words a verifier (slots above the address, verifierId).
abstract contract EpochBook is IEpochBook, Operated {
    uint256 internal constant FIXED_WORDS = 5;
    uint256 private constant MAX_VERIFIERS = 8;

    /// @dev The first three fields share a slot: a batch reads that one and the seed.
    struct Epoch {
        address data;
        uint64 firstBatch;
        uint32 number;
        uint64 seedBlock;
        uint256 seed;
    }

    IPolicyRegistry public immutable registry;
    ISeedSource public immutable seedSource;
    IVerifierFactory public immutable verifierFactory;
    /// @notice Shards of every batch, S.
    uint256 public immutable shards;
    /// @notice Blocks from an announcement to its seed block, at least 1.
    uint64 public immutable seedDelay;

    Epoch private _latest;
    mapping(uint256 epoch => Epoch) private _earlier;

    constructor(IPolicyRegistry registry_, ISeedSource seedSource_, IVerifierFactory factory, uint64 seedDelay_) {
        registry = registry_;
        seedSource = seedSource_;
        verifierFactory = factory;
        shards = registry_.shards();
        seedDelay = seedDelay_;
    }

    /// @inheritdoc IEpochBook
    function announceEpoch(Announcement calldata a) external onlyOperator returns (uint64 epoch) {
        _checkFirstBatch(a.firstBatch);
        if (a.keyCommit == 0 || a.keyCommit >= FIELD_MODULUS) revert KeyCommitInvalid(a.keyCommit);
        if (a.signer == address(0)) revert SignerMissing();
        uint256[] memory words = _fixedWords(a);
        uint64 seedBlock = uint64(block.number) + seedDelay;
        uint32 last = _latest.number;
        _earlier[last] = _latest;
        _latest = Epoch(Blob.write(words), a.firstBatch, last + 1, seedBlock, 0);
        epoch = last + 1;
        emit EpochAnnounced(epoch, a.firstBatch, seedBlock, a.policyHash, a.signer, a.keyCommit);
    }

    /// @inheritdoc IEpochBook
    function openEpoch() external {
        uint64 epoch = _latest.number;
        if (epoch == 0) revert EpochUnknown(0);
        if (_latest.seed != 0) revert EpochAlreadyOpen(epoch);
        bytes32 blockHash = seedSource.hashOf(_latest.seedBlock);
        uint256 seed = uint256(keccak256(abi.encode(block.chainid, this, epoch, blockHash))) % FIELD_MODULUS;
        _latest.seed = seed;
        emit EpochOpened(epoch, seed, blockHash);
    }

    /// @inheritdoc IEpochBook
    function latestEpoch() external view returns (uint64) {
        return _latest.number;
    }

    /// @inheritdoc IEpochBook
    function epochOf(uint64 epoch) external view returns (EpochView memory result) {
        if (epoch == 0 || epoch > _latest.number) revert EpochUnknown(epoch);
        Epoch memory found = epoch == _latest.number ? _latest : _earlier[epoch];
        uint256[] memory words = Blob.read(found.data, 0, Blob.length(found.data));
        result.firstBatch = found.firstBatch;
        result.seedBlock = found.seedBlock;
        result.seed = found.seed;
        (result.keyCommit, result.signer, result.feeWord) = (words[0], address(uint160(words[1])), words[2]);
        result.policyHash = bytes32(words[3]);
        result.policyWords = new uint256[](shards);
        for (uint256 j = 0; j < shards; ++j) {
            result.policyWords[j] = words[FIXED_WORDS + j];
        }
        result.verifiers = new EpochVerifier[](words[4]);
        for (uint256 i = 0; i < words[4]; ++i) {
            uint256 base = FIXED_WORDS + shards + 2 * i;
            result.verifiers[i] = EpochVerifier(
                address(uint160(words[base])),
                words[base] >> 160,
                bytes32(words[base + 1])
            );
        }
    }

    /// @dev Whether a batch is accepted at that index. Indices are accepted without gaps.
    function _isAccepted(uint64 index) internal view virtual returns (bool);

    /// @dev The open epoch that a batch belongs to: the latest, or the one before while the latest has not begun. `end` is the first index past it, as far as
    /// announced.
    function _epochFor(uint256 index) internal view returns (uint64 epoch, address data, uint256 seed, uint256 end) {
        Epoch storage found = _latest;
        uint64 firstBatch;
        (data, firstBatch, epoch) = (found.data, found.firstBatch, found.number);
        end = type(uint256).max;
        if (epoch != 0 && index < firstBatch) {
            end = firstBatch;
            found = _earlier[--epoch];
            data = found.data;
        }
        seed = found.seed;
        if (seed == 0) revert EpochNotOpen(epoch);
    }

    /// @dev An epoch must have an accepted batch before the next is announced, so at most one waits and epochs never overlap.
    function _checkFirstBatch(uint64 firstBatch) private view {
        uint64 latest = _latest.number;
        if (latest == 0) {
            if (firstBatch != 0) revert FirstBatchInvalid(firstBatch);
            return;
        }
        if (!_isAccepted(_latest.firstBatch)) revert EpochWaiting(latest);
        if (_isAccepted(firstBatch)) revert FirstBatchInvalid(firstBatch);
    }

    function _fixedWords(Announcement calldata a) private view returns (uint256[] memory words) {
        uint256 count = a.verifiers.length;
        if (count == 0 || count > MAX_VERIFIERS) revert VerifierCountInvalid(count);
        (, bytes32 policyHash, address data) = registry.active();
        if (policyHash != a.policyHash) revert PolicyNotActive(a.policyHash, policyHash);
        uint256[] memory policy = Blob.read(data, 0, 1 + shards);
        words = new uint256[](FIXED_WORDS + shards + 2 * count);
        (words[0], words[1], words[2], words[3], words[4]) = (
            a.keyCommit,
            uint160(a.signer),
            policy[0],
            uint256(policyHash),
            count
        );
        for (uint256 j = 0; j < shards; ++j) {
            words[FIXED_WORDS + j] = policy[1 + j];
        }
        for (uint256 i = 0; i < count; ++i) {
            uint256 base = FIXED_WORDS + shards + 2 * i;
            (words[base], words[base + 1]) = _readVerifier(a.verifiers[i], FeeWord.wrap(policy[0]).kind());
        }
    }

    function _readVerifier(address account, uint256 kind) private view returns (uint256 packed, uint256 id) {
        if (!verifierFactory.isVerifier(account)) revert VerifierRefused(account);
        IVerifier verifier = IVerifier(account);
        if (verifier.kind() != kind || verifier.shards() != shards) revert VerifierRefused(account);
        return ((verifier.slots() << 160) | uint160(account), uint256(verifier.verifierId()));
    }
}
