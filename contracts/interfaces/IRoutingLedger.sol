// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head, Submission} from "../types/Batch.sol";
import {IWayOut} from "./IWayOut.sol";

/// @title The ledger of proven batches.
/// @notice Accepts a batch when its proof holds for the published vector V that the ledger itself puts together from calldata and its own knowledge.
///
/// Availability: V can be rebuilt from the calldata of the transaction that emitted `BatchAccepted`. For that to hold without traces, only accounts without
/// code may submit, and only directly (`CallerNotCodelessOrigin`); the reward's beneficiary is a field of its own and may be any account.
///
/// A batch with no orders is accepted: it is a clock tick that forced orders and deadlines may ask for.
interface IRoutingLedger is IWayOut {
    /// @notice Thrown when a batch is submitted through a contract, or by an account with code.
    error CallerNotCodelessOrigin();

    /// @notice Thrown when `previous` is not the preimage of the ledger's head: the batch was accepted already, or does not follow on.
    error HeadMismatch(bytes32 expected, bytes32 found);

    /// @notice Thrown when the batch's time is ahead of the chain: beyond (block.timestamp + 1)·10^6.
    error TimeAhead(uint64 time, uint256 latest);

    /// @notice Thrown when the batch's time is not at least `minInterval` after the last one's.
    error TimeTooEarly(uint64 time, uint256 earliest);

    /// @notice Thrown for a list of no batches.
    error NoBatches();

    /// @notice Thrown when the batches of a call do not all belong to one epoch: the next one begins at `firstBatch`.
    error EpochEnds(uint256 firstBatch);

    /// @notice Thrown when the batches of a call name different verifiers.
    error VerifiersDiffer();

    /// @notice Thrown when the epoch has no verifier at that position.
    error VerifierUnknown(uint256 verifier);

    /// @notice Thrown when the verifier's circuit holds fewer orders than the batch has.
    error TooManyOrders(uint256 count, uint256 slots);

    /// @notice Thrown when fees, counters or assignments have more or fewer words than shards and count ask for.
    error LengthsInvalid();

    /// @notice Thrown when bits are set above the last counter or assignment of a word.
    error StrayBits();

    /// @notice Thrown when a word of V is not below the scalar field's modulus.
    error WordOutOfField();

    /// @notice Thrown when D is not below the scalar field's modulus.
    error DigestOutOfField();

    /// @notice Thrown when a reporting shard's counter went back, or rose by 2^40 ticks or more.
    error ServedOutOfRange(uint256 shard);

    /// @notice Thrown when the counter of a shard that does not report changed.
    error CounterOfSilentShard(uint256 shard);

    /// @notice Thrown when the signature over Batch(epoch, index, statementHash) is not the epoch signer's.
    error SignatureInvalid();

    /// @notice Thrown at construction when a parameter is out of range or the registry has another number of shards.
    error ConfigInvalid();

    /// @notice A batch was accepted. Its V follows from this transaction's calldata and the epoch, and from V and the head before it all that its record holds.
    /// @param index Global batch index.
    /// @param epoch Epoch that the index selects.
    /// @param beneficiary Account that the reward goes to.
    /// @param statementHash Keccak of V.
    event BatchAccepted(uint64 indexed index, uint64 indexed epoch, address indexed beneficiary, bytes32 statementHash);

    /// @notice Accepts the next batch, or reverts. Anybody may call: the epoch's signer stands for the batch, the proof for its content.
    /// @param previous The head that the batch continues.
    function submitBatch(Head calldata previous, Submission calldata submission) external;

    /// @notice Accepts the next batches, all of one epoch and one verifier, or reverts: then none is accepted. Their proofs are checked together, which costs
    /// less than half as much gas a batch from four on. Events and records are those of single batches.
    /// @param previous The head that the first batch continues; the others continue each other.
    function submitBatches(Head calldata previous, Submission[] calldata submissions) external;

    /// @notice State hash before the first batch; depends on the number of shards alone.
    function genesisState() external view returns (uint256);

    /// @notice State hash from which a ledger starts again when the last state's opening is lost; depends on the number of shards alone.
    function resetState() external view returns (uint256);

    /// @notice Least time between two batches, µs.
    function minInterval() external view returns (uint64);
}
