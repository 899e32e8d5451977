// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {RoutingLedger} from "../../../contracts/RoutingLedger.sol";
import {LedgerHandler} from "./LedgerHandler.sol";

/// @title Whatever operator, submitters and strangers do, the ledger holds what an honest bookkeeper would hold.
contract LedgerInvariants is Test {
    LedgerHandler private handler;
    RoutingLedger private ledger;

    function setUp() public {
        vm.warp(1_700_000_000);
        handler = new LedgerHandler();
        ledger = handler.ledger();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = LedgerHandler.wait.selector;
        selectors[1] = LedgerHandler.announceEpoch.selector;
        selectors[2] = LedgerHandler.openEpoch.selector;
        selectors[3] = LedgerHandler.submitOne.selector;
        selectors[4] = LedgerHandler.submitMany.selector;
        selectors[5] = LedgerHandler.forge.selector;
        selectors[6] = LedgerHandler.strangerAnnounces.selector;
        selectors[7] = LedgerHandler.throughAContract.selector;
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
            if (epoch > 1) assertGt(handler.firstBatches(epoch - 1), handler.firstBatches(epoch - 2));
        }
    }

    /// @dev The handler reaches what it is there for.
    function test_theHonestPathWorks() public {
        handler.announceEpoch(0);
        handler.wait(10, 5);
        handler.openEpoch(address(9));
        handler.submitOne(address(8), 7);
        handler.submitMany(address(8), 9, 3);
        handler.forge(address(8), 11, 2, 1, 5);
        handler.announceEpoch(1);
        handler.wait(10, 5);
        handler.openEpoch(address(9));
        handler.submitOne(address(8), 12);
        handler.submitMany(address(8), 13, 4);
        assertEq(handler.accepted(), 9);
        assertEq(handler.forgeries(), 1);
        invariant_headIsThatOfTheAcceptedBatches();
        invariant_recordsAreThoseOfTheAcceptedBatches();
        invariant_epochsFollowEachOtherAndNeverOverlap();
    }
}
