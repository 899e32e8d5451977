// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerReader} from "./ILedgerReader.sol";

/// @title Epochs: runs of batches under one operator key, signer, seed, policy and verifier set.
/// @notice Everything about an epoch but its seed is fixed before the seed can be known. A batch's index alone selects its epoch, never the time.
interface IEpochBook is ILedgerReader {
    /// @notice What an epoch is announced with.
    /// @param firstBatch Index of its first batch, which ends the running epoch.
    /// @param keyCommit Poseidon(operator key), below the scalar field's modulus.
    /// @param signer Account that signs the epoch's receipts and batches.
    /// @param policyHash The active policy's hash: a switch in between makes the call fail, not the epoch change.
    /// @param verifiers Verifier contracts, one a circuit size; at most 8.
    /// @param fromReset Start from the public reset state: only after an abandonment, when the last state's opening is lost.
    /// @param sealedMode Batches are sealed first, and take their seed from a later block (see ISealedBook).
    struct Announcement {
        uint64 firstBatch;
        uint256 keyCommit;
        address signer;
        bytes32 policyHash;
        address[] verifiers;
        bool fromReset;
        bool sealedMode;
    }

    /// @notice One of an epoch's verifiers, as read when the epoch was announced.
    struct EpochVerifier {
        address verifier;
        uint256 slots;
        bytes32 verifierId;
    }

    /// @notice An epoch in full.
    /// @param firstBatch Its first index; that of the abandonment for one abandoned before it began.
    /// @param seed 0 until the epoch is opened.
    /// @param seedBlock Block whose hash the seed comes from.
    /// @param end First index past it; 2^64 − 1 while nothing ends it.
    /// @param policyHash The published policy's.
    /// @param policyWords That policy's, with weights multiplied: what batches are proven under.
    /// @param abandoned Whether it was abandoned: receipts at or past `end` are void.
    /// @param multipliers What weights were multiplied by, of 256, by shard.
    struct EpochView {
        uint64 firstBatch;
        uint64 seedBlock;
        uint256 seed;
        uint256 keyCommit;
        address signer;
        bytes32 policyHash;
        uint256 feeWord;
        uint256[] policyWords;
        EpochVerifier[] verifiers;
        uint64 end;
        bool abandoned;
        bool fromReset;
        bool sealedMode;
        uint256[] multipliers;
    }

    /// @notice Thrown when an epoch waits already: its announcement cannot be replaced, and it must have an accepted batch before the next.
    error EpochWaiting(uint64 epoch);

    /// @notice Thrown when the first batch is accepted already, would leave a gap that no epoch covers or, after an abandonment, is not exactly the next.
    error FirstBatchInvalid(uint64 firstBatch);

    /// @notice Thrown when the key commitment is 0 or not below the field's modulus.
    error KeyCommitInvalid(uint256 keyCommit);

    /// @notice Thrown when the signer is the zero address.
    error SignerMissing();

    /// @notice Thrown when the policy named is not the active one.
    error PolicyNotActive(bytes32 policyHash, bytes32 activeHash);

    /// @notice Thrown for no verifiers, or more than 8.
    error VerifierCountInvalid(uint256 count);

    /// @notice Thrown when a verifier is for another kind of policy, another number of shards, or for no slots.
    error VerifierRefused(address verifier);

    /// @notice Thrown when an announcement has less gas left than the reputation contract may need for its answer: it must not be silenced that way.
    error GasTooLow(uint256 needed);

    /// @notice Thrown for an epoch that was never announced.
    error EpochUnknown(uint64 epoch);

    /// @notice Thrown when a batch or a call needs the epoch's seed and the epoch is not open.
    error EpochNotOpen(uint64 epoch);

    /// @notice Thrown when the latest epoch is open already.
    error EpochAlreadyOpen(uint64 epoch);

    /// @notice Thrown when the latest epoch was abandoned: it opens no more.
    error EpochAbandoned(uint64 epoch);

    /// @notice Thrown when an epoch that follows no abandonment asks for the reset state.
    error ResetRefused();

    /// @notice An epoch was announced; `seedBlock` is the block whose hash will be its seed.
    /// @param epoch Its number, from 1.
    /// @param firstBatch Index of its first batch.
    /// @param seedBlock Number of the block whose hash will be its seed.
    /// @param policyHash The policy that all its batches follow.
    /// @param signer Account that signs its receipts and batches.
    /// @param keyCommit Poseidon hash of the operator key, below the scalar field's modulus.
    /// @param fromReset Whether it starts from the public reset state.
    /// @param sealedMode Whether its batches are sealed first.
    /// @param multipliers What the policy's weights were multiplied by, of 256, by shard: 256 each where reputation says nothing.
    event EpochAnnounced(
        uint64 indexed epoch,
        uint64 firstBatch,
        uint64 seedBlock,
        bytes32 indexed policyHash,
        address signer,
        uint256 keyCommit,
        bool fromReset,
        bool sealedMode,
        uint256[] multipliers
    );

    /// @notice An epoch's seed is known; `blockHash` is what it was made of.
    /// @param epoch Its number.
    /// @param seed keccak256(chain, ledger, epoch, blockHash) mod p.
    /// @param blockHash Hash of the announced block.
    event EpochOpened(uint64 indexed epoch, uint256 seed, bytes32 blockHash);

    /// @notice Ends the running epoch before `firstBatch` and fixes the next one and its seed block: the active policy, its weights multiplied as reputation has it at that
    /// moment, signer, key and verifiers. Operator only.
    /// @return epoch Epochs are numbered from 1.
    function announceEpoch(Announcement calldata announcement) external returns (uint64 epoch);

    /// @notice Opens the announced epoch once its seed block is past. Anybody may call.
    function openEpoch() external;

    /// @notice An announced epoch. Reverts with EpochUnknown for any other number; `seed` is 0 until it is open.
    function epochOf(uint64 epoch) external view returns (EpochView memory);
}
