// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {ISeedSource} from "../../../contracts/interfaces/ISeedSource.sol";
import {RecordPreimage, Terms} from "../../../contracts/types/Inclusion.sol";
import {ReputationWorld} from "./ReputationWorld.sol";

/// @title Samples are drawn once: by a block that nobody knew, kept by whoever comes first, and drawn again only when everybody stayed away.
contract DrawTest is ReputationWorld {
    /// @dev More batches than samples: which ones, nobody knows before the epoch is closed.
    function test_aLongEpochIsSampled() public {
        uint256 drawn = _closedLong(1);
        vm.expectRevert(abi.encodeWithSelector(ISeedSource.BlockNotYet.selector, drawn));
        reputation.sampleOf(1, 0);
        vm.roll(drawn + 1);
        for (uint256 sample = 0; sample < 4; ++sample) {
            uint64 index = reputation.sampleOf(1, sample);
            assertLt(index, 9);
            _tally(1, sample, index);
        }
        reputation.conclude(1);
        assertEq(reputation.multipliersFor(3), _pair(256, 256));
    }

    /// @dev Once anybody has had the draw kept, time changes nothing: neither which batches are tallied, nor that they can be.
    function test_aKeptDrawStaysWhatItIs() public {
        uint256 drawn = _closedLong(1);
        vm.expectRevert(abi.encodeWithSelector(ISeedSource.BlockNotYet.selector, drawn));
        reputation.draw(1);
        vm.roll(drawn + 1);
        uint64[4] memory before = _sample(1);
        vm.expectEmit(address(reputation));
        emit IReputation.SampleDrawn(1, seeds.hashOf(drawn));
        reputation.draw(1);
        seeds.forget();
        vm.roll(vm.getBlockNumber() + 10_000);
        seeds.forget();
        expectNothingToDraw(1);
        for (uint256 sample = 0; sample < 4; ++sample) {
            assertEq(reputation.sampleOf(1, sample), before[sample]);
            _tally(1, sample, before[sample]);
        }
        reputation.conclude(1);
        expectNothingToDraw(1);
    }

    /// @dev Somebody who tallies what suits it and lets the rest slip has only had the draw kept: the others tally on.
    function test_noTallyIsLeftBehindByAnotherDraw() public {
        vm.roll(_closedLong(1) + 1);
        uint64[4] memory before = _sample(1);
        _tally(1, 2, before[2]);
        vm.roll(vm.getBlockNumber() + 10_000);
        seeds.forget();
        expectNothingToDraw(1);
        vm.expectRevert(abi.encodeWithSelector(IReputation.TallyIncomplete.selector, 1));
        reputation.conclude(1);
        for (uint256 sample = 0; sample < 4; ++sample) {
            if (sample != 2) _tally(1, sample, before[sample]);
        }
        reputation.conclude(1);
    }

    function test_aDrawThatCanBeHadIsNotReplaced() public {
        uint256 drawn = _closedLong(1);
        expectInReach(drawn);
        vm.roll(drawn);
        expectInReach(drawn);
        vm.roll(drawn + 1);
        expectInReach(drawn);
        vm.roll(drawn + 8191);
        expectInReach(drawn);
    }

    function test_aLostDrawIsMadeAgainAndHoldsNothingUp() public {
        vm.roll(_closedLong(1) + 1);
        uint64 index = reputation.sampleOf(1, 0);
        seeds.forget();
        uint64 missed = uint64(vm.getBlockNumber() - 1);
        bytes memory lost = abi.encodeWithSelector(ISeedSource.BlockOutOfReach.selector, missed);
        uint256[] memory packed = new uint256[](1);
        packed[0] = 1;
        (RecordPreimage memory record, Terms memory terms) = (kept[index].record, termsOf(index));
        vm.expectRevert(lost);
        reputation.tally(1, 0, record, terms, kept[index].commitments, packed);
        vm.expectRevert(lost);
        reputation.draw(1);
        uint64 drawBlock = uint64(vm.getBlockNumber() + 1);
        vm.expectEmit(address(reputation));
        emit IReputation.SampleRedrawn(1, missed, drawBlock);
        vm.prank(address(77));
        reputation.redraw(1);
        // Not again while the new block can come or be had: nobody chooses among draws.
        expectInReach(drawBlock);
        vm.roll(drawBlock + 1);
        expectInReach(drawBlock);
        uint64[4] memory sample = _sample(1);
        for (uint256 i = 0; i < 4; ++i) {
            _tally(1, i, sample[i]);
        }
        reputation.conclude(1);
        ledger.begin();
        accept(words(998, 0, 0), bytesOf(1, 0, 0, 1));
        reputation.close(2);
        _tally(2, 0, 9);
        reputation.conclude(2);
        assertEq(reputation.concluded(), 2);
    }

    function test_thereIsNothingToDrawForShortOrOpenEpochs() public {
        expectNothingToDraw(1);
        uint64 index = _accepted();
        expectNothingToDraw(1);
        _over(1);
        seeds.forget();
        expectNothingToDraw(1);
        expectNothingToDraw(2);
        // No draw, so none to lose.
        _tally(1, 0, index);
        reputation.conclude(1);
    }

    function expectNothingToDraw(uint64 epoch) private {
        bytes memory reason = abi.encodeWithSelector(IReputation.NothingToDraw.selector, epoch);
        vm.expectRevert(reason);
        reputation.draw(epoch);
        vm.expectRevert(reason);
        reputation.redraw(epoch);
    }

    function expectInReach(uint256 blockNumber) private {
        vm.expectRevert(abi.encodeWithSelector(IReputation.DrawInReach.selector, blockNumber));
        reputation.redraw(1);
    }

    /// @dev More batches than samples, over and closed. Returns the drawn block.
    function _closedLong(uint64 epoch) private returns (uint256 drawn) {
        for (uint256 i = 0; i < 9; ++i) {
            accept(words(100 + i, 0, 0), bytesOf(1, 0, 0, 1));
        }
        ledger.begin();
        accept(words(12, 0, 0), bytesOf(1, 0, 0, 1));
        reputation.close(epoch);
        drawn = vm.getBlockNumber() + 1;
    }

    function _sample(uint64 epoch) private view returns (uint64[4] memory indices) {
        for (uint256 sample = 0; sample < 4; ++sample) {
            indices[sample] = reputation.sampleOf(epoch, sample);
        }
    }
}
