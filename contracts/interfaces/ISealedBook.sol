// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEpochBook} from "./IEpochBook.sol";

/// @title Sealed mode: a batch's orders are fixed on chain before anybody can know its seed, so that nobody can grind salts or cut batches by the draw.
/// @notice `sealHash = keccak256(time, count, counter words …, commitments …)` of a batch; its seed comes from a later block than the seal's. `submitBatch`
/// delivers it, and must bring what was sealed. An index of an epoch is sealed once: a sealed batch that is not delivered in time is a fault, never redrawn.
interface ISealedBook is IEpochBook {
    /// @notice Thrown when the epoch of the index does not seal its batches.
    error NotSealedMode(uint64 epoch);

    /// @notice Thrown when the index is sealed already.
    error SealedAlready(uint64 index);

    /// @notice Thrown when the index before it, in the same epoch, is not sealed yet.
    error SealOutOfOrder(uint64 index);

    /// @notice Thrown when the seal is not signed by the epoch's signer.
    error SealSignatureInvalid();

    /// @notice Thrown when a batch is delivered that is not sealed, or is not what was sealed.
    /// @param expected What was sealed; 0 for nothing.
    error SealMismatch(bytes32 expected, bytes32 found);

    /// @notice A batch was sealed.
    /// @param epoch Its epoch.
    /// @param index The batch.
    /// @param sealHash What it must be when it is delivered.
    /// @param seedBlock Block whose hash will be its seed.
    event BatchSealed(uint64 indexed epoch, uint64 indexed index, bytes32 sealHash, uint64 seedBlock);

    /// @notice A sealed batch is being delivered, with this seed.
    /// @param epoch Its epoch.
    /// @param index The batch.
    /// @param seed keccak256(chain, ledger, epoch, index, blockHash) mod p.
    /// @param blockHash Hash of the seal's block.
    event SealOpened(uint64 indexed epoch, uint64 indexed index, uint256 seed, bytes32 blockHash);

    /// @notice Seals a batch. Anybody may call with the signature of the epoch's signer over Seal(epoch, index, sealHash).
    /// @param r First half of the signature.
    /// @param vs Second half, with the recovery bit on top (EIP-2098).
    function sealBatch(uint64 index, bytes32 sealHash, bytes32 r, bytes32 vs) external;
}
