// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochBook} from "./EpochBook.sol";
import {WayOut} from "./WayOut.sol";
import {ILedgerPenalty} from "./interfaces/ILedgerPenalty.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IRoutingLedger} from "./interfaces/IRoutingLedger.sol";
import {ISeedSource} from "./interfaces/ISeedSource.sol";
import {Claim, IVerifier} from "./interfaces/IVerifier.sol";
import {IVerifierFactory} from "./interfaces/IVerifierFactory.sol";
import {BatchSignature} from "./lib/BatchSignature.sol";
import {Blob} from "./lib/Blob.sol";
import {EpochWords} from "./lib/EpochWords.sol";
import {HeadWords} from "./lib/HeadWords.sol";
import {Operated} from "./lib/Operated.sol";
import {OrderTree} from "./lib/OrderTree.sol";
import {ServedWork} from "./lib/ServedWork.sol";
import {StatementLib} from "./lib/StatementLib.sol";
import {Head, Submission} from "./types/Batch.sol";
import {FIELD_MODULUS} from "./types/Bn254.sol";
import {RecordPreimage, hashRecord} from "./types/Inclusion.sol";

/// @title The ledger of proven batches; see the interface.
contract RoutingLedger is IRoutingLedger, WayOut {
    using StatementLib for uint256[];
    using HeadWords for uint256[];

    /// @notice What a ledger is made with; fixed for its life but for the operator.
    /// @param genesisState State hash before the first batch.
    /// @param resetState State hash to start again from.
    /// @param deadline Seconds from a batch's time to when it must be accepted.
    /// @param finalityDepth Blocks after which events count as final.
    /// @param minInterval Least time between two batches, µs; 1 … 2^40 − 1.
    /// @param seedDelay Blocks from an epoch's announcement to its seed block, at least 1.
    /// @param inbox The contract that may freeze, for forced orders; zero for none.
    /// @param penalty The contract that is told of penalties; zero for none.
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
    }

    /// @dev What a call carries from batch to batch. The buffer is alpha's preimage: what is the same for all batches of the call is written once.
    struct Run {
        uint256[] head;
        uint256[] buffer;
        StatementLib.Layout places;
        bytes32 separator;
        address signer;
        IVerifier verifier;
        uint256 position;
        uint256 slots;
    }

    uint256 private constant ELAPSED_MAX = (1 << 40) - 1;

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
        EpochBook(config.registry, config.seedSource, config.verifierFactory, config.seedDelay)
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
        Run memory run = _begin(previous, submission.verifier, 1);
        uint256[3] memory signals = _accept(run, submission);
        _head = run.head.hash();
        run.verifier.verify(signals, submission.proof);
    }

    /// @inheritdoc IRoutingLedger
    function submitBatches(Head calldata previous, Submission[] calldata submissions) external {
        uint256 count = submissions.length;
        if (count == 0) revert NoBatches();
        Run memory run = _begin(previous, submissions[0].verifier, count);
        Claim[] memory claims = new Claim[](count);
        for (uint256 i = 0; i < count; ++i) {
            claims[i].signals = _accept(run, submissions[i]);
            claims[i].proof = submissions[i].proof;
        }
        _head = run.head.hash();
        run.verifier.verifyMany(claims);
    }

    /// @inheritdoc ILedgerReader
    function domainSeparator() public view override(ILedgerReader, WayOut) returns (bytes32) {
        return block.chainid == _separatorChain ? _separator : BatchSignature.domainSeparator(address(this));
    }

    function _isAccepted(uint64 index) internal view override returns (bool) {
        return recordOf[index] != 0;
    }

    /// @dev Opens the head and writes what the call's batches have in common: epoch, verifier, policy.
    function _begin(Head calldata previous, uint256 position, uint256 batches) private view returns (Run memory run) {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert CallerNotCodelessOrigin();
        run.head = HeadWords.load(previous);
        bytes32 opened = run.head.hash();
        if (opened != _head) {
            if (frozen()) revert LedgerFrozen();
            revert HeadMismatch(_head, opened);
        }

        uint256 index = run.head[HeadWords.NEXT_INDEX];
        (uint256 epoch, address data, uint256 end) = _epochFor(index);
        if (index + batches > end) revert EpochEnds(end);
        uint256[] memory fixedWords = Blob.read(data, 0, EpochWords.POLICY);
        if (run.head[HeadWords.EPOCH] != epoch) {
            run.head.enter(epoch);
            if (fixedWords[EpochWords.SIGNER] & EpochWords.FROM_RESET != 0) run.head[HeadWords.STATE] = resetState;
        }
        if (position >= fixedWords[EpochWords.VERIFIERS]) revert VerifierUnknown(position);
        uint256[] memory verifierWords = Blob.read(data, EpochWords.POLICY + shards + 2 * position, 2);
        run.signer = address(uint160(fixedWords[EpochWords.SIGNER]));
        run.verifier = IVerifier(address(uint160(verifierWords[0])));
        run.position = position;
        run.slots = verifierWords[0] >> 160;
        run.separator = domainSeparator();
        run.places = StatementLib.layoutOf(shards, run.slots);

        uint256[] memory buffer = new uint256[](run.places.end);
        run.buffer = buffer;
        buffer[0] = block.chainid;
        buffer[1] = uint160(address(this));
        buffer[3] = verifierWords[1];
        buffer[5] = fixedWords[EpochWords.KEY_COMMIT];
        buffer[6] = fixedWords[EpochWords.SEED];
        buffer[14] = fixedWords[EpochWords.FEE_WORD];
        Blob.copy(data, EpochWords.POLICY, shards, buffer.addressOf(run.places.policy));
    }

    /// @dev Accepts one batch but for its proof, and moves the run's head on. Whatever fails later undoes it by reverting.
    /// @return signals What the proof must show: D, alpha, y.
    function _accept(Run memory run, Submission calldata s) private returns (uint256[3] memory signals) {
        _assemble(run, s);
        uint256[] memory buffer = run.buffer;
        bytes32 statementHash = buffer.hashFrom(StatementLib.PREFIX);
        uint256 alpha = uint256(buffer.hashFrom(0)) % FIELD_MODULUS;
        signals = [s.digest, alpha, buffer.evaluate(alpha)];

        uint256 epoch = run.head[HeadWords.EPOCH];
        uint256 index = run.head[HeadWords.NEXT_INDEX];
        address signer = BatchSignature.signerOf(run.separator, epoch, index, statementHash, s.r, s.vs);
        if (signer != run.signer) revert SignatureInvalid();
        _keep(run, s, statementHash);
    }

    /// @dev Writes the batch's words into the buffer: what the ledger knows itself, then what calldata brings, with zeros from count to N.
    function _assemble(Run memory run, Submission calldata s) private view {
        uint256[] memory before = run.head;
        uint256[] memory buffer = run.buffer;
        StatementLib.Layout memory places = run.places;
        uint256[] calldata commitments = s.commitments;
        uint256[] calldata assignments = s.assignments;
        uint256 count = commitments.length;
        if (s.verifier != run.position) revert VerifiersDiffer();
        if (count > run.slots) revert TooManyOrders(count, run.slots);
        if (s.fees.length != (shards + 15) / 16 || s.counters.length != (shards + 3) / 4) revert LengthsInvalid();
        _checkAssignments(assignments, count);
        if (s.digest >= FIELD_MODULUS) revert DigestOutOfField();
        uint256 elapsed = _elapsed(before[HeadWords.TIME], s.time);

        buffer[2] = uint160(s.beneficiary);
        buffer[4] = s.digest;
        buffer[7] = before[HeadWords.NEXT_INDEX];
        buffer[8] = before[HeadWords.ORDER_COUNTER];
        buffer[9] = s.time;
        buffer[10] = elapsed;
        buffer[11] = before[HeadWords.STATE];
        buffer[12] = s.stateAfter;
        buffer[13] = count;
        buffer.put(places.fees, s.fees);
        buffer[places.openMask] = s.openMask;
        ServedWork.fill(
            buffer.addressOf(places.served),
            buffer.addressOf(places.policy),
            shards,
            before.countersOf(),
            s.counters,
            elapsed
        );
        buffer.putPadded(places.commitments, places.assignments, commitments);
        buffer.putPadded(places.assignments, places.end, assignments);
    }

    /// @dev Moves the head on, keeps the record and tells the world.
    function _keep(Run memory run, Submission calldata s, bytes32 statementHash) private {
        uint256 count = s.commitments.length;
        uint64 index = uint64(run.head[HeadWords.NEXT_INDEX]);
        bytes32 orderRoot = OrderTree.rootOf(
            run.buffer.addressOf(run.places.commitments),
            run.buffer.addressOf(run.places.assignments),
            count
        );
        run.head.advance(s.stateAfter, s.time, count, s.counters);
        bytes32 newHead = run.head.hash();
        bytes32 terms = keccak256(abi.encodePacked(s.fees, s.openMask, uint256(s.time)));
        recordOf[index] = hashRecord(RecordPreimage(orderRoot, statementHash, newHead, terms));
        emit BatchAccepted(
            index,
            uint64(run.head[HeadWords.EPOCH]),
            s.beneficiary,
            count,
            statementHash,
            orderRoot,
            newHead
        );
    }

    /// @dev Time since the last batch, µs, saturating at 40 bits.
    function _elapsed(uint256 last, uint64 time) private view returns (uint256) {
        uint256 latest = (block.timestamp + 1) * 1_000_000;
        if (time > latest) revert TimeAhead(time, latest);
        uint256 earliest = last + minInterval;
        if (time < earliest) revert TimeTooEarly(time, earliest);
        uint256 elapsed = time - last;
        return elapsed > ELAPSED_MAX ? ELAPSED_MAX : elapsed;
    }

    /// @dev There are as many words as count asks for, and nothing stands in them past count.
    function _checkAssignments(uint256[] calldata assignments, uint256 count) private pure {
        uint256 words = assignments.length;
        if (words != (count + 30) / 31) revert LengthsInvalid();
        if (words == 0) return;
        uint256 stray = assignments[words - 1] >> (8 * (count - 31 * (words - 1)));
        for (uint256 i = 0; i < words; ++i) {
            stray |= assignments[i] >> 248;
        }
        if (stray != 0) revert StrayBits();
    }
}
