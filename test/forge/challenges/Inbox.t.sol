// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IForcedInbox} from "../../../contracts/interfaces/IForcedInbox.sol";
import {ISegmentRegistry} from "../../../contracts/interfaces/ISegmentRegistry.sol";
import {ISettlementGate} from "../../../contracts/interfaces/ISettlementGate.sol";
import {OrderOpening} from "../../../contracts/lib/OrderOpening.sol";
import {FIELD_MODULUS} from "../../../contracts/types/Bn254.sol";
import {Inclusion} from "../../../contracts/types/Inclusion.sol";
import {World} from "./World.sol";

/// @title Forced orders: opened, queued, due in groups, and what happens when they are not taken.
contract ForcedInboxTest is World {
    address private constant TRADER = address(0x7A);
    address private constant WITNESS = address(0xBEEF);

    function setUp() public {
        vm.deal(TRADER, 10 ether);
    }

    function testFuzz_theOpeningMustBeTheCommitments(uint32 size, uint8 side, uint256 details) public {
        bool valid = size != 0 && side < 2 && details < FIELD_MODULUS;
        uint256 c = valid ? _commitment(size, side, 0, details) : 1;
        if (!valid) vm.expectRevert(OrderOpening.OpeningInvalid.selector);
        vm.prank(TRADER);
        inbox.post{value: FEE}(size, side, details, c);
        if (!valid) return;
        (bool waits, uint64 number) = inbox.numberOf(c);
        assertTrue(waits);
        assertEq(number, 0);
        vm.prank(TRADER);
        vm.expectRevert(abi.encodeWithSelector(IForcedInbox.AlreadyQueued.selector, 0));
        inbox.post{value: FEE}(size, side, details, c);
    }

    function test_theSegmentIsTheRegisteredOne() public {
        uint256 institutional = _commitment(5, 1, 1, 9);
        vm.startPrank(TRADER);
        vm.expectPartialRevert(IForcedInbox.CommitmentMismatch.selector);
        inbox.post{value: FEE}(5, 1, 9, institutional);
        vm.expectRevert(abi.encodeWithSelector(IForcedInbox.FeeWrong.selector, FEE));
        inbox.post{value: FEE + 1}(5, 1, 9, institutional);
        vm.stopPrank();
        segments.register(TRADER, 1);
        vm.warp(vm.getBlockTimestamp() + 1 days - 1);
        assertEq(segments.segmentOf(TRADER), 0);
        vm.warp(vm.getBlockTimestamp() + 1);
        vm.prank(TRADER);
        inbox.post{value: FEE}(5, 1, 9, institutional);
    }

    function test_registrationsAreTheOperatorsAndTheGuardianTakesThemBack() public {
        vm.prank(TRADER);
        vm.expectRevert(abi.encodeWithSelector(ISegmentRegistry.NotTheOperator.selector, TRADER));
        segments.register(TRADER, 1);
        vm.expectRevert(abi.encodeWithSelector(ISegmentRegistry.SegmentUnknown.selector, 2));
        segments.register(TRADER, 2);
        vm.expectRevert(abi.encodeWithSelector(ISegmentRegistry.NothingWaits.selector, TRADER));
        segments.takeBack(TRADER);
        segments.register(TRADER, 1);
        vm.prank(TRADER);
        vm.expectRevert(abi.encodeWithSelector(ISegmentRegistry.NotTheGuardian.selector, TRADER));
        segments.takeBack(TRADER);
        segments.takeBack(TRADER);
        vm.warp(vm.getBlockTimestamp() + 2 days);
        assertEq(segments.segmentOf(TRADER), 0);
        // What is in force cannot be taken back, only registered anew.
        segments.register(TRADER, 1);
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.expectRevert(abi.encodeWithSelector(ISegmentRegistry.NothingWaits.selector, TRADER));
        segments.takeBack(TRADER);
        segments.register(TRADER, 0);
        assertEq(segments.segmentOf(TRADER), 1);
    }

    function test_inclusionDischargesAndPaysTheOperator() public {
        uint256 c = _post(1);
        uint64 index = accept(words(c, 0, 0), bytesOf(1, 0, 0, 1));
        inbox.discharge(inclusionOf(index, 0), kept[index].head.packed());
        assertEq(inbox.creditOf(address(this)), FEE / 2);
        (, , uint64 left, uint64 dueAt) = inbox.due();
        assertEq(left, 0);
        assertEq(dueAt, 0);
        vm.expectRevert(abi.encodeWithSelector(IForcedInbox.NotQueued.selector, c));
        inbox.discharge(inclusionOf(index, 0), kept[index].head.packed());
        vm.warp(vm.getBlockTimestamp() + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IForcedInbox.NotOverdue.selector, 0));
        inbox.freeze();
        // It may be posted again.
        assertEq(_post(1), c);
    }

    function test_aDeferralDischargesOnlyWhenItIsNewer() public {
        uint256 c = _commitment(1, 0, 0, 1);
        uint64 old = accept(1, words(c, 0, 0), bytesOf(0, 0, 0, 1), nowUs() - 1, 0);
        _post(1);
        vm.expectPartialRevert(IForcedInbox.DeferredBefore.selector);
        inbox.discharge(inclusionOf(old, 0), kept[old].head.packed());
        uint64 later = accept(words(c, 0, 0), bytesOf(0, 0, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(IForcedInbox.HeadMismatch.selector, later));
        inbox.discharge(inclusionOf(later, 0), kept[old].head.packed());
        inbox.discharge(inclusionOf(later, 0), kept[later].head.packed());
        assertEq(inbox.creditOf(address(this)), FEE / 2);
    }

    function test_anEarlierAcceptanceDischarges() public {
        uint256 c = _commitment(1, 0, 0, 1);
        uint64 old = accept(1, words(c, 0, 0), bytesOf(2, 0, 0, 1), nowUs() - 1, 0);
        _post(1);
        inbox.discharge(inclusionOf(old, 0), kept[old].head.packed());
        assertEq(inbox.creditOf(address(this)), FEE / 2);
    }

    function test_aBentInclusionDischargesNothing() public {
        uint256 c = _post(1);
        uint64 index = accept(words(7, 0, 0), bytesOf(1, 0, 0, 1));
        Inclusion memory bent = inclusionOf(index, 0);
        bent.commitments[0] = c;
        vm.expectPartialRevert(ISettlementGate.NotIncluded.selector);
        inbox.discharge(bent, kept[index].head.packed());
    }

    function test_thoseBehindAreDueAfterThoseBefore() public {
        uint256[] memory cs = new uint256[](5);
        for (uint256 i = 0; i < 5; ++i) {
            cs[i] = _post(i + 1);
        }
        // The first one is due alone: the others came later, and must not find its clock half run down.
        _due(0, 1, 1);
        // In the second leaf, behind others.
        uint256[] memory batch = series(11, 7);
        (batch[4], batch[5], batch[6]) = (cs[0], cs[1], cs[2]);
        uint64 first = accept(batch, assigned(hex"01000102010100"));
        vm.expectRevert(abi.encodeWithSelector(IForcedInbox.NotYetDue.selector, 1));
        inbox.discharge(inclusionOf(first, 5), kept[first].head.packed());
        vm.warp(vm.getBlockTimestamp() + INBOX_DEADLINE);
        inbox.discharge(inclusionOf(first, 4), kept[first].head.packed());
        _due(1, 3, 2);
        inbox.discharge(inclusionOf(first, 6), kept[first].head.packed());
        _due(1, 3, 1);
        vm.warp(vm.getBlockTimestamp() + INBOX_DEADLINE + 1);
        assertTrue(inbox.isOverdue());
        inbox.discharge(inclusionOf(first, 5), kept[first].head.packed());
        assertFalse(inbox.isOverdue());
        _due(3, 5, 2);
    }

    function testFuzz_pastTheDeadlineAnybodyFreezes(uint256 late) public {
        uint256 c = _post(1);
        late = bound(late, 0, 1000);
        vm.warp(vm.getBlockTimestamp() + late);
        bool overdue = late > INBOX_DEADLINE;
        assertEq(inbox.isOverdue(), overdue);
        if (!overdue) vm.expectPartialRevert(IForcedInbox.NotOverdue.selector);
        vm.prank(WITNESS);
        inbox.freeze();
        if (!overdue) return;
        assertTrue(ledger.frozen());
        assertEq(bond.creditOf(WITNESS), AMOUNT / 2);
        assertEq(inbox.creditOf(TRADER), FEE / 2);
        // Not again for the same time.
        vm.expectPartialRevert(IForcedInbox.NotOverdue.selector);
        inbox.freeze();
        // The epoch ends, another begins, and the order is due again: its clock stood meanwhile.
        vm.warp(vm.getBlockTimestamp() + 1 days);
        inbox.abandon(ledger.nextIndex());
        vm.warp(vm.getBlockTimestamp() + 1 days);
        ledger.begin();
        assertFalse(inbox.isOverdue());
        uint64 index = accept(words(c, 0, 0), bytesOf(1, 0, 0, 1));
        inbox.discharge(inclusionOf(index, 0), kept[index].head.packed());
        assertEq(inbox.creditOf(address(this)), 0);
    }

    function test_theClockStandsWhileNoEpochIsOpen() public {
        ledger.abandon();
        _post(1);
        vm.warp(vm.getBlockTimestamp() + 30 days);
        assertFalse(inbox.isOverdue());
        ledger.begin();
        vm.warp(vm.getBlockTimestamp() + INBOX_DEADLINE);
        assertFalse(inbox.isOverdue());
        vm.warp(vm.getBlockTimestamp() + 1);
        assertTrue(inbox.isOverdue());
    }

    function test_onlyAFrozenLedgerIsAbandonedFromHere() public {
        vm.expectRevert(IForcedInbox.NotFrozen.selector);
        inbox.abandon(0);
    }

    function _post(uint256 details) private returns (uint256 c) {
        c = _commitment(1, 0, 0, details);
        vm.prank(TRADER);
        inbox.post{value: FEE}(1, 0, details, c);
    }

    function _commitment(uint32 size, uint8 side, uint8 segment, uint256 details) private view returns (uint256) {
        return poseidon.poseidon([uint256(size) + (uint256(side) << 32) + (uint256(segment) << 33), details]);
    }

    function _due(uint64 from, uint64 to, uint64 left) private view {
        (uint64 from_, uint64 to_, uint64 left_, ) = inbox.due();
        assertEq(abi.encode(from_, to_, left_), abi.encode(from, to, left));
    }
}
