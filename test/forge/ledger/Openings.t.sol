// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AssignedTally} from "../../../contracts/AssignedTally.sol";
import {ProverRewards} from "../../../contracts/ProverRewards.sol";
import {ReportBoard} from "../../../contracts/ReportBoard.sol";
import {IAssignedTally} from "../../../contracts/interfaces/IAssignedTally.sol";
import {IProverRewards} from "../../../contracts/interfaces/IProverRewards.sol";
import {IReportBoard} from "../../../contracts/interfaces/IReportBoard.sol";
import {Head, Submission} from "../../../contracts/types/Batch.sol";
import {RecordPreimage, Terms} from "../../../contracts/types/Inclusion.sol";
import {Served} from "../../../contracts/types/Receipt.sol";
import {HonestOperator} from "./HonestOperator.sol";

/// @title What opens records afterwards: rewards, counts by shard, served reports that were ignored.
contract OpeningsTest is HonestOperator {
    address private constant ANYONE = address(8);
    uint64 private constant WINDOW = 60;

    ProverRewards private rewards;
    AssignedTally private tally;
    ReportBoard private board;

    function setUp() public {
        vm.warp(1_700_000_000);
        beginEpoch(false);
        rewards = new ProverRewards(ledger, 100, 3);
        tally = new AssignedTally(ledger);
        board = new ReportBoard(ledger, registry, WINDOW);
    }

    /// @dev An accepted batch with its opening. The first one's time is only µs after 0, so a report comes first.
    function accept(uint256 salt) private returns (Submission memory s) {
        Head memory next;
        (s, next, ) = build(head, salt);
        Head memory previous = head;
        vm.prank(ANYONE, ANYONE);
        ledger.submitBatch(previous, s);
        head = next;
    }

    function testFuzz_paysTheBeneficiaryOnce(uint256 salt) public {
        vm.assume(uint160(salt) > 0xffff);
        Submission memory s = accept(salt);
        vm.assume(s.beneficiary.code.length == 0);
        (RecordPreimage memory record, Terms memory terms) = (lastRecord, termsOf(s));
        uint256 reward = 100 + 3 * s.commitments.length;
        vm.expectRevert(abi.encodeWithSelector(IProverRewards.PotTooSmall.selector, reward, 0));
        rewards.claim(0, record, terms);
        rewards.fill{value: 1000}();
        uint256 before = s.beneficiary.balance;
        vm.prank(ANYONE);
        rewards.claim(0, record, terms);
        assertEq(s.beneficiary.balance - before, reward);
        vm.expectRevert(abi.encodeWithSelector(IProverRewards.PaidAlready.selector, 0));
        rewards.claim(0, record, terms);
    }

    function test_paysNobodyElseAndNoMore() public {
        Submission memory s = accept(0xabcdef);
        rewards.fill{value: 1000}();
        (RecordPreimage memory record, Terms memory terms) = (lastRecord, termsOf(s));
        terms.beneficiary = ANYONE;
        expectMismatch(record, terms);
        terms = termsOf(s);
        terms.count += 1;
        expectMismatch(record, terms);
        record.head ^= bytes32(uint256(1));
        expectMismatch(record, termsOf(s));
        vm.expectRevert(abi.encodeWithSelector(IProverRewards.RecordMismatch.selector, 1));
        rewards.claim(1, lastRecord, termsOf(s));
    }

    function expectMismatch(RecordPreimage memory record, Terms memory terms) private {
        vm.expectRevert(abi.encodeWithSelector(IProverRewards.RecordMismatch.selector, 0));
        rewards.claim(0, record, terms);
    }

    function testFuzz_countsWhatEachShardWasAssigned(uint256 salt) public {
        uint256[SHARDS] memory expected;
        for (uint64 i = 0; i < 4; ++i) {
            Submission memory s = accept(uint256(keccak256(abi.encode(salt, i))));
            for (uint256 slot = 0; slot < s.commitments.length; ++slot) {
                uint256 byte_ = uint8(s.assignments[0] >> (8 * slot));
                if (byte_ != 0) ++expected[byte_ - 1];
            }
            vm.prank(ANYONE);
            tally.count(i, lastRecord, lastV);
        }
        for (uint8 j = 0; j < SHARDS; ++j) {
            assertEq(tally.assigned(1, j), expected[j]);
        }
        assertEq(tally.batches(1), 4);
    }

    function test_countsABatchOnceAndOnlyAsItWas() public {
        accept(4);
        uint256[] memory v = lastV;
        tally.count(0, lastRecord, v);
        vm.expectRevert(abi.encodeWithSelector(IAssignedTally.CountedAlready.selector, 0));
        tally.count(0, lastRecord, v);
        accept(9);
        v = lastV;
        v[v.length - 1] ^= 1;
        vm.expectRevert(abi.encodeWithSelector(IAssignedTally.RecordMismatch.selector, 1));
        tally.count(1, lastRecord, v);
    }

    function post(Served memory report, uint256 key) private {
        bytes32 typeHash = keccak256("Served(uint64 epoch,uint8 shard,uint64 counter,uint64 time)");
        (bytes32 r, bytes32 vs) = signed(key, keccak256(abi.encode(typeHash, report)));
        vm.prank(ANYONE);
        board.postReport(report, r, vs);
    }

    function nowMicros() private view returns (uint64) {
        return uint64(block.timestamp * 1e6);
    }

    function test_takesReportsOfTheShardsSignerThatRise() public {
        post(Served(1, 1, 50, nowMicros()), REPORT_KEY);
        assertEq(board.posted(1, 1), 50);
        assertEq(board.postedAt(1, 1, 50), block.timestamp);
        uint64 time = nowMicros();
        expectRefusal(Served(1, 1, 50, time), REPORT_KEY, IReportBoard.ReportStale.selector);
        expectRefusal(Served(1, 1, 51, time), SIGNER_KEY, IReportBoard.ReportSignatureInvalid.selector);
        expectRefusal(Served(1, 0, 51, time), REPORT_KEY, IReportBoard.ShardSilent.selector);
        expectRefusal(Served(1, 2, 51, time), REPORT_KEY, IReportBoard.ShardSilent.selector);
        expectRefusal(Served(1, 1, 51, time + 2e6), REPORT_KEY, IReportBoard.ReportAhead.selector);
        post(Served(1, 1, 51, time), REPORT_KEY);
    }

    function expectRefusal(Served memory report, uint256 key, bytes4 reason) private {
        bytes32 typeHash = keccak256("Served(uint64 epoch,uint8 shard,uint64 counter,uint64 time)");
        (bytes32 r, bytes32 vs) = signed(key, keccak256(abi.encode(typeHash, report)));
        vm.expectPartialRevert(reason);
        board.postReport(report, r, vs);
    }

    /// @dev A batch is a fault if and only if it is of the report's epoch, opened after the window, applies less, and could have applied it.
    function testFuzz_namesIgnoredReports(uint64 counter, uint256 salt, uint256 early) public {
        accept(salt);
        // The honest operator's next batch opens within 5 s of the last one, whose time is tiny: so the chain's clock is set back to it.
        uint256 second = head.time / 1e6 + 1;
        vm.warp(second);
        counter = uint64(bound(counter, 1, 2 ** 42));
        post(Served(1, 1, counter, 0), REPORT_KEY);
        head.time += uint64(bound(early, 0, 2 * WINDOW)) * 1e6;
        Head memory later = head;
        (Submission memory s, Head memory next, ) = build(later, salt);
        bool late = s.time > (second + WINDOW) * 1e6;
        uint64 applied = uint64(next.counters[0] >> 64);
        bool fault = late && applied < counter && counter - applied < 2 ** 40;
        (RecordPreimage memory record, Terms memory terms) = (lastRecord, termsOf(s));
        vm.mockCall(address(ledger), abi.encodeCall(ledger.recordOf, (1)), abi.encode(keccak256(abi.encode(record))));
        assertEq(board.isIgnored(1, 1, counter, record, next, terms), fault);
        assertFalse(board.isIgnored(1, 1, counter + 1, record, next, terms));
        next.counters[0] ^= 1 << 64;
        vm.expectRevert(abi.encodeWithSelector(IReportBoard.RecordMismatch.selector, 1));
        board.isIgnored(1, 1, counter, record, next, terms);
    }

    receive() external payable {}
}
