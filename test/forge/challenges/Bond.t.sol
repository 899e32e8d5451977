// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Bond} from "../../../contracts/Bond.sol";
import {ReceiptChallenges} from "../../../contracts/ReceiptChallenges.sol";
import {IBond} from "../../../contracts/interfaces/IBond.sol";
import {ICredits} from "../../../contracts/interfaces/ICredits.sol";
import {IEvidence} from "../../../contracts/interfaces/IEvidence.sol";
import {ILedgerPenalty} from "../../../contracts/interfaces/ILedgerPenalty.sol";
import {Fault} from "../../../contracts/types/Fault.sol";
import {World} from "./World.sol";

/// @dev Collects again while it is being paid.
contract Greedy {
    ICredits private immutable credits;

    constructor(ICredits credits_) {
        credits = credits_;
    }

    function collect() external {
        credits.collect(address(this));
    }

    receive() external payable {
        credits.collect(address(this));
    }
}

/// @title The stake: who may take from it, when, and what becomes of it.
contract BondTest is World {
    address private constant STRANGER = address(0x57);

    function testFuzz_onlySlashersSlash(address anyone, uint8 fault, bytes32 id) public {
        vm.assume(!bond.isSlasher(anyone));
        vm.prank(anyone);
        vm.expectRevert(abi.encodeWithSelector(IBond.NotSlasher.selector, anyone));
        bond.slash(Fault(fault % 10), id, anyone);
        vm.expectRevert(abi.encodeWithSelector(IBond.NotSlasher.selector, address(this)));
        bond.fillPot(1);
        vm.expectRevert(abi.encodeWithSelector(IBond.NotSlasher.selector, address(this)));
        bond.penalize(1, ILedgerPenalty.Reason.ReceiptOverdue, anyone);
    }

    function testFuzz_aSlashSplitsInHalfAndNeverTakesMoreThanThereIs(uint8 times) public {
        uint256 expected = STAKE;
        for (uint256 i = 0; i < times; ++i) {
            vm.prank(address(receipts));
            uint256 taken = bond.slash(Fault.Duplicate, bytes32(i), STRANGER);
            assertEq(taken, expected < AMOUNT ? expected : AMOUNT);
            expected -= taken;
            assertEq(bond.isSlashed(Fault.Duplicate, bytes32(i)), taken != 0);
        }
        assertEq(bond.stake(), expected);
        assertEq(bond.burned() + bond.creditOf(STRANGER) + bond.stake(), STAKE);
        assertGe(bond.burned(), bond.creditOf(STRANGER));
    }

    function test_aFaultIsSlashedOnceButClassesDiffer() public {
        vm.startPrank(address(inbox));
        bond.slash(Fault.ForcedIgnored, bytes32(0), STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IBond.AlreadySlashed.selector, Fault.ForcedIgnored, bytes32(0)));
        bond.slash(Fault.ForcedIgnored, bytes32(0), address(1));
        bond.slash(Fault.Overdue, bytes32(0), STRANGER);
        assertEq(bond.stake(), STAKE - 2 * AMOUNT);
    }

    function test_theLedgersPenaltiesNeverRevertAndPayNoOperator() public {
        vm.startPrank(address(ledger));
        bond.penalize(1, ILedgerPenalty.Reason.OperatorAbandoned, address(this));
        assertEq(bond.burned(), AMOUNT);
        assertEq(bond.creditOf(address(this)), 0);
        bond.penalize(1, ILedgerPenalty.Reason.SeedBlockMissed, STRANGER);
        bond.penalize(1, ILedgerPenalty.Reason.SeedBlockMissed, STRANGER);
        assertEq(bond.creditOf(STRANGER), AMOUNT);
        for (uint256 i = 0; i < 120; ++i) {
            bond.penalize(1, ILedgerPenalty.Reason.SealedBatchUndelivered, STRANGER);
        }
        assertEq(bond.stake(), 0);
    }

    function test_theOperatorTakesOutBehindTheDelay() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IBond.NotTheOperator.selector, STRANGER));
        bond.requestWithdrawal(1);
        vm.expectRevert(abi.encodeWithSelector(IBond.StakeTooSmall.selector, STAKE));
        bond.requestWithdrawal(STAKE + 1);
        vm.expectRevert(abi.encodeWithSelector(IBond.WithdrawalNotReady.selector, 0));
        bond.withdraw(address(this));

        bond.requestWithdrawal(90 ether);
        assertEq(bond.covered(), 10 ether);
        assertEq(bond.stake(), STAKE);
        vm.warp(vm.getBlockTimestamp() + 7 days - 1);
        vm.expectPartialRevert(IBond.WithdrawalNotReady.selector);
        bond.withdraw(address(this));
        vm.warp(vm.getBlockTimestamp() + 1);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IBond.NotTheOperator.selector, STRANGER));
        bond.withdraw(STRANGER);
        bond.withdraw(address(0xD0));
        assertEq(bond.stake(), 10 ether);
        vm.prank(address(0xD0));
        bond.collect(address(0xD1));
        assertEq(address(0xD1).balance, 90 ether);
        // Not twice.
        vm.expectRevert(abi.encodeWithSelector(IBond.WithdrawalNotReady.selector, 0));
        bond.withdraw(address(this));
    }

    function test_whatIsOnItsWayOutCanStillBeSlashed() public {
        bond.requestWithdrawal(STAKE);
        assertEq(bond.covered(), 0);
        vm.prank(address(receipts));
        bond.slash(Fault.Overdue, bytes32(0), STRANGER);
        vm.warp(vm.getBlockTimestamp() + 7 days);
        bond.withdraw(address(this));
        assertEq(bond.creditOf(address(this)), STAKE - AMOUNT);
        assertEq(bond.stake(), 0);
    }

    function test_aRequestIsTakenBack() public {
        bond.requestWithdrawal(STAKE);
        bond.requestWithdrawal(0);
        assertEq(bond.covered(), STAKE);
        vm.warp(vm.getBlockTimestamp() + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IBond.WithdrawalNotReady.selector, 0));
        bond.withdraw(address(this));
    }

    function test_nobodyCollectsTwiceOrWhileBeingPaid() public {
        Greedy greedy = new Greedy(bond);
        vm.prank(address(receipts));
        bond.slash(Fault.Overdue, bytes32(0), address(greedy));
        vm.expectRevert(abi.encodeWithSelector(ICredits.TransferRefused.selector, address(greedy)));
        greedy.collect();
        vm.expectRevert(abi.encodeWithSelector(ICredits.NothingToCollect.selector, STRANGER));
        vm.prank(STRANGER);
        bond.collect(STRANGER);
    }

    function test_aSlasherRefusesABondThatLeavesBeforeItsWindow() public {
        vm.expectRevert(IEvidence.BondLeavesTooEarly.selector);
        new ReceiptChallenges(ledger, bond, 7 days, 1);
    }

    function test_aBondIsMadeWithAnAmountForEachClass() public {
        Bond.Config memory config = Bond.Config(bond.ledger(), new address[](0), address(1), 1, 0, new uint256[](9));
        vm.expectRevert(IBond.BondConfigInvalid.selector);
        new Bond(config);
    }
}
