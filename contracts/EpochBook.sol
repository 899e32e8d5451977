// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochTerms} from "./EpochTerms.sol";
import {IEpochBook} from "./interfaces/IEpochBook.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IReputation} from "./interfaces/IReputation.sol";
import {ISeedSource} from "./interfaces/ISeedSource.sol";
import {IVerifierFactory} from "./interfaces/IVerifierFactory.sol";
import {Blob} from "./lib/Blob.sol";
import {EpochWords} from "./lib/EpochWords.sol";
import {Operated} from "./lib/Operated.sol";
import {Uptime} from "./lib/Uptime.sol";
import {FIELD_MODULUS} from "./types/Bn254.sol";

/// @title Epochs of a ledger; see the interface.
/// @dev What an epoch is made of is kept as code (see `EpochWords`): once when it is announced and, with its seed, once more when it is opened. So a batch
/// reads one slot and one blob.
abstract contract EpochBook is IEpochBook, Operated {
    using EpochWords for uint256[];
    using Uptime for Uptime.Clock;

    /// @dev What a batch reads. `data` is 0 unless the latest epoch is open.
    struct Latest {
        address data;
        uint64 firstBatch;
        uint32 number;
    }

    struct Epoch {
        address data;
        uint64 firstBatch;
        bool opened;
        bool abandoned;
        uint64 end;
        uint64 seedBlock;
    }

    uint64 private constant OPEN_END = type(uint64).max;

    IPolicyRegistry public immutable registry;
    ISeedSource public immutable seedSource;
    IVerifierFactory public immutable verifierFactory;
    /// @notice What the weights of an epoch's policy are multiplied by; zero for nothing.
    IReputation public immutable reputation;
    /// @notice Checks announcements and puts them into words; the ledger's own.
    EpochTerms public immutable epochTerms;
    /// @inheritdoc ILedgerReader
    uint256 public immutable shards;
    /// @notice Blocks from an announcement to its seed block, at least 1.
    uint64 public immutable seedDelay;

    Latest private _latest;
    mapping(uint256 number => Epoch) private _epochs;
    Uptime.Clock internal _uptime;

    constructor(
        IPolicyRegistry registry_,
        ISeedSource seedSource_,
        IVerifierFactory factory,
        IReputation reputation_,
        uint64 seedDelay_
    ) {
        registry = registry_;
        seedSource = seedSource_;
        verifierFactory = factory;
        reputation = reputation_;
        epochTerms = new EpochTerms(registry_, factory, reputation_);
        shards = registry_.shards();
        seedDelay = seedDelay_;
    }

    /// @inheritdoc IEpochBook
    function announceEpoch(Announcement calldata a) external onlyOperator returns (uint64 epoch) {
        uint32 last = _latest.number;
        bool resumes = last != 0 && _epochs[last].abandoned;
        _checkFirstBatch(last, resumes, a.firstBatch);
        if (a.fromReset && !resumes) revert ResetRefused();
        uint64 seedBlock = _nextSeedBlock();
        (uint256[] memory words, uint256[] memory multipliers) = epochTerms.wordsOf(last + 1, a);
        address data = Blob.write(words);
        if (last != 0 && !resumes) _epochs[last].end = a.firstBatch;
        _epochs[last + 1] = Epoch(data, a.firstBatch, false, false, OPEN_END, seedBlock);
        _latest = Latest(address(0), a.firstBatch, last + 1);
        epoch = last + 1;
        emit EpochAnnounced(
            epoch,
            a.firstBatch,
            seedBlock,
            a.policyHash,
            a.signer,
            a.keyCommit,
            a.fromReset,
            a.sealedMode,
            multipliers
        );
    }

    /// @inheritdoc IEpochBook
    function openEpoch() external {
        (uint64 epoch, Epoch storage latest) = _unopened();
        bytes32 blockHash = seedSource.hashOf(latest.seedBlock);
        uint256 seed = uint256(keccak256(abi.encode(block.chainid, this, epoch, blockHash))) % FIELD_MODULUS;
        uint256[] memory words = _wordsOf(latest);
        words[EpochWords.SEED] = seed;
        address data = Blob.write(words);
        (latest.data, latest.opened) = (data, true);
        _latest.data = data;
        if (!frozen()) _uptime.start();
        emit EpochOpened(epoch, seed, blockHash);
    }

    /// @inheritdoc IEpochBook
    function epochOf(uint64 epoch) external view returns (EpochView memory result) {
        Epoch storage found = _known(epoch);
        result = _wordsOf(found).view_(shards);
        (result.firstBatch, result.end) = (found.firstBatch, found.end);
        (result.seedBlock, result.abandoned) = (found.seedBlock, found.abandoned);
    }

    /// @inheritdoc ILedgerReader
    function latestEpoch() external view returns (uint64) {
        return _latest.number;
    }

    /// @inheritdoc ILedgerReader
    function epochAt(uint64 index) external view returns (uint64 epoch) {
        // First batches never fall from epoch to epoch, so the last one at or below the index is found by halving.
        uint256 low = 0;
        uint256 high = _latest.number;
        while (low < high) {
            uint256 middle = (low + high + 1) / 2;
            if (_epochs[middle].firstBatch <= index) low = middle;
            else high = middle - 1;
        }
        if (low != 0 && index < _epochs[low].end) epoch = uint64(low);
    }

    /// @inheritdoc ILedgerReader
    function rangeOf(uint64 epoch) external view returns (uint64 firstBatch, uint64 end) {
        Epoch storage found = _known(epoch);
        return (found.firstBatch, found.end);
    }

    /// @inheritdoc ILedgerReader
    function signerOf(uint64 epoch) external view returns (address) {
        return _signerOf(epoch);
    }

    /// @inheritdoc ILedgerReader
    function policyOf(
        uint64 epoch
    ) external view returns (bytes32 policyHash, uint256 feeWord, uint256[] memory policyWords) {
        return _wordsOf(_known(epoch)).policy(shards);
    }

    /// @inheritdoc ILedgerReader
    function isVoid(uint64 epoch, uint64 index) external view returns (bool) {
        Epoch storage found = _epochs[epoch];
        return found.abandoned && index >= found.end;
    }

    /// @inheritdoc ILedgerReader
    function uptime() external view returns (uint64) {
        return _uptime.read();
    }

    /// @inheritdoc ILedgerReader
    function frozen() public view virtual returns (bool);

    /// @dev Whether a batch is accepted at that index. Indices are accepted without gaps.
    function _isAccepted(uint64 index) internal view virtual returns (bool);

    /// @dev The open epoch that a batch belongs to: the latest, or the one before while the latest has not begun. `end` is the first index past it, as far as
    /// announced.
    function _epochFor(uint256 index) internal view returns (uint256 epoch, address data, uint256 end) {
        uint256 firstBatch;
        (data, firstBatch, epoch) = (_latest.data, _latest.firstBatch, _latest.number);
        end = type(uint256).max;
        if (index < firstBatch) {
            end = firstBatch;
            Epoch storage before = _epochs[--epoch];
            data = before.abandoned ? address(0) : before.data;
        }
        if (data == address(0)) revert EpochNotOpen(uint64(epoch));
    }

    /// @dev Ends what runs and what waits at the next index. Returns the latest epoch.
    function _abandon(uint64 next) internal returns (uint64 epoch) {
        epoch = _latest.number;
        Epoch storage latest = _epochs[epoch];
        uint64 firstBatch = latest.firstBatch;
        (latest.abandoned, latest.end) = (true, next);
        if (firstBatch > next) {
            // It waits, and the one before it still runs.
            latest.firstBatch = next;
            Epoch storage running = _epochs[epoch - 1];
            (running.abandoned, running.end) = (true, next);
        }
        _latest = Latest(address(0), next, uint32(epoch));
        _uptime.stop();
    }

    /// @dev Fixes another seed block for the announced epoch, whose own is out of reach. Returns both.
    function _renewSeedBlock() internal returns (uint64 epoch, uint64 missed, uint64 seedBlock) {
        Epoch storage latest;
        (epoch, latest) = _unopened();
        missed = latest.seedBlock;
        seedBlock = _nextSeedBlock();
        latest.seedBlock = seedBlock;
    }

    /// @dev Number of the latest epoch, and whether it runs or waits: 0 when none does.
    function _live() internal view returns (uint64 latest) {
        latest = _latest.number;
        if (_epochs[latest].abandoned) latest = 0;
    }

    function _signerOf(uint64 epoch) internal view returns (address) {
        return Blob.read(_known(epoch).data, EpochWords.SIGNER, 1).signer();
    }

    function _endOf(uint64 epoch) internal view returns (uint64) {
        return _epochs[epoch].end;
    }

    function _firstOf(uint64 epoch) internal view returns (uint64) {
        return _epochs[epoch].firstBatch;
    }

    /// @dev The open epoch that an index belongs to; 0 for none.
    function _openEpochOf(uint64 index) internal view returns (uint256 epoch) {
        epoch = _latest.number;
        if (index < _latest.firstBatch) --epoch;
        if (!_epochs[epoch].opened || _epochs[epoch].abandoned) epoch = 0;
    }

    function _nextSeedBlock() internal view returns (uint64) {
        return uint64(block.number) + seedDelay;
    }

    function _unopened() private view returns (uint64 epoch, Epoch storage latest) {
        epoch = _latest.number;
        if (epoch == 0) revert EpochUnknown(0);
        latest = _epochs[epoch];
        if (latest.abandoned) revert EpochAbandoned(epoch);
        if (latest.opened) revert EpochAlreadyOpen(epoch);
    }

    function _known(uint64 epoch) private view returns (Epoch storage) {
        if (epoch == 0 || epoch > _latest.number) revert EpochUnknown(epoch);
        return _epochs[epoch];
    }

    function _wordsOf(Epoch storage found) private view returns (uint256[] memory) {
        return Blob.read(found.data, 0, Blob.length(found.data));
    }

    /// @dev An epoch must have an accepted batch, or be abandoned, before the next is announced: so at most one waits and epochs never overlap.
    function _checkFirstBatch(uint64 latest, bool resumes, uint64 firstBatch) private view {
        if (latest == 0) {
            if (firstBatch != 0) revert FirstBatchInvalid(firstBatch);
        } else if (resumes) {
            if (firstBatch != _epochs[latest].end) revert FirstBatchInvalid(firstBatch);
        } else {
            if (!_isAccepted(_epochs[latest].firstBatch)) revert EpochWaiting(latest);
            if (_isAccepted(firstBatch)) revert FirstBatchInvalid(firstBatch);
        }
    }
}
