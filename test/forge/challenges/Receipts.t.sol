// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBond} from "../../../contracts/interfaces/IBond.sol";
import {IEvidence} from "../../../contracts/interfaces/IEvidence.sol";
import {IReceiptChallenges} from "../../../contracts/interfaces/IReceiptChallenges.sol";
import {ISettlementGate} from "../../../contracts/interfaces/ISettlementGate.sol";
import {Signature} from "../../../contracts/types/Evidence.sol";
import {Inclusion} from "../../../contracts/types/Inclusion.sol";
import {Receipt as OrderReceipt} from "../../../contracts/types/Receipt.sol";
import {World} from "./World.sol";

/// @title What receipts and batches show: every fault slashed once, no honest receipt ever.
contract ReceiptChallengesTest is World {
    address private constant WITNESS = address(0xBEEF);
    uint16 private constant COUNT = 9;
    uint64 private index;

    function setUp() public {
        // Three leaves, filled up to four: two siblings to climb by.
        index = accept(series(11, COUNT), assigned(hex"010002010201000202"));
    }

    function test_aKeptReceiptIsNoFault() public {
        finalize(index);
        for (uint16 slot = 0; slot < COUNT; ++slot) {
            OrderReceipt memory receipt = receiptFor(index, slot);
            _refusedContradiction(receipt, slot);
            receipt.assignment = 255;
            _refusedContradiction(receipt, slot);
        }
    }

    function testFuzz_whateverDiffersFromTheBatchIsAContradiction(uint256 seed) public {
        finalize(index);
        uint16 slot = uint16((seed >> 16) % COUNT);
        OrderReceipt memory receipt = receiptFor(index, slot);
        uint256 by = (seed >> 8) | 1;
        uint256 field = (seed >> 4) % 4;
        if (field == 0) receipt.commitment ^= by;
        else if (field == 1) receipt.assignment = uint8(bound(by, 0, 254));
        else if (field == 2) receipt.time = uint64(bound(by, 0, kept[index].head.time - 1));
        else ledger.begin();
        if (field == 3) receipt.epoch = 2;
        if (field == 1 && receipt.assignment == kept[index].assignments[slot]) return;
        _contradicts(receipt, slot);
        _slashedOnce(1);
        // The same receipt again, by anybody, costs nothing more.
        vm.expectPartialRevert(IBond.AlreadySlashed.selector);
        receipts.proveContradiction(receipt, signed(receipt), kept[index].head.packed(), inclusionOf(index, slot));
    }

    function test_aBatchCountsOnceFinalAndOnlyIfItStays() public {
        OrderReceipt memory receipt = receiptFor(index, 0);
        receipt.commitment = 99;
        _refused(receipt, abi.encodeWithSelector(IEvidence.NotFinal.selector, index, 0));
        receipts.sight(index);
        vm.roll(vm.getBlockNumber() + 1);
        receipts.sight(index);
        _refused(receipt, abi.encodeWithSelector(IEvidence.NotFinal.selector, index, vm.getBlockNumber() + 1));
        vm.roll(vm.getBlockNumber() + 1);
        ledger.replace(index, kept[index].record);
        _contradicts(receipt, 0);
        _slashedOnce(1);
    }

    function test_aBatchThatAReorgTookAwayProvesNothing() public {
        finalize(index);
        OrderReceipt memory receipt = receiptFor(index, 0);
        receipt.commitment = 99;
        Signature memory signature = signed(receipt);
        Inclusion memory inclusion = inclusionOf(index, 0);
        inclusion.record.terms = keccak256("other");
        ledger.replace(index, inclusion.record);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.BatchMismatch.selector, index));
        receipts.proveContradiction(receipt, signature, kept[index].head.packed(), inclusionOf(index, 0));
    }

    function test_onlyTheSignersReceiptsCount() public {
        finalize(index);
        OrderReceipt memory receipt = receiptFor(index, 0);
        receipt.commitment = 99;
        Signature memory foreign = sign(0xBAD, keccak256("x"));
        vm.expectRevert(IEvidence.SignatureRefused.selector);
        receipts.proveContradiction(receipt, foreign, kept[index].head.packed(), inclusionOf(index, 0));
        vm.expectRevert(IEvidence.SignatureRefused.selector);
        receipts.proveContradiction(receipt, Signature(0, 0), kept[index].head.packed(), inclusionOf(index, 0));
        // Signed, but something else.
        vm.expectRevert(IEvidence.SignatureRefused.selector);
        receipts.proveContradiction(
            receipt,
            signed(receiptFor(index, 0)),
            kept[index].head.packed(),
            inclusionOf(index, 0)
        );
    }

    function test_anotherSlotOrABentPathProvesNothing() public {
        finalize(index);
        OrderReceipt memory receipt = receiptFor(index, 0);
        vm.expectRevert(IEvidence.NoFault.selector);
        receipts.proveContradiction(receipt, signed(receipt), kept[index].head.packed(), inclusionOf(index, 1));
        Inclusion memory bent = inclusionOf(index, 0);
        bent.commitments[0] = 99;
        _notIncluded(receipt, bent);
        for (uint256 i = 0; i < 2; ++i) {
            bent = inclusionOf(index, 0);
            bent.path[i] ^= bytes32(uint256(1));
            _notIncluded(receipt, bent);
        }
        // The first leaf's orders, said to be the second leaf's.
        bent = inclusionOf(index, 0);
        bent.slot = 4;
        _notIncluded(receiptFor(index, 4), bent);
        kept[index].head.time += 1000;
        vm.expectRevert(abi.encodeWithSelector(IEvidence.BatchMismatch.selector, index));
        receipts.proveContradiction(receipt, signed(receipt), kept[index].head.packed(), inclusionOf(index, 0));
    }

    function testFuzz_aSlotPastTheCountIsAContradiction(uint16 slot) public {
        uint64 second = accept(words(21, 0, 0), bytesOf(1, 0, 0, 1));
        finalize(second);
        OrderReceipt memory receipt = receiptFor(second, 0);
        receipt.slot = slot;
        if (slot == 0) vm.expectRevert(IEvidence.NoFault.selector);
        vm.prank(WITNESS);
        receipts.proveSlotMissing(receipt, signed(receipt), opened(second), opened(index));
        if (slot != 0) _slashedOnce(1);
    }

    function test_theCountOfTheFirstBatchNeedsNoneBefore() public {
        finalize(index);
        OrderReceipt memory receipt = receiptFor(index, COUNT - 1);
        vm.expectRevert(IEvidence.NoFault.selector);
        receipts.proveSlotMissing(receipt, signed(receipt), opened(index), opened(index));
        receipt.slot = COUNT;
        vm.prank(WITNESS);
        receipts.proveSlotMissing(receipt, signed(receipt), opened(index), opened(index));
        _slashedOnce(1);
    }

    function test_voidReceiptsArePromisedNoMore() public {
        // The epoch ends after batch 0; its receipts for batch 1 are void, and the next epoch fills batch 1 otherwise.
        OrderReceipt memory receipt = OrderReceipt(1, 1, 0, 77, 1, nowUs());
        ledger.abandon();
        uint256 after_ = bond.stake();
        ledger.begin();
        uint64 second = accept(words(21, 0, 0), bytesOf(1, 0, 0, 1));
        finalize(second);
        vm.expectRevert(IEvidence.NoFault.selector);
        receipts.proveContradiction(receipt, signed(receipt), kept[second].head.packed(), inclusionOf(second, 0));
        receipt.slot = 9;
        vm.expectRevert(IEvidence.NoFault.selector);
        receipts.proveSlotMissing(receipt, signed(receipt), opened(second), opened(index));
        assertEq(bond.stake(), after_);
    }

    function testFuzz_twoContentsOfOnePlaceAreEquivocation(uint256 seed) public {
        OrderReceipt memory first = receiptFor(index, 0);
        OrderReceipt memory second = receiptFor(index, 0);
        uint256 field = seed % 3;
        if (field == 0) second.commitment ^= (seed >> 2) | 1;
        else if (field == 1) second.assignment ^= uint8((seed >> 2) | 1);
        else second.time ^= uint64((seed >> 2) | 1);
        vm.prank(WITNESS);
        receipts.proveEquivocation(first, signed(first), second, signed(second));
        _slashedOnce(1);
        vm.expectPartialRevert(IBond.AlreadySlashed.selector);
        receipts.proveEquivocation(second, signed(second), first, signed(first));
    }

    function test_oneCommitmentPromisedTwiceIsEquivocation() public {
        OrderReceipt memory first = OrderReceipt(1, 5, 0, 77, 1, nowUs());
        OrderReceipt memory second = OrderReceipt(1, 6, 3, 77, 2, nowUs());
        vm.prank(WITNESS);
        receipts.proveEquivocation(first, signed(first), second, signed(second));
        _slashedOnce(1);
    }

    function test_whatTheProtocolAllowsIsNoEquivocation() public {
        OrderReceipt memory first = OrderReceipt(1, 5, 0, 77, 1, nowUs());
        vm.expectRevert(IReceiptChallenges.SameEvidence.selector);
        receipts.proveEquivocation(first, signed(first), first, signed(first));
        // Deferred and sent again; sealed; another epoch; another order.
        ledger.begin();
        OrderReceipt[4] memory others = [
            OrderReceipt(1, 6, 0, 77, 0, nowUs()),
            OrderReceipt(1, 6, 0, 77, 255, nowUs()),
            OrderReceipt(2, 6, 0, 77, 1, nowUs()),
            OrderReceipt(1, 6, 0, 78, 1, nowUs())
        ];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(IEvidence.NoFault.selector);
            receipts.proveEquivocation(first, signed(first), others[i], signed(others[i]));
        }
    }

    function test_aCommitmentAcceptedTwiceIsADuplicate() public {
        uint64 second = accept(words(21, 19, 0), bytesOf(1, 2, 0, 2));
        finalize(index);
        finalize(second);
        vm.prank(WITNESS);
        receipts.proveDuplicate(inclusionOf(index, COUNT - 1), inclusionOf(second, 1));
        _slashedOnce(1);
        vm.expectPartialRevert(IBond.AlreadySlashed.selector);
        receipts.proveDuplicate(inclusionOf(second, 1), inclusionOf(index, COUNT - 1));
    }

    function test_aDeferredOrderMayComeAgainButNotInOneBatch() public {
        uint64 second = accept(words(12, 12, 0), bytesOf(1, 0, 0, 2));
        finalize(index);
        finalize(second);
        vm.expectRevert(IEvidence.NoFault.selector);
        receipts.proveDuplicate(inclusionOf(index, 1), inclusionOf(second, 0));
        vm.expectRevert(IReceiptChallenges.SameEvidence.selector);
        receipts.proveDuplicate(inclusionOf(index, 1), inclusionOf(index, 1));
        // The empty half of a leaf is no order.
        uint64 third = accept(words(31, 0, 0), bytesOf(1, 0, 0, 1));
        uint64 fourth = accept(words(41, 0, 0), bytesOf(1, 0, 0, 1));
        finalize(third);
        finalize(fourth);
        vm.expectRevert(IEvidence.NoFault.selector);
        receipts.proveDuplicate(inclusionOf(third, 1), inclusionOf(fourth, 1));
        vm.prank(WITNESS);
        receipts.proveDuplicate(inclusionOf(second, 0), inclusionOf(second, 1));
        _slashedOnce(1);
    }

    function _contradicts(OrderReceipt memory receipt, uint16 slot) private {
        vm.prank(WITNESS);
        receipts.proveContradiction(receipt, signed(receipt), kept[index].head.packed(), inclusionOf(index, slot));
    }

    function _refusedContradiction(OrderReceipt memory receipt, uint16 slot) private {
        Signature memory signature = signed(receipt);
        vm.expectRevert(IEvidence.NoFault.selector);
        receipts.proveContradiction(receipt, signature, kept[index].head.packed(), inclusionOf(index, slot));
    }

    function _notIncluded(OrderReceipt memory receipt, Inclusion memory bent) private {
        Signature memory signature = signed(receipt);
        vm.expectPartialRevert(ISettlementGate.NotIncluded.selector);
        receipts.proveContradiction(receipt, signature, kept[index].head.packed(), bent);
    }

    function _refused(OrderReceipt memory receipt, bytes memory reason) private {
        Signature memory signature = signed(receipt);
        vm.expectRevert(reason);
        receipts.proveContradiction(receipt, signature, kept[index].head.packed(), inclusionOf(index, 0));
    }

    /// @dev Half is burned, half is the witness's.
    function _slashedOnce(uint256 times) private view {
        assertEq(bond.stake(), STAKE - times * AMOUNT);
        assertEq(bond.burned(), (times * AMOUNT) / 2);
        assertEq(bond.creditOf(WITNESS), (times * AMOUNT) / 2);
    }
}
