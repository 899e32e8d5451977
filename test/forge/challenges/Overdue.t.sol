// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IReceiptChallenges} from "../../../contracts/interfaces/IReceiptChallenges.sol";
import {Receipt as OrderReceipt} from "../../../contracts/types/Receipt.sol";
import {World} from "./World.sol";

/// @title Batches that do not come: a notice, a window in time and in blocks, one slash for a stall.
contract OverdueTest is World {
    address private constant WITNESS = address(0xBEEF);
    OrderReceipt private receipt;

    function setUp() public {
        accept(words(11, 0, 0), bytesOf(1, 0, 0, 1));
        receipt = OrderReceipt(1, 3, 0, 77, 1, nowUs());
    }

    function test_aStallIsSlashedAfterTheWindow() public {
        _notice();
        _pass(ANSWER_TIME + 1, ANSWER_BLOCKS + 1);
        _prove(1);
        assertEq(bond.stake(), STAKE - AMOUNT);
        assertEq(bond.creditOf(WITNESS), AMOUNT / 2);
    }

    function testFuzz_noNoticeBeforeTheDeadline(uint256 seconds_) public {
        seconds_ = bound(seconds_, 0, ledger.deadline());
        vm.warp(vm.getBlockTimestamp() + seconds_);
        vm.expectRevert(abi.encodeWithSelector(IReceiptChallenges.NotOverdue.selector, 3));
        receipts.noticeOverdue(receipt, signed(receipt));
    }

    function test_aHaltedChainTakesNoAnswerAway() public {
        _notice();
        vm.warp(vm.getBlockTimestamp() + 30 days);
        vm.expectPartialRevert(IReceiptChallenges.WindowOpen.selector);
        receipts.proveOverdue(1, 3, 1);
        vm.roll(vm.getBlockNumber() + ANSWER_BLOCKS);
        vm.expectPartialRevert(IReceiptChallenges.WindowOpen.selector);
        receipts.proveOverdue(1, 3, 1);
    }

    function test_aFastChainTakesNoAnswerAway() public {
        _notice();
        _pass(ANSWER_TIME, 10_000);
        vm.expectPartialRevert(IReceiptChallenges.WindowOpen.selector);
        receipts.proveOverdue(1, 3, 1);
    }

    function test_acceptanceInTheWindowAnswers() public {
        _notice();
        for (uint256 i = 0; i < 3; ++i) {
            accept(words(21 + i, 0, 0), bytesOf(1, 0, 0, 1));
        }
        _pass(ANSWER_TIME + 1, ANSWER_BLOCKS + 1);
        vm.expectRevert(abi.encodeWithSelector(IReceiptChallenges.NotOverdue.selector, 3));
        receipts.proveOverdue(1, 3, 4);
    }

    function test_theFaultIsTheFirstMissingBatchAndNoOther() public {
        // Nor is anything proven without a notice.
        vm.expectRevert(abi.encodeWithSelector(IReceiptChallenges.NotOverdue.selector, 3));
        receipts.proveOverdue(1, 3, 1);
        _notice();
        _pass(ANSWER_TIME + 1, ANSWER_BLOCKS + 1);
        uint64[3] memory wrong = [uint64(0), 2, 4];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IReceiptChallenges.NotFirstMissing.selector, wrong[i]));
            receipts.proveOverdue(1, 3, wrong[i]);
        }
    }

    /// @dev However many receipts there are, and however the operator catches up: one slash a window.
    function test_aStallIsOneFaultNotOneABatch() public {
        vm.warp(vm.getBlockTimestamp() + ledger.deadline() + 1);
        for (uint64 batch = 1; batch < 6; ++batch) {
            OrderReceipt memory each = OrderReceipt(1, batch, 0, 70 + batch, 1, receipt.time);
            receipts.noticeOverdue(each, signed(each));
        }
        _pass(ANSWER_TIME + 1, ANSWER_BLOCKS + 1);
        receipts.proveOverdue(1, 5, 1);
        accept(words(21, 0, 0), bytesOf(1, 0, 0, 1));
        for (uint64 batch = 2; batch < 6; ++batch) {
            vm.expectPartialRevert(IReceiptChallenges.WindowOpen.selector);
            receipts.proveOverdue(1, batch, 2);
        }
        assertEq(bond.stake(), STAKE - AMOUNT);
        _pass(ANSWER_TIME + 1, ANSWER_BLOCKS + 1);
        receipts.proveOverdue(1, 4, 2);
        assertEq(bond.stake(), STAKE - 2 * AMOUNT);
    }

    function test_anAbandonedEpochOwesNoBatch() public {
        _notice();
        _pass(ANSWER_TIME + 1, ANSWER_BLOCKS + 1);
        ledger.abandon();
        vm.expectRevert(abi.encodeWithSelector(IReceiptChallenges.NotOverdue.selector, 3));
        receipts.proveOverdue(1, 3, 1);
        // It paid for that, all of it burned.
        assertEq(bond.stake(), STAKE - AMOUNT);
        assertEq(bond.burned(), AMOUNT);
    }

    function _notice() private {
        vm.warp(vm.getBlockTimestamp() + ledger.deadline() + 1);
        receipts.noticeOverdue(receipt, signed(receipt));
        // A second notice does not move the window.
        receipts.noticeOverdue(receipt, signed(receipt));
    }

    function _prove(uint64 firstMissing) private {
        vm.prank(WITNESS);
        receipts.proveOverdue(1, 3, firstMissing);
    }

    function _pass(uint256 seconds_, uint256 blocks) private {
        vm.warp(vm.getBlockTimestamp() + seconds_);
        vm.roll(vm.getBlockNumber() + blocks);
    }
}
