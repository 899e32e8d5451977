// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEvidence} from "../../../contracts/interfaces/IEvidence.sol";
import {IReportChallenges} from "../../../contracts/interfaces/IReportChallenges.sol";
import {Served} from "../../../contracts/types/Receipt.sol";
import {World} from "./World.sol";

/// @title Served work and the reports behind it: who asks in vain pays, who cannot answer is slashed.
contract ReportChallengesTest is World {
    address private constant ASKER = address(0xA5);
    uint64 private index;

    function setUp() public {
        vm.deal(ASKER, 10 ether);
        accept(words(11, 0, 0), bytesOf(1, 0, 0, 1));
        vm.warp(vm.getBlockTimestamp() + 1);
        index = accept(1, words(12, 0, 0), bytesOf(1, 0, 0, 1), nowUs(), 5000);
        finalize(0);
        finalize(index);
    }

    function testFuzz_aReportForAtLeastThatMuchAnswers(uint64 counter, uint64 time) public {
        Served memory report = Served(1, 1, uint64(bound(counter, 5000, type(uint64).max)), 0);
        report.time = uint64(bound(time, 0, kept[index].head.time));
        _ask();
        vm.prank(address(0xA11));
        reports.showReport(index, 1, report, signed(report));
        assertEq(reports.creditOf(address(this)), CHALLENGE_BOND);
        assertEq(bond.stake(), STAKE);
        // It is settled: nobody concludes it, nobody asks again.
        _pass();
        vm.expectRevert(IReportChallenges.NotAsked.selector);
        reports.concludeDemand(index, 1);
        vm.expectRevert(IReportChallenges.AskedBefore.selector);
        _ask();
        reports.collect(address(this));
        assertEq(address(reports).balance, 0);
    }

    function test_withoutAnAnswerTheOperatorIsSlashed() public {
        _ask();
        _pass();
        reports.concludeDemand(index, 1);
        assertEq(bond.stake(), STAKE - AMOUNT);
        assertEq(bond.creditOf(ASKER), AMOUNT / 2);
        assertEq(reports.creditOf(ASKER), CHALLENGE_BOND);
        vm.expectRevert(IReportChallenges.NotAsked.selector);
        reports.concludeDemand(index, 1);
    }

    function test_theWindowCountsTimeAndBlocks() public {
        _ask();
        vm.warp(vm.getBlockTimestamp() + 30 days);
        vm.expectPartialRevert(IReportChallenges.WindowOpen.selector);
        reports.concludeDemand(index, 1);
        vm.roll(vm.getBlockNumber() + ANSWER_BLOCKS + 1);
        // An answer counts until somebody concludes.
        Served memory report = Served(1, 1, 5000, kept[index].head.time);
        reports.showReport(index, 1, report, signed(report));
        assertEq(bond.stake(), STAKE);
    }

    function test_otherReportsAnswerNothing() public {
        _ask();
        uint64 time = kept[index].head.time;
        Served[4] memory wrong = [
            Served(2, 1, 5000, time),
            Served(1, 0, 5000, time),
            Served(1, 1, 4999, time),
            Served(1, 1, 5000, time + 1)
        ];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(IReportChallenges.ReportRefused.selector);
            reports.showReport(index, 1, wrong[i], signed(wrong[i]));
        }
        Served memory report = Served(1, 1, 5000, time);
        vm.expectRevert(IEvidence.SignatureRefused.selector);
        reports.showReport(index, 1, report, sign(SIGNER_KEY, keccak256("x")));
        vm.expectRevert(IReportChallenges.NotAsked.selector);
        reports.showReport(index, 0, report, signed(report));
    }

    function test_whatDidNotRiseIsNotAskedAbout() public {
        vm.warp(vm.getBlockTimestamp() + 1);
        uint64 third = accept(1, words(13, 0, 0), bytesOf(1, 0, 0, 1), nowUs(), 5000);
        finalize(third);
        vm.startPrank(ASKER);
        vm.expectRevert(IEvidence.NoFault.selector);
        reports.demandReport{value: CHALLENGE_BOND}(third, opened(third), opened(index), 1);
        vm.expectRevert(IEvidence.NoFault.selector);
        reports.demandReport{value: CHALLENGE_BOND}(index, opened(index), opened(0), 0);
        vm.expectRevert(IEvidence.NoFault.selector);
        reports.demandReport{value: CHALLENGE_BOND}(index, opened(index), opened(0), 200);
        vm.expectRevert(abi.encodeWithSelector(IReportChallenges.BondWrong.selector, CHALLENGE_BOND));
        reports.demandReport{value: CHALLENGE_BOND - 1}(index, opened(index), opened(0), 1);
        // Another batch in the place of the one before.
        vm.expectRevert(abi.encodeWithSelector(IEvidence.BatchMismatch.selector, 0));
        reports.demandReport{value: CHALLENGE_BOND}(index, opened(index), opened(index), 1);
        vm.stopPrank();
    }

    function test_anEpochsCountersStartFromNothing() public {
        ledger.begin();
        vm.warp(vm.getBlockTimestamp() + 1);
        uint64 third = accept(2, words(13, 0, 0), bytesOf(1, 0, 0, 1), nowUs(), 700);
        finalize(third);
        vm.prank(ASKER);
        reports.demandReport{value: CHALLENGE_BOND}(third, opened(third), opened(index), 1);
        _pass();
        reports.concludeDemand(third, 1);
        assertEq(bond.stake(), STAKE - AMOUNT);
    }

    function test_aPostedReportMustBeApplied() public {
        Served memory report = Served(1, 1, 9000, nowUs());
        reports.postReport(report, signed(report));
        vm.expectRevert(IReportChallenges.AskedBefore.selector);
        reports.postReport(report, signed(report));
        vm.warp(vm.getBlockTimestamp() + ANSWER_TIME);
        uint64 inTime = accept(1, words(13, 0, 0), bytesOf(1, 0, 0, 1), nowUs(), 5000);
        uint64 late = accept(1, words(14, 0, 0), bytesOf(1, 0, 0, 1), nowUs() + 1, 8999);
        uint64 applied = accept(1, words(15, 0, 0), bytesOf(1, 0, 0, 1), nowUs() + 2, 9000);
        finalize(inTime);
        finalize(late);
        finalize(applied);
        vm.expectRevert(IEvidence.NoFault.selector);
        reports.proveIgnored(inTime, opened(inTime), opened(index), 1, 9000);
        vm.expectRevert(IEvidence.NoFault.selector);
        reports.proveIgnored(applied, opened(applied), opened(late), 1, 9000);
        // A report that nobody posted.
        vm.expectRevert(IEvidence.NoFault.selector);
        reports.proveIgnored(late, opened(late), opened(inTime), 1, 9001);
        reports.proveIgnored(late, opened(late), opened(inTime), 1, 9000);
        assertEq(bond.stake(), STAKE - AMOUNT);
    }

    function test_aRiseThatNoBatchCanMakeIsNotAskedFor() public {
        Served memory report = Served(1, 1, type(uint64).max, nowUs());
        reports.postReport(report, signed(report));
        vm.warp(vm.getBlockTimestamp() + ANSWER_TIME + 1);
        uint64 most = accept(1, words(13, 0, 0), bytesOf(1, 0, 0, 1), nowUs(), 5000 + (1 << 40) - 1);
        finalize(most);
        vm.expectRevert(IEvidence.NoFault.selector);
        reports.proveIgnored(most, opened(most), opened(index), 1, type(uint64).max);
    }

    function _ask() private {
        vm.prank(ASKER);
        reports.demandReport{value: CHALLENGE_BOND}(index, opened(index), opened(0), 1);
    }

    function _pass() private {
        vm.warp(vm.getBlockTimestamp() + ANSWER_TIME + 1);
        vm.roll(vm.getBlockNumber() + ANSWER_BLOCKS + 1);
    }
}
