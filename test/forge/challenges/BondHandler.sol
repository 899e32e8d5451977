// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBond} from "../../../contracts/interfaces/IBond.sol";
import {ILedgerPenalty} from "../../../contracts/interfaces/ILedgerPenalty.sol";
import {Fault} from "../../../contracts/types/Fault.sol";
import {World} from "./World.sol";

/// @title Everybody who may touch the stake does, in any order: an operator that comes and goes, slashers, the ledger, the pot, and those who are paid.
contract BondHandler is World {
    uint256 public deposited = STAKE;
    uint256 public withdrawn;
    uint256 public slashed;
    uint256 public potted;
    uint256 public collected;
    address[4] public accounts = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];

    constructor() {
        vm.deal(address(0xD0), 10_000 ether);
    }

    function deposit(uint256 amount) external {
        amount = bound(amount, 0, 5 ether);
        vm.prank(address(0xD0));
        bond.deposit{value: amount}();
        deposited += amount;
    }

    function request(uint256 amount) external {
        bond.requestWithdrawal(bound(amount, 0, bond.stake()));
    }

    function withdraw(uint256 who) external {
        uint256 stake = bond.stake();
        bool ready = bond.readyAt() != 0 && vm.getBlockTimestamp() >= bond.readyAt();
        if (!ready) vm.expectPartialRevert(IBond.WithdrawalNotReady.selector);
        bond.withdraw(accounts[who % 4]);
        if (ready) withdrawn += stake - bond.stake();
    }

    function slash(uint256 who, uint256 fault, uint256 id, uint256 challenger) external {
        address[3] memory slashers = [address(receipts), address(reports), address(inbox)];
        Fault class = Fault(fault % 10);
        bytes32 name = bytes32(id % 4);
        bool again = bond.isSlashed(class, name);
        vm.prank(slashers[who % 3]);
        if (again) vm.expectPartialRevert(IBond.AlreadySlashed.selector);
        uint256 taken = bond.slash(class, name, accounts[challenger % 4]);
        if (!again) slashed += taken;
    }

    function penalize(uint256 reason, uint256 reporter) external {
        uint256 before = bond.stake();
        address who = reporter % 5 == 4 ? address(this) : accounts[reporter % 5];
        vm.prank(address(ledger));
        bond.penalize(1, ILedgerPenalty.Reason(reason % 5), who);
        slashed += before - bond.stake();
    }

    function fillPot(uint256 most) external {
        vm.prank(address(redemption));
        potted += bond.fillPot(bound(most, 0, 3 ether));
    }

    function collect(uint256 who) external {
        address account = accounts[who % 4];
        if (bond.creditOf(account) == 0) return;
        vm.prank(account);
        collected += bond.collect(address(0xC0));
    }

    function wait(uint256 seconds_) external {
        vm.warp(vm.getBlockTimestamp() + bound(seconds_, 1, 4 days));
    }

    function credits() external view returns (uint256 sum) {
        for (uint256 i = 0; i < 4; ++i) {
            sum += bond.creditOf(accounts[i]);
        }
        sum += bond.creditOf(address(redemption)) + bond.creditOf(address(this));
    }
}
