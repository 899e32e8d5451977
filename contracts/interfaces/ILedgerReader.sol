// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What other contracts need of a ledger: records for settlement; epochs, times and signers for challenges and forced orders.
/// @notice All of it is cheap to read. A record is opened by its preimage (`RecordPreimage`), which leads on to V, the head after the batch and the terms.
interface ILedgerReader {
    /// @notice Record of an accepted batch: keccak256(orderRoot, statementHash, head, terms), or 0 while none is accepted at that index.
    function recordOf(uint64 index) external view returns (bytes32);

    /// @notice Hash of what the ledger carries to the next batch. While the ledger is frozen, the one that it had before.
    function head() external view returns (bytes32);

    /// @notice Whether no batch is accepted until the running epoch is abandoned.
    function frozen() external view returns (bool);

    /// @notice Seconds from a batch's time to when it must be accepted.
    function deadline() external view returns (uint64);

    /// @notice Blocks after which this chain's events count as final.
    function finalityDepth() external view returns (uint64);

    /// @notice EIP-712 domain separator of receipts, batches and reports; stable for the ledger's life on a chain.
    function domainSeparator() external view returns (bytes32);

    /// @notice Shards of every batch, S.
    function shards() external view returns (uint256);

    /// @notice Number of the latest announced epoch; 0 before the first.
    function latestEpoch() external view returns (uint64);

    /// @notice The epoch that an index belongs to as things stand; 0 while none is announced. For an accepted batch the answer is for good.
    function epochAt(uint64 index) external view returns (uint64 epoch);

    /// @notice Indices of an epoch: from `firstBatch` up to, not including, `end`; `end` is 2^64 − 1 while nothing ends the epoch. An epoch that was abandoned
    /// before its first batch has none, and both are the index of the abandonment. Reverts with EpochUnknown.
    function rangeOf(uint64 epoch) external view returns (uint64 firstBatch, uint64 end);

    /// @notice Account that signs the epoch's receipts and batches. Reverts with EpochUnknown.
    function signerOf(uint64 epoch) external view returns (address);

    /// @notice Policy of the epoch as fixed when it was announced: hash as published, fee word, S policy words with their weights multiplied. Reverts with EpochUnknown.
    function policyOf(
        uint64 epoch
    ) external view returns (bytes32 policyHash, uint256 feeWord, uint256[] memory policyWords);

    /// @notice Whether the epoch was abandoned, and the batch lies past its last accepted one: receipts for it are void. False for unknown epochs.
    function isVoid(uint64 epoch, uint64 index) external view returns (bool);

    /// @notice The seal of a batch in an epoch of sealed mode; zeros for none.
    /// @param epoch Its epoch: an index may be sealed again in the epoch after an abandonment.
    /// @return sealHash keccak256(time, count, counter words …, commitments …).
    /// @return seedBlock Block whose hash is the batch's seed.
    /// @return sealedAt Seconds since the Unix epoch.
    function sealOf(
        uint64 epoch,
        uint64 index
    ) external view returns (bytes32 sealHash, uint64 seedBlock, uint64 sealedAt);

    /// @notice Whether the batch is sealed in the open epoch, not accepted, and sealed longer ago than the deadline: a fault of the operator.
    function isUndelivered(uint64 index) external view returns (bool);

    /// @notice Seconds, all told, in which an epoch was open and the ledger not frozen: a clock that stands while no batch could be accepted.
    function uptime() external view returns (uint64);
}
