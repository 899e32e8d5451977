// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Reputation} from "../../../contracts/Reputation.sol";
import {Terms} from "../../../contracts/types/Inclusion.sol";
import {SeedDouble} from "../ledger/Doubles.sol";
import {World} from "./World.sol";

/// @title Epochs that begin, end, and are closed and tallied; up to four batches an epoch.
abstract contract ReputationWorld is World {
    uint256 internal constant UNIT = 1 gwei;
    address internal constant INSURANCE = address(0x1A5);
    Reputation internal reputation;
    SeedDouble internal seeds;

    function setUp() public {
        seeds = new SeedDouble();
        bytes memory args = abi.encode(ledger, registry, seeds, INSURANCE, UNIT, 4, 1);
        reputation = Reputation(deployCode("Reputation.sol", args));
        vm.deal(settlementOf(0), 1 ether);
        vm.deal(settlementOf(1), 1 ether);
    }

    /// @dev One order for each shard, the rest deferred.
    function _accepted() internal returns (uint64) {
        return accept(series(11, 6), assigned(hex"010200000000"));
    }

    function _settle(uint64 index, uint16 slot, uint256 shard) internal returns (uint256) {
        Terms memory terms = termsOf(index);
        uint256 assignment = kept[index].assignments[slot];
        uint256 fee = assignment == 0 ? 0 : fees[assignment - 1];
        vm.prank(settlementOf(shard));
        return reputation.settle{value: fee * UNIT}(inclusionOf(index, slot), terms);
    }

    /// @dev The epoch ends, the next one begins, and it is closed.
    function _over(uint64 epoch) internal {
        ledger.begin();
        accept(words(999, 0, 0), bytesOf(1, 0, 0, 1));
        reputation.close(epoch);
        vm.roll(vm.getBlockNumber() + 2);
    }

    function _tally(uint64 epoch, uint256 sample, uint64 index) internal {
        uint256[] memory packed = new uint256[](1);
        for (uint256 i = 0; i < kept[index].assignments.length; ++i) {
            packed[0] |= uint256(kept[index].assignments[i]) << (8 * i);
        }
        Terms memory terms = termsOf(index);
        reputation.tally(epoch, sample, kept[index].record, terms, kept[index].commitments, packed);
    }

    function _pair(uint256 a, uint256 b) internal pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }
}
