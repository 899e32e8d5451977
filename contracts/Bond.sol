// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "./interfaces/IBond.sol";
import {ILedgerPenalty} from "./interfaces/ILedgerPenalty.sol";
import {Credits} from "./lib/Credits.sol";
import {Operated} from "./lib/Operated.sol";
import {FAULTS, Fault} from "./types/Fault.sol";

/// @title The stake of a ledger's operator; see the interface.
/// @dev The operator is the ledger's, read when it matters: whoever takes the ledger over takes the stake over.
contract Bond is IBond, Credits {
    /// @notice What a bond is made with; fixed for its life.
    /// @param ledger Whose operator the stake belongs to.
    /// @param slashers Contracts that may slash.
    /// @param pot Contract that pays void receipts.
    /// @param withdrawalDelay Seconds; the slashers refuse a bond whose delay is not longer than their windows.
    /// @param minimum Wei that an operator is expected to keep covered.
    /// @param amounts Wei a fault, by class.
    struct Config {
        Operated ledger;
        address[] slashers;
        address pot;
        uint64 withdrawalDelay;
        uint256 minimum;
        uint256[] amounts;
    }

    Operated public immutable ledger;
    address public immutable pot;
    /// @inheritdoc IBond
    uint64 public immutable withdrawalDelay;
    /// @inheritdoc IBond
    uint256 public immutable minimum;

    /// @inheritdoc IBond
    uint256 public stake;
    /// @inheritdoc IBond
    uint256 public burned;
    /// @notice Wei on their way out.
    uint256 public leaving;
    /// @notice From when they can be taken, seconds since the Unix epoch; 0 when none are.
    uint64 public readyAt;
    /// @notice Events that the ledger told of.
    uint256 public penalties;

    /// @inheritdoc IBond
    mapping(address account => bool) public isSlasher;
    /// @inheritdoc IBond
    mapping(Fault fault => mapping(bytes32 id => bool)) public isSlashed;

    /// @dev By class; written at construction only.
    uint256[] private _amounts;

    constructor(Config memory config) {
        if (config.amounts.length != FAULTS || config.withdrawalDelay == 0 || config.pot == address(0))
            revert BondConfigInvalid();
        for (uint256 i = 0; i < config.slashers.length; ++i) {
            isSlasher[config.slashers[i]] = true;
        }
        _amounts = config.amounts;
        ledger = config.ledger;
        pot = config.pot;
        withdrawalDelay = config.withdrawalDelay;
        minimum = config.minimum;
    }

    modifier onlyOperator() {
        if (msg.sender != ledger.operator()) revert NotTheOperator(msg.sender);
        _;
    }

    /// @inheritdoc IBond
    function deposit() external payable {
        stake += msg.value;
        emit Deposited(msg.sender, msg.value, stake);
    }

    /// @inheritdoc IBond
    function requestWithdrawal(uint256 amount) external onlyOperator {
        if (amount > stake) revert StakeTooSmall(stake);
        leaving = amount;
        readyAt = amount == 0 ? 0 : uint64(block.timestamp) + withdrawalDelay;
        emit WithdrawalRequested(amount, readyAt);
    }

    /// @inheritdoc IBond
    function withdraw(address to) external onlyOperator {
        if (readyAt == 0 || block.timestamp < readyAt) revert WithdrawalNotReady(readyAt);
        uint256 amount = leaving < stake ? leaving : stake;
        (leaving, readyAt) = (0, 0);
        stake -= amount;
        _credit(to, amount);
        emit Withdrawn(to, amount);
    }

    /// @inheritdoc IBond
    function slash(Fault fault, bytes32 id, address challenger) external returns (uint256 taken) {
        if (!isSlasher[msg.sender]) revert NotSlasher(msg.sender);
        if (isSlashed[fault][id]) revert AlreadySlashed(fault, id);
        return _slash(fault, id, challenger);
    }

    /// @inheritdoc ILedgerPenalty
    function penalize(uint64 epoch, Reason reason, address reporter) external {
        if (msg.sender != address(ledger)) revert NotSlasher(msg.sender);
        Fault fault = Fault.Abandoned;
        if (reason == Reason.SeedBlockMissed) fault = Fault.SeedMissed;
        if (reason == Reason.SealedBatchUndelivered) fault = Fault.SealedWithheld;
        bool itself = reporter == ledger.operator();
        // The ledger tells of each event once.
        _slash(fault, keccak256(abi.encode(epoch, reason, ++penalties)), itself ? address(0) : reporter);
    }

    /// @inheritdoc IBond
    function fillPot(uint256 most) external returns (uint256 amount) {
        if (msg.sender != pot) revert NotSlasher(msg.sender);
        amount = most < stake ? most : stake;
        stake -= amount;
        _credit(pot, amount);
        emit PotFilled(amount);
    }

    /// @inheritdoc IBond
    function covered() external view returns (uint256) {
        return leaving < stake ? stake - leaving : 0;
    }

    /// @inheritdoc IBond
    function amountOf(Fault fault) public view returns (uint256) {
        return _amounts[uint256(fault)];
    }

    function _slash(Fault fault, bytes32 id, address challenger) private returns (uint256 taken) {
        taken = amountOf(fault);
        if (taken > stake) taken = stake;
        if (taken == 0) return 0;
        isSlashed[fault][id] = true;
        uint256 reward = challenger == address(0) ? 0 : taken / 2;
        stake -= taken;
        burned += taken - reward;
        if (reward != 0) _credit(challenger, reward);
        emit Slashed(fault, id, challenger, taken - reward, reward);
    }
}
