// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {HonestHandler} from "./HonestHandler.sol";

/// @title Whatever traders, shards, challengers and anybody do, an honest operator is never slashed, and who challenges it pays.
contract HonestOperatorInvariants is Test {
    HonestHandler private handler;

    function setUp() public {
        handler = new HonestHandler();
        bytes4[] memory selectors = new bytes4[](17);
        selectors[0] = HonestHandler.wait.selector;
        selectors[1] = HonestHandler.order.selector;
        selectors[2] = HonestHandler.sendBatch.selector;
        selectors[3] = HonestHandler.shardWorks.selector;
        selectors[4] = HonestHandler.changeEpoch.selector;
        selectors[5] = HonestHandler.forceIn.selector;
        selectors[6] = HonestHandler.sight.selector;
        selectors[7] = HonestHandler.contradiction.selector;
        selectors[8] = HonestHandler.slotMissing.selector;
        selectors[9] = HonestHandler.equivocation.selector;
        selectors[10] = HonestHandler.duplicate.selector;
        selectors[11] = HonestHandler.overdue.selector;
        selectors[12] = HonestHandler.demand.selector;
        selectors[13] = HonestHandler.conclude.selector;
        selectors[14] = HonestHandler.postReport.selector;
        selectors[15] = HonestHandler.ignored.selector;
        selectors[16] = HonestHandler.freeze.selector;
        targetSelector(FuzzSelector(address(handler), selectors));
        targetContract(address(handler));
    }

    /// @dev One campaign for all of them.
    function invariant_honestyIsNeverPunishedAndDoubtIsPaidFor() public view {
        _theStakeIsWhole();
        _whoAsksInVainPays();
        _theInboxHoldsWhatItOwesAndWhatIsBurned();
    }

    function _theStakeIsWhole() private view {
        assertEq(handler.bond().stake(), 100 ether);
        assertEq(handler.bond().burned(), 0);
        assertFalse(handler.ledger().frozen());
        assertEq(handler.wins(), 0);
    }

    function _whoAsksInVainPays() private view {
        uint256 lost = (handler.demands() - handler.askedOpen()) * 0.05 ether;
        assertEq(handler.reports().creditOf(address(handler)), lost);
        assertEq(handler.CHALLENGER().balance, 1000 ether - handler.demands() * 0.05 ether);
        assertEq(handler.reports().creditOf(handler.CHALLENGER()), 0);
    }

    function _theInboxHoldsWhatItOwesAndWhatIsBurned() private view {
        uint256 posted = handler.inbox().posted() * 0.01 ether;
        assertEq(address(handler.inbox()).balance, posted);
        assertLe(handler.inbox().creditOf(address(handler)), posted / 2);
    }

    /// @dev The handler reaches what it is there for.
    function test_theWorldTurns() public {
        handler.order(1);
        handler.order(3);
        handler.forceIn(1);
        handler.forceIn(2);
        handler.forceIn(3);
        handler.shardWorks(500);
        handler.wait(30, 3);
        handler.order(2);
        handler.sendBatch();
        handler.sight(3);
        handler.wait(30, 3);
        handler.demand(3, 1);
        handler.wait(99, 3);
        handler.equivocation(0, 1);
        handler.contradiction(0, 0, 0);
        handler.changeEpoch();
        handler.order(1);
        handler.sendBatch();
        assertGe(handler.attempts(), 2);
        assertEq(handler.wins(), 0);
        assertGt(handler.inbox().creditOf(address(handler)), 0);
        invariant_honestyIsNeverPunishedAndDoubtIsPaidFor();
    }
}
