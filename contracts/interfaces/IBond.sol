// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Fault} from "../types/Fault.sol";
import {ICredits} from "./ICredits.sol";
import {ILedgerPenalty} from "./ILedgerPenalty.sol";

/// @title The stake of a ledger's operator.
/// @notice Ether that answers for what the operator signs. Anybody may add to it; the ledger's operator takes out of it, behind a delay longer than every answer
/// window. The slashers are fixed at construction. Of a slash half is burned, so that an operator that accuses itself still loses, and half goes to whoever showed
/// the fault; what the operator shows of itself is burned whole. Every payment is fetched by its owner: nobody's contract is called in the course of another's business.
///
/// What is being withdrawn counts no more as cover, but can be slashed until it is out. Look at `covered()` before you rely on an operator.
interface IBond is ICredits, ILedgerPenalty {
    /// @notice Thrown when somebody but the ledger's operator asks for a withdrawal.
    error NotTheOperator(address caller);

    /// @notice Thrown when the caller is not one of the slashers, or not the pot.
    error NotSlasher(address caller);

    /// @notice Thrown for a fault that was slashed before.
    error AlreadySlashed(Fault fault, bytes32 id);

    /// @notice Thrown when the stake is less than what is asked for.
    error StakeTooSmall(uint256 stake);

    /// @notice Thrown when no withdrawal was asked for, or its delay has not passed; 0 when none was.
    error WithdrawalNotReady(uint64 readyAt);

    /// @notice Thrown at construction for an amount per class too many or too few, or a delay of 0.
    error BondConfigInvalid();

    /// @notice Ether was added to the stake.
    /// @param from Who paid.
    /// @param amount Wei.
    /// @param stake Wei, afterwards.
    event Deposited(address indexed from, uint256 amount, uint256 stake);

    /// @notice The operator wants to take ether out; it replaces an earlier request.
    /// @param amount Wei; 0 takes the request back.
    /// @param readyAt From when it can be taken, seconds since the Unix epoch.
    event WithdrawalRequested(uint256 amount, uint64 readyAt);

    /// @notice The operator took ether out.
    /// @param to Who can collect it.
    /// @param amount Wei.
    event Withdrawn(address indexed to, uint256 amount);

    /// @notice A fault was slashed.
    /// @param fault Its class.
    /// @param id Names the fault, whoever shows it.
    /// @param challenger Who can collect the reward; the zero address when all is burned.
    /// @param burned Wei that are gone for good.
    /// @param reward Wei that the challenger can collect.
    event Slashed(Fault indexed fault, bytes32 indexed id, address indexed challenger, uint256 burned, uint256 reward);

    /// @notice The pot for void receipts of an abandoned epoch was filled out of the stake.
    /// @param amount Wei.
    event PotFilled(uint256 amount);

    /// @notice Adds to the stake. Anybody may.
    function deposit() external payable;

    /// @notice Asks for `amount` wei of the stake; it counts no more as cover. Operator of the ledger only.
    function requestWithdrawal(uint256 amount) external;

    /// @notice Takes what was asked for, or what slashes left of it. Operator of the ledger only.
    /// @param to Who can collect it.
    function withdraw(address to) external;

    /// @notice Slashes a fault, once. With no stake at all nothing happens, and the fault stays open. Slashers only.
    /// @param id Names the fault within its class.
    /// @param challenger Who gets half.
    /// @return taken Wei taken out of the stake.
    function slash(Fault fault, bytes32 id, address challenger) external returns (uint256 taken);

    /// @notice Gives up to `most` wei of the stake to the pot for void receipts. The pot only.
    /// @return amount Wei that the pot can collect.
    function fillPot(uint256 most) external returns (uint256 amount);

    /// @notice Whether the fault was slashed.
    function isSlashed(Fault fault, bytes32 id) external view returns (bool);

    /// @notice Wei taken for a fault of the class, or less when the stake is less.
    function amountOf(Fault fault) external view returns (uint256);

    /// @notice Wei that can be slashed now.
    function stake() external view returns (uint256);

    /// @notice Wei of the stake that are not on their way out.
    function covered() external view returns (uint256);

    /// @notice Wei that an operator is expected to keep covered.
    function minimum() external view returns (uint256);

    /// @notice Wei burned so far; they stay here for good.
    function burned() external view returns (uint256);

    /// @notice Seconds from a request to its withdrawal.
    function withdrawalDelay() external view returns (uint64);

    /// @notice Whether the account may slash.
    function isSlasher(address account) external view returns (bool);
}
