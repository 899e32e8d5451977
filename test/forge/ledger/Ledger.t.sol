// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {RoutingLedger} from "../../../contracts/RoutingLedger.sol";
import {LedgerHandler} from "./LedgerHandler.sol";
import {WayOutHandler} from "./WayOutHandler.sol";

/// @title Whatever operator, submitters and strangers do, the ledger holds what an honest bookkeeper would hold.
contract LedgerInvariants is Test {
    LedgerHandler private handler;
    RoutingLedger private ledger;

    function setUp() public {
        vm.warp(1_700_000_000);
        handler = new LedgerHandler();
        ledger = handler.ledger();
        bytes4[] memory selectors = new bytes4[](13);
        selectors[0] = LedgerHandler.wait.selector;
        selectors[1] = LedgerHandler.announceEpoch.selector;
        selectors[2] = LedgerHandler.openEpoch.selector;
        selectors[3] = LedgerHandler.submitOne.selector;
        selectors[4] = LedgerHandler.submitMany.selector;
        selectors[5] = LedgerHandler.forge.selector;
        selectors[6] = LedgerHandler.strangerAnnounces.selector;
        selectors[7] = LedgerHandler.throughAContract.selector;
        selectors[8] = WayOutHandler.freeze.selector;
        selectors[9] = WayOutHandler.abandon.selector;
        selectors[10] = WayOutHandler.abandonOverdue.selector;
        selectors[11] = WayOutHandler.renewSeedBlock.selector;
        selectors[12] = LedgerHandler.moveMultipliers.selector;
        targetSelector(FuzzSelector(address(handler), selectors));
        targetContract(address(handler));
    }

    function invariant_headIsThatOfTheAcceptedBatches() public view {
        assertEq(ledger.head(), handler.headHash());
    }

    function invariant_recordsAreThoseOfTheAcceptedBatches() public view {
        uint256 count = handler.accepted();
        for (uint256 i = 0; i < count; ++i) {
            assertEq(ledger.recordOf(uint64(i)), handler.records(i));
        }
        assertEq(ledger.recordOf(uint64(count)), 0);
    }

    function invariant_epochsFollowEachOtherAndNeverOverlap() public view {
        uint64 latest = ledger.latestEpoch();
        for (uint64 epoch = 1; epoch <= latest; ++epoch) {
            assertEq(ledger.epochOf(epoch).firstBatch, handler.firstBatches(epoch - 1));
            assertEq(ledger.epochOf(epoch).seed, handler.seeds(epoch - 1));
            assertEq(ledger.epochOf(epoch).abandoned, handler.abandoned(epoch - 1));
            if (epoch == 1) continue;
            assertGe(handler.firstBatches(epoch - 1), handler.firstBatches(epoch - 2));
            (, uint64 end) = ledger.rangeOf(epoch - 1);
            assertEq(end, handler.firstBatches(epoch - 1));
        }
    }

    function invariant_anEpochsWordsAreThoseOfItsAnnouncementForGood() public view {
        uint64 latest = ledger.latestEpoch();
        uint256[] memory published = handler.published();
        for (uint64 epoch = 1; epoch <= latest; ++epoch) {
            (, , uint256[] memory words) = ledger.policyOf(epoch);
            uint256[] memory noted = handler.wordsOf(epoch);
            for (uint256 j = 0; j < words.length; ++j) {
                assertEq(words[j], noted[j]);
                assertEq(words[j] >> 24, published[j] >> 24);
                for (uint256 shift = 0; shift < 24; shift += 12) {
                    uint256 weight = (published[j] >> shift) & 0xfff;
                    assertLe((words[j] >> shift) & 0xfff, weight);
                    assertGe((words[j] >> shift) & 0xfff, weight / 2);
                }
            }
        }
    }

    function invariant_everyAcceptedBatchHasItsEpochAndNoReceiptForItIsVoid() public view {
        uint64 count = uint64(handler.accepted());
        for (uint64 i = 0; i < count; ++i) {
            assertEq(ledger.epochAt(i), handler.epochOf(i));
            assertFalse(ledger.isVoid(handler.epochOf(i), i));
        }
        uint64 latest = ledger.latestEpoch();
        if (latest == 0) return;
        assertEq(ledger.isVoid(latest, count), handler.abandoned(latest - 1));
        if (handler.abandoned(latest - 1)) assertEq(ledger.epochAt(count), 0);
    }

    function invariant_penaltiesAreToldOnceForEachFault() public view {
        assertEq(handler.penalties().count(), handler.faults());
    }

    function invariant_frozenAsTheInboxLeftItAndTheClockStands() public view {
        assertEq(ledger.frozen(), handler.isFrozen());
        assertEq(ledger.uptime(), handler.uptime());
    }

    /// @dev The handler reaches what it is there for.
    function test_theHonestPathWorks() public {
        handler.announceEpoch(0);
        handler.wait(10, 5);
        handler.openEpoch(address(9));
        handler.submitOne(address(8), 7);
        handler.submitMany(address(8), 9, 3);
        handler.moveMultipliers(140, 256);
        handler.forge(address(8), 11, 2, 1, 5);
        handler.announceEpoch(1);
        handler.wait(10, 5);
        handler.openEpoch(address(9));
        handler.submitOne(address(8), 12);
        handler.submitMany(address(8), 13, 4);
        assertEq(handler.accepted(), 9);
        assertEq(handler.forgeries(), 1);
        handler.freeze();
        handler.abandonOverdue(address(8), 601, 1 << 24);
        handler.announceEpoch(258);
        handler.renewSeedBlock(address(8), false);
        handler.wait(10, 5);
        handler.renewSeedBlock(address(8), true);
        handler.wait(10, 5);
        handler.openEpoch(address(9));
        handler.submitMany(address(8), 15, 2);
        handler.abandon(address(8), 0);
        assertEq(handler.accepted(), 11);
        assertEq(handler.faults(), 3);
        invariant_everyAcceptedBatchHasItsEpochAndNoReceiptForItIsVoid();
        assertEq(ledger.epochOf(2).multipliers[0], 140);
        invariant_anEpochsWordsAreThoseOfItsAnnouncementForGood();
        invariant_penaltiesAreToldOnceForEachFault();
        invariant_headIsThatOfTheAcceptedBatches();
        invariant_recordsAreThoseOfTheAcceptedBatches();
        invariant_epochsFollowEachOtherAndNeverOverlap();
    }
}
