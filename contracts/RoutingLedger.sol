// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochBook} from "./EpochBook.sol";
import {SealedBook} from "./SealedBook.sol";
import {WayOut} from "./WayOut.sol";
import {ILedgerPenalty} from "./interfaces/ILedgerPenalty.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IReputation} from "./interfaces/IReputation.sol";
import {IRoutingLedger} from "./interfaces/IRoutingLedger.sol";
import {ISeedSource} from "./interfaces/ISeedSource.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";
import {IVerifierFactory} from "./interfaces/IVerifierFactory.sol";
import {BatchSignature} from "./lib/BatchSignature.sol";
import {Blob} from "./lib/Blob.sol";
import {ClaimCall} from "./lib/ClaimCall.sol";
import {EpochWords} from "./lib/EpochWords.sol";
import {HeadWords} from "./lib/HeadWords.sol";
import {Operated} from "./lib/Operated.sol";
import {OrderTree} from "./lib/OrderTree.sol";
import {ServedWork} from "./lib/ServedWork.sol";
import {StatementLib} from "./lib/StatementLib.sol";
import {Words} from "./lib/Words.sol";
import {Head, Submission} from "./types/Batch.sol";
import {FIELD_MODULUS} from "./types/Bn254.sol";
import {HeadScalars} from "./types/HeadScalars.sol";
import {RecordPreimage, hashRecord} from "./types/Inclusion.sol";

