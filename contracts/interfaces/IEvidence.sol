// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What every contract that judges an operator by its batches has in common.
/// @notice A batch counts once it is final. The ledger does not keep when it accepted a batch; so somebody has the record sighted first, and the batch counts
/// `finalityDepth` blocks later, if it is still the same.
interface IEvidence {
    /// @notice Thrown when the batch was not sighted, or not long enough ago; `finalAt` is the block from which it counts, 0 when it was not sighted.
    error NotFinal(uint64 index, uint256 finalAt);

    /// @notice Thrown when record or head are not what the ledger recorded for the batch.
    error BatchMismatch(uint64 index);

    /// @notice Thrown when the receipt or report is not signed by the one who has to.
    error SignatureRefused();

    /// @notice Thrown when the evidence shows no fault.
    error NoFault();

    /// @notice Thrown at construction when the bond could be withdrawn before a window here has passed.
    error BondLeavesTooEarly();

    /// @notice An accepted batch was seen; it counts from block `finalAt` on, if it stays.
    /// @param index The batch.
    /// @param record What the ledger recorded.
    /// @param finalAt A block number.
    event BatchSighted(uint64 indexed index, bytes32 indexed record, uint256 finalAt);

    /// @notice Notes that the ledger has accepted the batch. Anybody may call; only the first call for a record counts.
    function sight(uint64 index) external;

    /// @notice Block from which a record counts; 0 when it was not sighted.
    function finalAt(bytes32 record) external view returns (uint256);
}
