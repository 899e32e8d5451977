// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEpochBook} from "../../../contracts/interfaces/IEpochBook.sol";
import {ILedgerPenalty} from "../../../contracts/interfaces/ILedgerPenalty.sol";
import {IWayOut} from "../../../contracts/interfaces/IWayOut.sol";
import {ISeedSource} from "../../../contracts/interfaces/ISeedSource.sol";
import {Operated} from "../../../contracts/lib/Operated.sol";
import {Receipt as OrderReceipt} from "../../../contracts/types/Receipt.sol";
import {PlainHead} from "../PlainHead.sol";
import {HonestOperator} from "./HonestOperator.sol";
import {Batch} from "./PlainBatch.sol";

/// @title Each check of the way out alone: who may, when, with what index and receipt, and what it leaves behind.
contract WayOutTest is HonestOperator {
    address private constant ANYONE = address(8);

    function setUp() public {
        vm.warp(1_700_000_000);
        beginEpoch(false);
        submit(7);
        submit(8);
    }

    function submit(uint256 salt) private {
        (Batch memory s, PlainHead memory next, ) = build(head, salt);
        PlainHead memory previous = head;
        vm.prank(ANYONE, ANYONE);
        ledger.submitBatch(previous.packed(), packed(s));
        head = next;
    }

    /// @dev The next epoch is announced and waits.
    function announce(uint64 firstBatch) private {
        ledger.announceEpoch(announcement(firstBatch));
        noteWords();
        firstBatches.push(firstBatch);
        seeds.push(0);
        abandoned.push(false);
        fromReset.push(false);
    }

    function open() private {
        vm.roll(block.number + 5);
        ledger.openEpoch();
        seeds[seeds.length - 1] = ledger.epochOf(uint64(seeds.length)).seed;
    }

    function abandon() private {
        ledger.abandonEpoch(head.nextIndex);
        abandoned[abandoned.length - 1] = true;
    }

    function signedReceipt(
        uint64 epoch,
        uint64 batch,
        uint64 time
    ) private view returns (OrderReceipt memory receipt, bytes32 r, bytes32 vs) {
        receipt = OrderReceipt(epoch, batch, 0, 77, 1, time);
        bytes32 typeHash = keccak256(
            "Receipt(uint64 epoch,uint64 batch,uint16 slot,uint256 commitment,uint8 assignment,uint64 time)"
        );
        (r, vs) = signed(SIGNER_KEY, keccak256(abi.encode(typeHash, receipt)));
    }

    function refusesOverdue(uint64 epoch, uint64 batch, bytes memory reason) private {
        (OrderReceipt memory receipt, bytes32 r, bytes32 vs) = signedReceipt(epoch, batch, 0);
        uint64 next = head.nextIndex;
        vm.expectRevert(reason);
        ledger.abandonOverdue(next, receipt, r, vs);
    }

    /// @dev Or the operator would owe forced orders for a time in which it could send no batch.
    function test_anEpochOpenedWhileFrozenLetsTheClockStand() public {
        ledger.freeze();
        uint64 ran = ledger.uptime();
        announce(2);
        open();
        vm.warp(vm.getBlockTimestamp() + 1 days);
        assertEq(ledger.uptime(), ran);
        abandon();
        beginEpoch(false);
        vm.warp(vm.getBlockTimestamp() + 100);
        assertEq(ledger.uptime(), ran + 100);
    }

    function test_aSecondEpochLetsTheClockRunOn() public {
        uint64 ran = ledger.uptime();
        vm.warp(vm.getBlockTimestamp() + 50);
        announce(2);
        open();
        vm.warp(vm.getBlockTimestamp() + 50);
        assertEq(ledger.uptime(), ran + 100);
    }

    function test_onlyWhatRunsIsFrozenAndOnce() public {
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.NotInbox.selector, ANYONE));
        ledger.freeze();
        ledger.freeze();
        vm.expectRevert(IWayOut.LedgerFrozen.selector);
        ledger.freeze();
        abandon();
        assertFalse(ledger.frozen());
        vm.expectRevert(IWayOut.NothingToFreeze.selector);
        ledger.freeze();
    }

    function test_onlyTheOperatorAbandonsAtOnceAndOnlyTheInboxForForcedOrders() public {
        vm.startPrank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Operated.NotOperator.selector, ANYONE));
        ledger.abandonEpoch(2);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.NotInbox.selector, ANYONE));
        ledger.abandonForced(2, ANYONE);
        vm.stopPrank();
        ledger.abandonForced(2, ANYONE);
        assertTrue(penalties.last().reason == ILedgerPenalty.Reason.ForcedOrderOverdue);
        assertEq(penalties.last().reporter, ANYONE);
        assertEq(penalties.last().epoch, 1);
        vm.expectRevert(IWayOut.NothingToAbandon.selector);
        ledger.abandonForced(2, ANYONE);
        vm.expectRevert(IWayOut.NothingToAbandon.selector);
        ledger.abandonEpoch(2);
    }

    function test_theNextIndexIsNamedExactly() public {
        vm.expectRevert(abi.encodeWithSelector(IWayOut.NotNextIndex.selector, 1));
        ledger.abandonEpoch(1);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.NotNextIndex.selector, 3));
        ledger.abandonEpoch(3);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.NotNextIndex.selector, 0));
        ledger.abandonEpoch(0);
        ledger.abandonEpoch(2);
        assertTrue(penalties.last().reason == ILedgerPenalty.Reason.OperatorAbandoned);
    }

    function test_aReceiptIsOverdueOneSecondPastTheDeadline() public {
        (OrderReceipt memory receipt, bytes32 r, bytes32 vs) = signedReceipt(1, 2, uint64(block.timestamp * 1e6));
        uint256 until = block.timestamp + DEADLINE + 1;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.NotOverdue.selector, until));
        ledger.abandonOverdue(2, receipt, r, vs);
        vm.warp(until);
        receipt.slot = 1;
        vm.expectRevert(IWayOut.ReceiptSignatureInvalid.selector);
        ledger.abandonOverdue(2, receipt, r, vs);
        receipt.slot = 0;
        vm.prank(ANYONE);
        ledger.abandonOverdue(2, receipt, r, vs);
        assertTrue(penalties.last().reason == ILedgerPenalty.Reason.ReceiptOverdue);
        assertEq(penalties.last().reporter, ANYONE);
        assertTrue(ledger.isVoid(1, 2));
        assertFalse(ledger.isVoid(1, 1));
    }

    function test_aReceiptForAnAcceptedBatchOrNoEpochIsNotOverdue() public {
        refusesOverdue(1, 1, abi.encodeWithSelector(IWayOut.BatchAcceptedAlready.selector, 1));
        refusesOverdue(2, 2, abi.encodeWithSelector(IWayOut.ReceiptOutdated.selector, 2));
        refusesOverdue(0, 2, abi.encodeWithSelector(IWayOut.ReceiptOutdated.selector, 0));
        abandon();
        refusesOverdue(1, 2, abi.encodeWithSelector(IWayOut.ReceiptOutdated.selector, 1));
    }

    /// @dev While an epoch waits, the one before it still owes what lies before the new one's first batch.
    function test_receiptsOfTheEpochBeforeCountWhileItRuns() public {
        announce(3);
        (OrderReceipt memory receipt, bytes32 r, bytes32 vs) = signedReceipt(1, 2, 0);
        uint256 before = vm.snapshotState();
        ledger.abandonOverdue(2, receipt, r, vs);
        (uint64 firstBatch, uint64 end) = ledger.rangeOf(2);
        assertEq(firstBatch, 2);
        assertEq(end, 2);
        (, end) = ledger.rangeOf(1);
        assertEq(end, 2);
        assertTrue(ledger.isVoid(1, 2));
        assertTrue(ledger.isVoid(2, 3));
        vm.revertToState(before);
        submit(9);
        // It ended where the next one begins.
        (receipt, r, vs) = signedReceipt(1, 3, 0);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.ReceiptOutdated.selector, 1));
        ledger.abandonOverdue(3, receipt, r, vs);
        open();
        submit(10);
        announce(4);
        (receipt, r, vs) = signedReceipt(1, 4, 0);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.ReceiptOutdated.selector, 1));
        ledger.abandonOverdue(4, receipt, r, vs);
    }

    function test_aMissedSeedBlockIsRenewedAtAPrice() public {
        vm.expectRevert(abi.encodeWithSelector(IEpochBook.EpochAlreadyOpen.selector, 1));
        ledger.renewSeedBlock();
        announce(2);
        uint64 missed = ledger.epochOf(2).seedBlock;
        vm.expectRevert(abi.encodeWithSelector(IWayOut.SeedInReach.selector, missed));
        ledger.renewSeedBlock();
        vm.roll(missed + 9000);
        vm.expectRevert(abi.encodeWithSelector(IWayOut.SeedInReach.selector, missed));
        ledger.renewSeedBlock();
        seedSource.forget();
        vm.expectRevert(abi.encodeWithSelector(ISeedSource.BlockOutOfReach.selector, missed));
        ledger.openEpoch();
        vm.prank(ANYONE);
        ledger.renewSeedBlock();
        assertEq(ledger.epochOf(2).seedBlock, block.number + 2);
        assertEq(penalties.count(), 1);
        assertTrue(penalties.last().reason == ILedgerPenalty.Reason.SeedBlockMissed);
        assertEq(penalties.last().epoch, 2);
        assertEq(penalties.last().reporter, ANYONE);
        open();
        submit(9);
    }

    function test_aSourceThatSaysNothingRenewsNothing() public {
        announce(2);
        seedSource.forget();
        vm.mockCallRevert(address(seedSource), abi.encodeWithSelector(ISeedSource.hashOf.selector), "");
        vm.expectRevert(abi.encodeWithSelector(IWayOut.SeedInReach.selector, ledger.epochOf(2).seedBlock));
        ledger.renewSeedBlock();
    }
}
