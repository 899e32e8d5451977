// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Receipt} from "../types/Receipt.sol";
import {ISealedBook} from "./ISealedBook.sol";
import {ILedgerPenalty} from "./ILedgerPenalty.sol";

/// @title The way out of a stuck chain: freezing, abandoning, and starting again.
/// @notice Abandoning ends the running epoch at its last accepted batch and a waiting one whole; receipts for later batches are void. The next epoch begins at
/// exactly the next index, from the last accepted state or from the public reset; time and order counter go on. A freeze ends with the epoch that it stopped:
/// forced orders that caused it stay due in the next one.
interface IWayOut is ISealedBook {
    /// @notice Thrown when somebody else calls what only the inbox of forced orders may.
    error NotInbox(address caller);

    /// @notice Thrown when a batch comes while the ledger is frozen, or it is frozen already.
    error LedgerFrozen();

    /// @notice Thrown when no epoch is open that could be frozen.
    error NothingToFreeze();

    /// @notice Thrown when no epoch runs or waits.
    error NothingToAbandon();

    /// @notice Thrown when the index named is not the one that comes next.
    error NotNextIndex(uint64 index);

    /// @notice Thrown when a receipt is of an epoch that neither runs nor waits.
    error ReceiptOutdated(uint64 epoch);

    /// @notice Thrown when the receipt's batch is accepted.
    error BatchAcceptedAlready(uint64 index);

    /// @notice Thrown when the deadline is not past yet.
    /// @param until First second at which it is, since the Unix epoch.
    error NotOverdue(uint256 until);

    /// @notice Thrown when the receipt is not signed by its epoch's signer.
    error ReceiptSignatureInvalid();

    /// @notice Thrown when the seed block's hash can still be had: the epoch can be opened.
    error SeedInReach(uint64 seedBlock);

    /// @notice No batch is accepted until the epoch is abandoned.
    event Frozen();

    /// @notice The running epoch (and a waiting one) ended at `nextIndex`.
    /// @param epoch The latest epoch.
    /// @param nextIndex Index of the next batch, with which the next epoch must begin.
    /// @param reason Why.
    /// @param reporter Who did it.
    event EpochEnded(uint64 indexed epoch, uint64 nextIndex, ILedgerPenalty.Reason reason, address indexed reporter);

    /// @notice The seed block of an announced epoch slipped out of reach, and another was fixed.
    /// @param epoch Its number.
    /// @param missedBlock The block that nobody opened it with.
    /// @param seedBlock The block whose hash will be its seed now.
    event SeedBlockRenewed(uint64 indexed epoch, uint64 missedBlock, uint64 seedBlock);

    /// @notice Stops the ledger: no batch is accepted until the epoch is abandoned. Inbox only.
    function freeze() external;

    /// @notice Abandons at once. Operator only; costs a penalty, that of an undelivered batch if the next one is sealed.
    /// @param nextIndex Index of the next batch, so that no batch which is accepted meanwhile is taken for one that is not.
    function abandonEpoch(uint64 nextIndex) external;

    /// @notice Abandons with a receipt whose batch is overdue. Anybody may call.
    /// @param receipt Of the running or the waiting epoch, older than the deadline.
    /// @param r First half of the epoch signer's signature.
    /// @param vs Second half, with the recovery bit on top (EIP-2098).
    function abandonOverdue(uint64 nextIndex, Receipt calldata receipt, bytes32 r, bytes32 vs) external;

    /// @notice Abandons because the next batch was sealed longer ago than the deadline and is not delivered. Anybody may call.
    function abandonUndelivered(uint64 nextIndex) external;

    /// @notice Abandons for a forced order that is older than the deadline. Inbox only, which has checked that.
    /// @param reporter Who showed it.
    function abandonForced(uint64 nextIndex, address reporter) external;

    /// @notice Fixes another seed block for the announced epoch when the old one's hash can no longer be had. Anybody may call; the operator pays a penalty.
    function renewSeedBlock() external;

    /// @notice The inbox of forced orders; zero for none.
    function inbox() external view returns (address);

    /// @notice The contract that is told of penalties; zero for none.
    function penalty() external view returns (ILedgerPenalty);
}
