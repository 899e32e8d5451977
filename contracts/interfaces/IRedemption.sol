// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Opening, OrderDetails, Signature} from "../types/Evidence.sol";
import {Receipt} from "../types/Receipt.sol";
import {ICredits} from "./ICredits.sol";

/// @title What becomes of receipts that an abandoned epoch made void.
/// @notice Once an epoch is abandoned anybody opens its claims. The account in an order's opened details claims for a void receipt that promised a shard (or, sealed, an
/// outcome). When the window has passed, the pot is filled from what slashes left of the stake: `perReceipt` for each claim, `cap` in all; when that is not
/// enough for all, each claim gets the same part.
///
/// One claim for each place in a batch: an operator that signs receipts for the same place twice to draw from the pot is slashed for it (ReceiptChallenges).
interface IRedemption is ICredits {
    /// @notice Thrown when the epoch was not abandoned.
    error NotAbandoned(uint64 epoch);

    /// @notice Thrown when claims of the epoch were opened before.
    error AlreadyOpened(uint64 epoch);

    /// @notice Thrown when claims of the epoch are not open, not yet or not any more.
    error ClaimsClosed(uint64 epoch);

    /// @notice Thrown when the receipt is not void, or promised nothing.
    error NothingPromised();

    /// @notice Thrown when the epoch's signer did not sign the receipt.
    error SignatureRefused();

    /// @notice Thrown when the opened order is not the receipt's.
    error CommitmentMismatch(uint256 found);

    /// @notice Thrown when the caller is not the account in the order's details.
    error NotTheTrader(address account);

    /// @notice Thrown when the place was claimed before.
    error AlreadyClaimed(uint64 batch, uint16 slot);

    /// @notice Thrown while claims can still be made, or when nobody made one.
    error NotSettled(uint64 epoch);

    /// @notice Thrown at construction when the stake could be withdrawn before claims are paid, or without a pot.
    error RedemptionConfigInvalid();

    /// @notice Thrown when somebody but the bond sends ether.
    error NotTheBond(address caller);

    /// @notice Claims for an abandoned epoch can be made.
    /// @param epoch The epoch.
    /// @param until Seconds since the Unix epoch.
    event ClaimsOpened(uint64 indexed epoch, uint64 until);

    /// @notice A void receipt was claimed.
    /// @param epoch The receipt's epoch.
    /// @param batch Its batch.
    /// @param slot Its slot.
    /// @param account Who is paid.
    event Claimed(uint64 indexed epoch, uint64 batch, uint16 slot, address indexed account);

    /// @notice The pot of an epoch is filled; every claim gets `share` wei.
    /// @param epoch The epoch.
    /// @param claims How many there are.
    /// @param share Wei.
    event Settled(uint64 indexed epoch, uint64 claims, uint256 share);

    /// @notice Opens the claims of an abandoned epoch. Anybody may call.
    function open(uint64 epoch) external;

    /// @notice Claims for a void receipt. The account in `details` only.
    /// @param opening The order; its details are the hash of `details`.
    function claim(
        Receipt calldata receipt,
        Signature calldata signature,
        Opening calldata opening,
        OrderDetails calldata details
    ) external;

    /// @notice Fills the pot once the window has passed. Anybody may call.
    function settle(uint64 epoch) external;

    /// @notice Credits a claim's share to its account, which then collects it. Anybody may call.
    function redeem(uint64 epoch, uint64 batch, uint16 slot) external;

    /// @notice Wei a claim gets at most.
    function perReceipt() external view returns (uint256);

    /// @notice Wei that the claims of an epoch get together at most.
    function cap() external view returns (uint256);

    /// @notice Seconds in which claims can be made, and slashes come first.
    function claimWindow() external view returns (uint64);
}
