// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochBook} from "./EpochBook.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IRoutingLedger} from "./interfaces/IRoutingLedger.sol";
import {ISeedSource} from "./interfaces/ISeedSource.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";
import {IVerifierFactory} from "./interfaces/IVerifierFactory.sol";
import {BatchSignature} from "./lib/BatchSignature.sol";
import {Blob} from "./lib/Blob.sol";
import {Operated} from "./lib/Operated.sol";
import {OrderTree} from "./lib/OrderTree.sol";
import {ServedWork} from "./lib/ServedWork.sol";
import {StatementLib} from "./lib/StatementLib.sol";
import {Head, Submission, hashHead} from "./types/Batch.sol";
import {FIELD_MODULUS} from "./types/Bn254.sol";
import {RecordPreimage, hashRecord} from "./types/Inclusion.sol";

/// @title The ledger of proven batches; see the interface.
contract RoutingLedger is IRoutingLedger, EpochBook {
    using StatementLib for uint256[];

    /// @notice What a ledger is made with; fixed for its life but for the operator.
    /// @param genesisState State hash before the first batch.
    /// @param resetState State hash to start again from.
    /// @param deadline Seconds from a batch's time to when it must be accepted.
    /// @param finalityDepth Blocks after which events count as final.
    /// @param minInterval Least time between two batches, µs; 1 … 2^40 − 1.
    /// @param seedDelay Blocks from an epoch's announcement to its seed block, at least 1.
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
    }

    /// @dev What one call needs of its epoch.
    struct Context {
        uint64 epoch;
        address signer;
        address verifier;
        uint256 verifierId;
        uint256 elapsed;
        StatementLib.Layout places;
    }

    uint256 private constant ELAPSED_MAX = (1 << 40) - 1;

    /// @inheritdoc IRoutingLedger
    uint256 public immutable genesisState;
    /// @inheritdoc IRoutingLedger
    uint256 public immutable resetState;
    /// @inheritdoc IRoutingLedger
    uint64 public immutable deadline;
    /// @inheritdoc IRoutingLedger
    uint64 public immutable finalityDepth;
    /// @inheritdoc IRoutingLedger
    uint64 public immutable minInterval;

    /// @inheritdoc IRoutingLedger
    bytes32 public head;
    /// @inheritdoc ILedgerReader
    mapping(uint64 index => bytes32) public recordOf;

    bytes32 private immutable _separator;
    uint256 private immutable _separatorChain;

    constructor(Config memory config)
        Operated(config.operator)
        EpochBook(config.registry, config.seedSource, config.verifierFactory, config.seedDelay)
    {
        if (
            config.genesisState >= FIELD_MODULUS || config.resetState >= FIELD_MODULUS || config.deadline == 0
                || config.minInterval == 0 || config.minInterval > ELAPSED_MAX || config.seedDelay == 0
        ) revert ConfigInvalid();
        genesisState = config.genesisState;
        resetState = config.resetState;
        deadline = config.deadline;
        finalityDepth = config.finalityDepth;
        minInterval = config.minInterval;
        _separator = BatchSignature.domainSeparator(address(this));
        _separatorChain = block.chainid;
        head = hashHead(Head(0, 0, config.genesisState, 0, 0, new uint256[]((config.registry.shards() + 3) / 4)));
    }

    /// @inheritdoc IRoutingLedger
    function submitBatch(Submission calldata s) external {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert CallerNotCodelessOrigin();
        bytes32 previous = hashHead(s.previous);
        if (previous != head) revert HeadMismatch(head, previous);

        (Context memory context, uint256[] memory buffer) = _assemble(s);
        bytes32 statementHash = buffer.hashFrom(StatementLib.PREFIX);
        uint256 alpha = uint256(buffer.hashFrom(0)) % FIELD_MODULUS;
        uint256 y = buffer.evaluate(alpha);

        _accept(s, context, buffer, statementHash);
        address signer = BatchSignature.signerOf(
            domainSeparator(), context.epoch, s.previous.nextIndex, statementHash, s.r, s.vs
        );
        if (signer != context.signer) revert SignatureInvalid();
        IVerifier(context.verifier).verify([s.digest, alpha, y], s.proof);
    }

    /// @inheritdoc IRoutingLedger
    function domainSeparator() public view returns (bytes32) {
        return block.chainid == _separatorChain ? _separator : BatchSignature.domainSeparator(address(this));
    }

    function _isAccepted(uint64 index) internal view override returns (bool) {
        return recordOf[index] != 0;
    }

    /// @dev Puts alpha's preimage together: what the ledger knows itself, then what calldata brings, with zeros from count to N.
    function _assemble(Submission calldata s) private view returns (Context memory context, uint256[] memory buffer) {
        uint64 index = s.previous.nextIndex;
        uint256 count = s.commitments.length;
        address data;
        uint256 seed;
        (context.epoch, data, seed) = _epochFor(index);
        uint256[] memory fixedWords = Blob.read(data, 0, FIXED_WORDS);
        context.signer = address(uint160(fixedWords[1]));
        context.elapsed = _elapsed(s.previous.time, s.time);
        context.places = _readVerifier(context, data, s.verifier, fixedWords[4], count);
        StatementLib.Layout memory places = context.places;
        _checkLengths(s, count);
        if (s.digest >= FIELD_MODULUS) revert DigestOutOfField();

        buffer = new uint256[](places.end);
        buffer[0] = block.chainid;
        buffer[1] = uint160(address(this));
        buffer[2] = uint160(s.beneficiary);
        buffer[3] = context.verifierId;
        buffer[4] = s.digest;
        buffer[5] = fixedWords[0];
        buffer[6] = seed;
        buffer[7] = index;
        buffer[8] = s.previous.orderCounter;
        buffer[9] = s.time;
        buffer[10] = context.elapsed;
        buffer[11] = s.previous.state;
        buffer[12] = s.stateAfter;
        buffer[13] = count;
        buffer[14] = fixedWords[2];
        buffer.put(places.fees, s.fees);
        buffer[places.openMask] = s.openMask;
        Blob.copy(data, FIXED_WORDS, shards, buffer.addressOf(places.policy));
        ServedWork.fill(
            buffer.addressOf(places.served),
            buffer.addressOf(places.policy),
            shards,
            s.previous.counters,
            s.counters,
            s.previous.epoch != context.epoch,
            context.elapsed
        );
        buffer.put(places.commitments, s.commitments);
        buffer.put(places.assignments, s.assignments);
    }

    /// @dev Keeps head and record and tells the world; the caller's remaining checks undo it by reverting.
    function _accept(Submission calldata s, Context memory context, uint256[] memory buffer, bytes32 statementHash) private {
        uint256 count = s.commitments.length;
        uint64 index = s.previous.nextIndex;
        bytes32 orderRoot =
            OrderTree.rootOf(buffer.addressOf(context.places.commitments), buffer.addressOf(context.places.assignments), count);
        bytes32 newHead = hashHead(
            Head(context.epoch, index + 1, s.stateAfter, s.time, s.previous.orderCounter + uint64(count), s.counters)
        );
        bytes32 terms = keccak256(abi.encodePacked(s.fees, s.openMask, uint256(s.time)));
        head = newHead;
        recordOf[index] = hashRecord(RecordPreimage(orderRoot, statementHash, newHead, terms));
        emit BatchAccepted(index, context.epoch, s.beneficiary, count, statementHash, orderRoot, newHead);
    }

    /// @dev Takes the chosen verifier from the epoch's data into the context and returns the layout of its V.
    function _readVerifier(Context memory context, address data, uint256 position, uint256 known, uint256 count)
        private
        view
        returns (StatementLib.Layout memory)
    {
        if (position >= known) revert VerifierUnknown(position);
        uint256[] memory words = Blob.read(data, FIXED_WORDS + shards + 2 * position, 2);
        uint256 slots = words[0] >> 160;
        if (count > slots) revert TooManyOrders(count, slots);
        context.verifier = address(uint160(words[0]));
        context.verifierId = words[1];
        return StatementLib.layoutOf(shards, slots);
    }

    /// @dev Time since the last batch, µs, saturating at 40 bits.
    function _elapsed(uint64 last, uint64 time) private view returns (uint256) {
        uint256 latest = (block.timestamp + 1) * 1_000_000;
        if (time > latest) revert TimeAhead(time, latest);
        uint256 earliest = uint256(last) + minInterval;
        if (time < earliest) revert TimeTooEarly(time, earliest);
        uint256 elapsed = time - last;
        return elapsed > ELAPSED_MAX ? ELAPSED_MAX : elapsed;
    }

    /// @dev Every list has exactly the words that shards and count ask for, and nothing stands in assignment words past count.
    function _checkLengths(Submission calldata s, uint256 count) private view {
        if (
            s.fees.length != (shards + 15) / 16 || s.counters.length != (shards + 3) / 4
                || s.assignments.length != (count + 30) / 31
        ) revert LengthsInvalid();
        for (uint256 i = 0; i < s.assignments.length; ++i) {
            uint256 left = count - 31 * i;
            if (s.assignments[i] >> (8 * (left < 31 ? left : 31)) != 0) revert StrayBits();
        }
    }
}
