// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {RecordPreimage, Terms} from "../../../contracts/types/Inclusion.sol";
import {ReputationWorld} from "./ReputationWorld.sol";

/// @title What shards pay, get back and are worth afterwards.
contract ReputationTest is ReputationWorld {
    function test_aFeeIsSplitBetweenShardAndInsurance() public {
        uint64 index = _accepted();
        assertEq(_settle(index, 0, 0), 11);
        assertEq(reputation.creditOf(settlementOf(0)), 10 * UNIT);
        assertEq(reputation.creditOf(INSURANCE), 20 * UNIT);
        vm.expectRevert(abi.encodeWithSelector(IReputation.AlreadySettled.selector, 11));
        _settle(index, 0, 0);
        vm.prank(INSURANCE);
        reputation.collect(INSURANCE);
        assertEq(INSURANCE.balance, 20 * UNIT);
    }

    function test_onlyTheShardSettlesAndOnlyAtTheFee() public {
        uint64 index = _accepted();
        vm.expectRevert(abi.encodeWithSelector(IReputation.NotTheShard.selector, 1, settlementOf(1)));
        _settle(index, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IReputation.NotTheShard.selector, 0, settlementOf(0)));
        _settle(index, 2, 0);
        Terms memory terms = termsOf(index);
        vm.startPrank(settlementOf(0));
        vm.expectRevert(abi.encodeWithSelector(IReputation.FeeWrong.selector, 30 * UNIT));
        reputation.settle{value: 29 * UNIT}(inclusionOf(index, 0), terms);
        terms.fees[0] = 1;
        vm.expectRevert(abi.encodeWithSelector(IReputation.BatchMismatch.selector, index));
        reputation.settle{value: 1 * UNIT}(inclusionOf(index, 0), terms);
    }

    function test_whoSettlesLessLosesWeightTwoEpochsLater() public {
        uint64 index = _accepted();
        _settle(index, 0, 0);
        _over(1);
        // Too late: the sample could be known.
        _settle(index, 1, 1);
        _tally(1, 0, index);
        reputation.conclude(1);
        assertEq(reputation.multipliersFor(2), _pair(256, 256));
        assertEq(reputation.multipliersFor(3), _pair(256, 248));
        assertEq(reputation.multipliersFor(9), _pair(256, 248));
    }

    function test_inTimeBothAreWhole() public {
        uint64 index = _accepted();
        _settle(index, 0, 0);
        _settle(index, 1, 1);
        _over(1);
        _tally(1, 0, index);
        reputation.conclude(1);
        assertEq(reputation.multipliersFor(3), _pair(256, 256));
    }

    function test_withTooLittleDueNothingMoves() public {
        fees = [uint256(30), 19];
        uint64 index = _accepted();
        _settle(index, 0, 0);
        _over(1);
        _tally(1, 0, index);
        reputation.conclude(1);
        assertEq(reputation.multipliersFor(3), _pair(256, 256));
    }

    function test_onlyTheBatchItselfIsTalliedAndOnce() public {
        uint64 index = _accepted();
        _over(1);
        uint256[] memory bytes_ = new uint256[](1);
        bytes_[0] = 1 | (2 << 8);
        RecordPreimage memory record = kept[index].record;
        Terms memory terms = termsOf(index);
        uint256[] memory commitments = kept[index].commitments;
        commitments[0] = 99;
        vm.expectRevert(abi.encodeWithSelector(IReputation.BatchMismatch.selector, index));
        reputation.tally(1, 0, record, terms, commitments, bytes_);
        commitments[0] = 11;
        bytes_[0] = 2 | (2 << 8);
        vm.expectRevert(abi.encodeWithSelector(IReputation.BatchMismatch.selector, index));
        reputation.tally(1, 0, record, terms, commitments, bytes_);
        bytes_[0] = 1 | (2 << 8);
        vm.expectRevert(abi.encodeWithSelector(IReputation.BatchMismatch.selector, index));
        reputation.tally(1, 0, record, terms, commitments, new uint256[](2));
        vm.expectRevert(abi.encodeWithSelector(IReputation.SampleRefused.selector, 1));
        reputation.tally(1, 1, record, terms, commitments, bytes_);
        vm.expectRevert(abi.encodeWithSelector(IReputation.TallyIncomplete.selector, 1));
        reputation.conclude(1);
        _tally(1, 0, index);
        vm.expectRevert(abi.encodeWithSelector(IReputation.SampleRefused.selector, 0));
        reputation.tally(1, 0, record, terms, commitments, bytes_);
        reputation.conclude(1);
        vm.expectRevert(abi.encodeWithSelector(IReputation.NotNextEpoch.selector, 1));
        reputation.conclude(1);
    }

    function test_epochsCloseInOrderAndOnlyWhenTheyAreOver() public {
        accept(words(11, 0, 0), bytesOf(1, 0, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(IReputation.NotNextEpoch.selector, 1));
        reputation.close(1);
        ledger.begin();
        vm.expectRevert(abi.encodeWithSelector(IReputation.NotNextEpoch.selector, 1));
        reputation.close(1);
        vm.expectRevert(abi.encodeWithSelector(IReputation.NotNextEpoch.selector, 2));
        reputation.close(2);
        accept(words(12, 0, 0), bytesOf(1, 0, 0, 1));
        reputation.close(1);
        ledger.abandon();
        reputation.close(2);
    }
}
