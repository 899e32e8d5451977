// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IReputation} from "./interfaces/IReputation.sol";
import {ISeedSource} from "./interfaces/ISeedSource.sol";
import {Credits} from "./lib/Credits.sol";
import {OrderProof} from "./lib/OrderProof.sol";
import {OrderTree} from "./lib/OrderTree.sol";
import {SeedReach} from "./lib/SeedReach.sol";
import {Standing} from "./lib/Standing.sol";
import {Inclusion, RecordPreimage, Terms, hashRecord, hashTerms} from "./types/Inclusion.sol";
import {FeeWord} from "./types/PolicyWord.sol";

/// @title What shards earn, and what their weight is multiplied by; see the interface.
contract Reputation is IReputation, Credits {
    /// @dev Of a closed epoch. `samples` is 0 for one without batches, which changes nothing. `draw` is the hash of the drawn block once somebody has had it kept: from then on
    /// the sample is what it is, however long its tally takes.
    struct Term {
        uint64 firstBatch;
        uint64 batches;
        uint64 drawBlock;
        uint64 samples;
        uint256 tallied;
        bytes32 draw;
    }

    /// @dev Sums over the sample, by shard: orders assigned, surplus due on them, surplus paid.
    struct Sums {
        uint64 assigned;
        uint96 due;
        uint96 paid;
    }

    ILedgerReader public immutable ledger;
    IPolicyRegistry public immutable registry;
    ISeedSource public immutable seedSource;
    /// @notice Who collects the congestion surplus.
    address public immutable insurance;
    /// @notice Wei a unit of the fees in force.
    uint256 public immutable unit;
    /// @notice Batches tallied an epoch, at most.
    uint64 public immutable samples;
    /// @notice Surplus an order that must have been due on a shard, in multiples of feeMin, before its multiplier moves.
    uint256 public immutable evidence;
    uint256 private immutable _shards;

    /// @notice Epochs closed and concluded so far.
    uint64 public closed;
    /// @notice Epochs concluded so far.
    uint64 public concluded;

    mapping(uint256 commitment => bool) private _settled;
    /// @dev Surplus paid in time for the orders of a batch.
    mapping(uint64 index => mapping(uint256 shard => uint256)) private _paid;
    mapping(uint64 epoch => Term) private _terms;
    mapping(uint64 epoch => mapping(uint256 shard => Sums)) private _sums;
    /// @dev Multipliers after an epoch.
    mapping(uint64 epoch => uint256[]) private _after;

    constructor(
        ILedgerReader ledger_,
        IPolicyRegistry registry_,
        ISeedSource seedSource_,
        address insurance_,
        uint256 unit_,
        uint64 samples_,
        uint256 evidence_
    ) {
        if (unit_ == 0 || samples_ == 0 || samples_ > 64 || insurance_ == address(0)) revert ReputationConfigInvalid();
        (ledger, registry, seedSource, insurance) = (ledger_, registry_, seedSource_, insurance_);
        (unit, samples, evidence) = (unit_, samples_, evidence_);
        _shards = registry_.shards();
        _after[0] = Standing.full(_shards);
    }

    /// @inheritdoc IReputation
    function settle(Inclusion calldata inclusion, Terms calldata terms) external payable returns (uint256 commitment) {
        uint8 assignment;
        (commitment, assignment) = OrderProof.orderOf(ledger, inclusion);
        uint64 index = inclusion.index;
        if (hashTerms(terms) != inclusion.record.terms) revert BatchMismatch(index);
        uint64 epoch = ledger.epochAt(index);
        (bytes32 policyHash, uint256 feeWord, ) = ledger.policyOf(epoch);
        if (assignment == 0) revert NotTheShard(assignment, msg.sender);
        uint256 shard = uint256(assignment) - 1;
        if (registry.policy(policyHash).settlements[shard] != msg.sender) revert NotTheShard(assignment, msg.sender);
        if (_settled[commitment]) revert AlreadySettled(commitment);
        _settled[commitment] = true;
        uint256 fee = _feeOf(terms.fees, shard);
        uint256 least = FeeWord.wrap(feeWord).feeMin();
        if (msg.value != fee * unit) revert FeeWrong(fee * unit);
        _credit(msg.sender, least * unit);
        _credit(insurance, (fee - least) * unit);
        if (epoch > closed) _paid[index][shard] += fee - least;
        emit Settled(commitment, uint8(shard), index, fee);
    }

    /// @inheritdoc IReputation
    function close(uint64 epoch) external {
        if (epoch != closed + 1) revert NotNextEpoch(epoch);
        (uint64 first, uint64 end) = ledger.rangeOf(epoch);
        // Over when the batch after its last is accepted, or when it was abandoned.
        if (ledger.recordOf(end) == 0 && !ledger.isVoid(epoch, end)) revert NotNextEpoch(epoch);
        closed = epoch;
        uint64 batches = end - first;
        uint64 count = batches < samples ? batches : samples;
        uint64 drawBlock = uint64(block.number) + 1;
        _terms[epoch] = Term(first, batches, drawBlock, count, 0, 0);
        emit EpochClosed(epoch, drawBlock);
    }

    /// @inheritdoc IReputation
    function draw(uint64 epoch) external {
        _keepDraw(epoch, _undrawn(epoch));
    }

    /// @inheritdoc IReputation
    function redraw(uint64 epoch) external {
        Term storage term = _undrawn(epoch);
        uint64 missed = term.drawBlock;
        if (!SeedReach.isLost(seedSource, missed)) revert DrawInReach(missed);
        uint64 drawBlock = uint64(block.number) + 1;
        term.drawBlock = drawBlock;
        emit SampleRedrawn(epoch, missed, drawBlock);
    }

    /// @inheritdoc IReputation
    function tally(
        uint64 epoch,
        uint256 sample,
        RecordPreimage calldata record,
        Terms calldata terms,
        uint256[] calldata commitments,
        uint256[] calldata assignments
    ) external {
        Term memory term = _terms[epoch];
        if (sample >= term.samples || (term.tallied >> sample) & 1 != 0) revert SampleRefused(sample);
        _terms[epoch].tallied |= 1 << sample;
        if (term.batches > samples && term.draw == 0) _keepDraw(epoch, _terms[epoch]);
        uint64 index = sampleOf(epoch, sample);
        bool same =
            ledger.recordOf(index) == hashRecord(record) &&
                hashTerms(terms) == record.terms &&
                _rootOf(commitments, assignments) == record.orderRoot;
        if (!same) revert BatchMismatch(index);
        (, uint256 feeWord, ) = ledger.policyOf(epoch);
        uint256 least = FeeWord.wrap(feeWord).feeMin();
        uint256[] memory counts = new uint256[](_shards + 1);
        for (uint256 i = 0; i < commitments.length; ++i) {
            ++counts[(assignments[i / 31] >> (8 * (i % 31))) & 0xff];
        }
        for (uint256 j = 0; j < _shards; ++j) {
            if (counts[j + 1] == 0) continue;
            Sums storage sums = _sums[epoch][j];
            sums.assigned += uint64(counts[j + 1]);
            sums.due += uint96(counts[j + 1] * (_feeOf(terms.fees, j) - least));
            sums.paid += uint96(_paid[index][j]);
        }
    }

    /// @inheritdoc IReputation
    function conclude(uint64 epoch) external {
        if (epoch != concluded + 1 || epoch > closed) revert NotNextEpoch(epoch);
        Term memory term = _terms[epoch];
        if (term.tallied != (1 << term.samples) - 1) revert TallyIncomplete(epoch);
        concluded = epoch;
        (, uint256 feeWord, ) = ledger.policyOf(epoch);
        uint256 threshold = evidence * FeeWord.wrap(feeWord).feeMin();
        uint256[] memory scores = new uint256[](_shards);
        for (uint256 j = 0; j < _shards; ++j) {
            Sums memory sums = _sums[epoch][j];
            bool known = sums.due != 0 && sums.due >= threshold * sums.assigned;
            scores[j] = known ? Standing.scoreOf(sums.paid, sums.due) : Standing.UNKNOWN;
        }
        _after[epoch] = Standing.next(_after[epoch - 1], scores);
        emit Concluded(epoch, _after[epoch]);
    }

    /// @inheritdoc IReputation
    function multipliersFor(uint64 epoch) external view returns (uint256[] memory) {
        uint64 last = epoch < 2 ? 0 : epoch - 2;
        return _after[last < concluded ? last : concluded];
    }

    /// @inheritdoc IReputation
    function sampleOf(uint64 epoch, uint256 sample) public view returns (uint64 index) {
        Term memory term = _terms[epoch];
        if (sample >= term.samples) revert SampleRefused(sample);
        // A short epoch is tallied whole.
        if (term.batches <= samples) return term.firstBatch + uint64(sample);
        bytes32 hash = term.draw != 0 ? term.draw : seedSource.hashOf(term.drawBlock);
        return term.firstBatch + uint64(uint256(keccak256(abi.encode(hash, epoch, sample))) % term.batches);
    }

    /// @dev A closed epoch with more batches than samples, whose draw nobody has had kept.
    function _undrawn(uint64 epoch) private view returns (Term storage term) {
        term = _terms[epoch];
        if (term.batches <= samples || term.draw != 0) revert NothingToDraw(epoch);
    }

    function _keepDraw(uint64 epoch, Term storage term) private {
        bytes32 hash = seedSource.hashOf(term.drawBlock);
        term.draw = hash;
        emit SampleDrawn(epoch, hash);
    }

    /// @dev 15 bits each, 16 a word.
    function _feeOf(uint256[] calldata fees, uint256 shard) private pure returns (uint256) {
        return (fees[shard / 16] >> (15 * (shard % 16))) & 0x7fff;
    }

    /// @dev Works on a copy with room behind it: the tree uses up the words that it is made of.
    function _rootOf(uint256[] calldata commitments, uint256[] calldata assignments) private pure returns (bytes32) {
        uint256 count = commitments.length;
        if (assignments.length != (count + 30) / 31) return bytes32(type(uint256).max);
        uint256[] memory copy = new uint256[](count + 4);
        uint256[] memory bytes_ = assignments;
        uint256 from;
        uint256 bytesFrom;
        assembly ("memory-safe") {
            from := add(copy, 0x20)
            bytesFrom := add(bytes_, 0x20)
            calldatacopy(from, commitments.offset, shl(5, count))
        }
        return OrderTree.rootOf(from, bytesFrom, count);
    }
}
