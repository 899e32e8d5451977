// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {RecordPreimage, Terms} from "../types/Inclusion.sol";

/// @title Pays for proofs: a fixed reward a batch and one an order, from a pot that anybody may fill, to the account that the proof is bound to.
/// @notice Nothing is paid when a batch is submitted, so that submitting costs no more: the record, opened, says later who is owed what.
interface IProverRewards {
    /// @notice Thrown when the preimages are not those of the batch's record.
    error RecordMismatch(uint64 index);

    /// @notice Thrown when the batch was paid for.
    error PaidAlready(uint64 index);

    /// @notice Thrown when the pot holds less than the reward; claim again once it is filled.
    error PotTooSmall(uint256 reward, uint256 pot);

    /// @notice Thrown when the beneficiary does not take its reward.
    error PaymentRefused(address beneficiary);

    /// @notice The pot was filled.
    /// @param from Who paid.
    /// @param amount Wei.
    event PotFilled(address indexed from, uint256 amount);

    /// @notice A batch's proof was paid for.
    /// @param index The batch.
    /// @param beneficiary Account that the proof is bound to.
    /// @param reward Wei.
    event ProofPaid(uint64 indexed index, address indexed beneficiary, uint256 reward);

    /// @notice Fills the pot; it is for provers alone, nobody takes it back.
    function fill() external payable;

    /// @notice Pays for an accepted batch, once. Anybody may call: the beneficiary is who the record says.
    function claim(uint64 index, RecordPreimage calldata record, Terms calldata terms) external;

    /// @notice Wei a batch.
    function perBatch() external view returns (uint256);

    /// @notice Wei an order, deferred ones included.
    function perOrder() external view returns (uint256);

    /// @notice Whether a batch was paid for.
    function isPaid(uint64 index) external view returns (bool);
}