/// @title The ledger of proven batches; see the interface.
contract RoutingLedger is IRoutingLedger, WayOut {
    using StatementLib for uint256[];
    using HeadWords for uint256[];
    using Words for uint256[];

    /// @notice What a ledger is made with; fixed for its life but for the operator.
    /// @param genesisState State hash before the first batch.
    /// @param resetState State hash to start again from.
    /// @param deadline Seconds from a batch's time to when it must be accepted.
    /// @param finalityDepth Blocks after which events count as final.
    /// @param minInterval Least time between two batches, µs; 1 … 2^40 − 1.
    /// @param seedDelay Blocks from an epoch's announcement to its seed block, at least 1.
    /// @param inbox The contract that may freeze, for forced orders; zero for none.
    /// @param penalty The contract that is told of penalties; zero for none.
    /// @param reputation The contract that says what weights are multiplied by; zero for none. It may be deployed later.
    struct Config {
        address operator;
        IPolicyRegistry registry;
        ISeedSource seedSource;
        IVerifierFactory verifierFactory;
        uint256 genesisState;
        uint256 resetState;
        uint64 deadline;
        uint64 finalityDepth;
        uint64 minInterval;
        uint64 seedDelay;
        address inbox;
        ILedgerPenalty penalty;
        IReputation reputation;
    }

    /// @dev What a call carries from batch to batch. The buffer is alpha's preimage: what is the same for all batches of the call is written once.
    struct Run {
        uint256[] head;
        uint256[] buffer;
        StatementLib.Layout places;
        uint256 masks;
        uint256 claim;
        bytes32 separator;
        address signer;
        IVerifier verifier;
        uint256 position;
        uint256 slots;
        bool sealedMode;
    }

    uint256 private constant ELAPSED_MAX = (1 << 40) - 1;

    /// @dev Where a submission's lot holds what. Without the verifier it is the last word of the terms.
    uint256 private constant COUNT_SHIFT = 64;
    uint256 private constant COUNT_MASK = (1 << 24) - 1;
    uint256 private constant VERIFIER_SHIFT = 88;
    uint256 private constant VERIFIER_MASK = 0xff << VERIFIER_SHIFT;
    uint256 private constant BENEFICIARY_SHIFT = 96;

    /// @inheritdoc IRoutingLedger
    uint256 public immutable genesisState;
    /// @inheritdoc IRoutingLedger
    uint256 public immutable resetState;
    /// @inheritdoc ILedgerReader
    uint64 public immutable finalityDepth;
    /// @inheritdoc IRoutingLedger
    uint64 public immutable minInterval;

    /// @inheritdoc ILedgerReader
    mapping(uint64 index => bytes32) public recordOf;

    bytes32 private immutable _separator;
    uint256 private immutable _separatorChain;

    constructor(
        Config memory config
    )
        Operated(config.operator)
        EpochBook(config.registry, config.seedSource, config.verifierFactory, config.reputation, config.seedDelay)
        WayOut(config.inbox, config.penalty, config.deadline)
    {
        if (
            config.genesisState >= FIELD_MODULUS ||
            config.resetState >= FIELD_MODULUS ||
            config.deadline == 0 ||
            config.minInterval == 0 ||
            config.minInterval > ELAPSED_MAX ||
            config.seedDelay == 0
        ) revert ConfigInvalid();
        genesisState = config.genesisState;
        resetState = config.resetState;
        finalityDepth = config.finalityDepth;
        minInterval = config.minInterval;
        _separator = BatchSignature.domainSeparator(address(this));
        _separatorChain = block.chainid;
        _head = HeadWords.genesis(config.genesisState, config.registry.shards()).hash();
    }

    /// @inheritdoc IRoutingLedger
    function submitBatch(Head calldata previous, Submission calldata submission) external {
        Run memory run = _begin(previous, uint8(submission.lot >> VERIFIER_SHIFT), 1);
        uint256 claims = run.claim;
        _head = _accept(run, submission);
        ClaimCall.verify(run.verifier, claims);
    }

    /// @inheritdoc IRoutingLedger
    function submitBatches(Head calldata previous, Submission[] calldata submissions) external {
        uint256 count = submissions.length;
        if (count == 0) revert NoBatches();
        Run memory run = _begin(previous, uint8(submissions[0].lot >> VERIFIER_SHIFT), count);
        uint256 claims = run.claim;
        bytes32 newHead;
        for (uint256 i = 0; i < count; ++i) {
            newHead = _accept(run, submissions[i]);
        }
        _head = newHead;
        ClaimCall.verifyMany(run.verifier, claims, count);
    }

    /// @inheritdoc ILedgerReader
    function domainSeparator() public view override(ILedgerReader, SealedBook) returns (bytes32) {
        return block.chainid == _separatorChain ? _separator : BatchSignature.domainSeparator(address(this));
    }

    function _isAccepted(uint64 index) internal view override returns (bool) {
        return recordOf[index] != 0;
    }

    /// @dev Opens the head and writes what the call's batches have in common: epoch, verifier, policy.
    function _begin(Head calldata previous, uint256 position, uint256 batches) private view returns (Run memory run) {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert CallerNotCodelessOrigin();
        uint256[] memory before = HeadWords.load(previous);
        bytes32 opened = before.hash();
        if (opened != _head) _refuseHead(opened);

        uint256 index = before.scalars().nextIndex();
        (uint256 epoch, address data, uint256 end) = _epochFor(index);
        unchecked {
            if (index + batches > end) revert EpochEnds(end);
        }
        if (position >= EpochWords.MAX_VERIFIERS) revert VerifierUnknown(position);
        // All that the batch needs, up to its verifier: what lies behind the blob reads as zeros.
        uint256 facts = EpochWords.verifierAt(shards, position + 1);
        uint256[] memory words = Words.allocate(facts);
        Blob.copy(data, 0, facts, words.addressOf(0));
        if (position >= words.get(EpochWords.VERIFIERS)) revert VerifierUnknown(position);
        if (before.scalars().epoch() != epoch) {
            before.enter(epoch);
            if (words.get(EpochWords.SIGNER) & EpochWords.FROM_RESET != 0) before.set(HeadWords.STATE, resetState);
        }
        (run.head, run.separator, run.position) = (before, domainSeparator(), position);
        run.signer = address(uint160(words.get(EpochWords.SIGNER)));
        run.sealedMode = words.get(EpochWords.SIGNER) & EpochWords.SEALED != 0;
        run.claim = ClaimCall.allocate(batches);
        _prepare(run, words);
    }

    /// @dev Lays the buffer out for the verifier's slots, and writes what the epoch knows.
    function _prepare(Run memory run, uint256[] memory epoch) private view {
        unchecked {
            uint256 verifier = EpochWords.verifierAt(shards, run.position);
            uint256 packed = epoch.get(verifier);
            run.verifier = IVerifier(address(uint160(packed)));
            run.slots = packed >> 160;
            StatementLib.Layout memory places = StatementLib.layoutOf(shards, run.slots);
            uint256[] memory buffer = StatementLib.allocate(places);
            buffer.set(StatementLib.CHAIN, block.chainid);
            buffer.set(StatementLib.LEDGER, uint160(address(this)));
            buffer.set(StatementLib.VERIFIER_ID, epoch.get(verifier + 1));
            buffer.set(StatementLib.KEY_COMMIT, epoch.get(EpochWords.KEY_COMMIT));
            buffer.set(StatementLib.SEED, epoch.get(EpochWords.SEED));
            buffer.set(StatementLib.FEE_WORD, epoch.get(EpochWords.FEE_WORD));
            epoch.copy(EpochWords.policyAt(shards), buffer.addressOf(places.policy), shards);
            (run.places, run.buffer, run.masks) = (places, buffer, epoch.addressOf(EpochWords.MASKS));
        }
    }

    /// @dev Accepts one batch but for its proof, whose claim it writes, and moves the run's head on, whose hash it returns. Whatever fails later undoes it by reverting.
    function _accept(Run memory run, Submission calldata s) private returns (bytes32 newHead) {
        uint256[] memory buffer = run.buffer;
        uint256 lot = s.lot;
        uint256 count = (lot >> COUNT_SHIFT) & COUNT_MASK;
        uint256[] calldata counters = _assemble(run, s, lot, count);
        if (run.sealedMode) _deliver(run, counters, count);
        uint256 end = run.places.end;
        bytes32 statementHash;
        unchecked {
            // All other words are the ledger's own, or shorter than p.
            buffer.requireInField(StatementLib.STATE_AFTER, run.places.served);
            buffer.requireInField(run.places.commitments, run.places.commitments + count);
            statementHash = buffer.hash(StatementLib.PREFIX, end - StatementLib.PREFIX);
        }
        uint256 alpha = uint256(buffer.hash(0, end)) % FIELD_MODULUS;
        run.claim = ClaimCall.put(run.claim, s.digest, alpha, buffer.evaluate(alpha), s.proof);

        HeadScalars scalars = run.head.scalars();
        (uint256 epoch, uint256 index) = (scalars.epoch(), scalars.nextIndex());
        address signer = BatchSignature.signerOf(run.separator, epoch, index, statementHash, s.r, s.vs);
        if (signer != run.signer) revert SignatureInvalid();
        return _keep(run, counters, statementHash, lot, count);
    }

    /// @dev Writes the batch's words into the buffer: what the ledger knows itself, then what calldata brings, with zeros from count to N.
    function _assemble(
        Run memory run,
        Submission calldata s,
        uint256 lot,
        uint256 count
    ) private view returns (uint256[] calldata counters) {
        uint256[] memory before = run.head;
        uint256[] memory buffer = run.buffer;
        StatementLib.Layout memory places = run.places;
        if (uint8(lot >> VERIFIER_SHIFT) != run.position) revert VerifiersDiffer();
        if (count > run.slots) revert TooManyOrders(count, run.slots);
        if (s.digest >= FIELD_MODULUS) revert DigestOutOfField();
        HeadScalars scalars = before.scalars();
        uint256 time = uint64(lot);
        uint256 elapsed = _elapsed(scalars.time(), time);

        buffer.set(StatementLib.BENEFICIARY, lot >> BENEFICIARY_SHIFT);
        buffer.set(StatementLib.DIGEST, s.digest);
        buffer.set(StatementLib.INDEX, scalars.nextIndex());
        buffer.set(StatementLib.ORDER_COUNTER, scalars.orderCounter());
        buffer.set(StatementLib.TIME, time);
        buffer.set(StatementLib.ELAPSED, elapsed);
        buffer.set(StatementLib.STATE_BEFORE, before.get(HeadWords.STATE));
        buffer.set(StatementLib.STATE_AFTER, s.stateAfter);
        buffer.set(StatementLib.COUNT, count);
        uint256[] calldata words = s.words;
        unchecked {
            uint256 lanes = (shards + 3) / 4;
            uint256 bytes_ = (count + 30) / 31;
            // Fees and mask lie side by side in V too.
            uint256 from = places.served - places.fees;
            if (words.length != from + lanes + count + bytes_) revert LengthsInvalid();
            buffer.put(places.fees, words.part(0, from));
            counters = words.part(from, lanes);
            from += lanes;
            buffer.putPadded(places.commitments, places.assignments, words.part(from, count));
            uint256[] calldata assignments = words.part(from + count, bytes_);
            StatementLib.checkAssignments(assignments, count);
            buffer.putPadded(places.assignments, places.end, assignments);
        }
        ServedWork.fill(
            buffer.addressOf(places.served),
            run.masks,
            shards,
            before.addressOf(HeadWords.COUNTERS),
            counters,
            elapsed
        );
    }

    /// @dev Holds a batch to its seal, and takes the seed that was not known then.
    function _deliver(Run memory run, uint256[] calldata counters, uint256 count) private {
        uint256[] memory buffer = run.buffer;
        bytes32 sealHash = StatementLib.sealHash(
            buffer.get(StatementLib.TIME),
            counters,
            buffer.addressOf(run.places.commitments),
            count
        );
        HeadScalars scalars = run.head.scalars();
        uint256 seed = _openSeal(scalars.epoch(), scalars.nextIndex(), sealHash);
        buffer.set(StatementLib.SEED, seed);
    }

    /// @dev Moves the head on, keeps the record and tells the world. Uses the buffer's words up.
    function _keep(
        Run memory run,
        uint256[] calldata counters,
        bytes32 statementHash,
        uint256 lot,
        uint256 count
    ) private returns (bytes32 newHead) {
        uint256[] memory buffer = run.buffer;
        StatementLib.Layout memory places = run.places;
        uint64 index = run.head.scalars().nextIndex();
        bytes32 orderRoot = OrderTree.rootOf(
            buffer.addressOf(places.commitments),
            buffer.addressOf(places.assignments),
            count
        );
        // The terms' words are fees and mask as they lie, and one more: over the first word of served work.
        buffer.set(places.served, lot & ~VERIFIER_MASK);
        bytes32 terms;
        unchecked {
            terms = buffer.hash(places.fees, places.served + 1 - places.fees);
        }
        run.head.advance(buffer.get(StatementLib.STATE_AFTER), buffer.get(StatementLib.TIME), count, counters);
        newHead = run.head.hash();
        recordOf[index] = hashRecord(RecordPreimage(orderRoot, statementHash, newHead, terms));
        address beneficiary = address(uint160(lot >> BENEFICIARY_SHIFT));
        emit BatchAccepted(index, run.head.scalars().epoch(), beneficiary, statementHash);
    }

    /// @dev Time since the last batch, µs, saturating at 40 bits. Both times have 64 bits.
    function _elapsed(uint256 last, uint256 time) private view returns (uint256) {
        unchecked {
            uint256 latest = (block.timestamp + 1) * 1_000_000;
            if (time > latest) revert TimeAhead(uint64(time), latest);
            uint256 earliest = last + minInterval;
            if (time < earliest) revert TimeTooEarly(uint64(time), earliest);
            uint256 elapsed = time - last;
            return elapsed > ELAPSED_MAX ? ELAPSED_MAX : elapsed;
        }
    }

    function _refuseHead(bytes32 opened) private view {
        if (frozen()) revert LedgerFrozen();
        revert HeadMismatch(_head, opened);
    }
}
