// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {IRoutingLedger} from "../../contracts/interfaces/IRoutingLedger.sol";
import {ServedWork} from "../../contracts/lib/ServedWork.sol";

/// @title Served work in Yul against the rule, shard by shard.
contract ServedWorkTest is Test {
    function served(
        uint256[] memory policy,
        uint256[] memory applied,
        uint256[] calldata counters,
        uint256 elapsed
    ) external pure returns (uint256[] memory words) {
        words = new uint256[]((policy.length + 5) / 6);
        uint256[] memory masks = new uint256[](ServedWork.maskWords(policy.length));
        ServedWork.putMasks(masks, 0, policy);
        uint256 target;
        uint256 masksAt;
        uint256 appliedAt;
        assembly ("memory-safe") {
            target := add(words, 0x20)
            masksAt := add(masks, 0x20)
            appliedAt := add(applied, 0x20)
        }
        ServedWork.fill(target, masksAt, policy.length, appliedAt, counters, elapsed);
    }

    /// @dev Counters near each other, so that all outcomes occur.
    function testFuzz_followsTheRule(uint8 count, uint256 reporting, uint256 salt, uint40 elapsed, uint8 wild) public {
        uint256 shards = bound(count, 1, 64);
        uint256[] memory policy = new uint256[](shards);
        uint256[] memory before = new uint256[]((shards + 3) / 4);
        uint256[] memory after_ = new uint256[](before.length);
        uint256[] memory expected = new uint256[]((shards + 5) / 6);
        bytes memory refusal;
        for (uint256 j = 0; j < shards; ++j) {
            bool reports = (reporting >> j) & 1 == 1;
            uint256 dice = uint256(keccak256(abi.encode(salt, j)));
            policy[j] = ((dice >> 16) & ~uint256(1 << 240)) | (reports ? 1 << 240 : 0);
            uint64 last = uint64(dice);
            uint64 now_ = last;
            unchecked {
                if (reports) now_ += uint40(dice >> 64);
                // Now and then a counter that is refused: back, far ahead, or moved though silent.
                if (uint8(dice >> 104) < wild / 32) now_ -= uint64(dice >> 112) >> uint8(dice >> 176);
            }
            before[j / 4] |= uint256(last) << (64 * (j % 4));
            after_[j / 4] |= uint256(now_) << (64 * (j % 4));
            bool fits = reports ? now_ >= last && now_ - last < 2 ** 40 : now_ == last;
            if (!fits && refusal.length == 0) {
                refusal = abi.encodeWithSelector(
                    reports ? IRoutingLedger.ServedOutOfRange.selector : IRoutingLedger.CounterOfSilentShard.selector,
                    j
                );
            }
            if (fits) expected[j / 6] |= uint256(reports ? now_ - last : elapsed) << (40 * (j % 6));
        }
        if (refusal.length != 0) vm.expectRevert(refusal);
        uint256[] memory words = this.served(policy, before, after_, elapsed);
        if (refusal.length == 0) assertEq(words, expected);
    }

    function testFuzz_nothingStandsAboveTheLastShard(uint8 count, uint256 bit) public {
        uint256 shards = bound(count, 1, 64);
        vm.assume(shards % 4 != 0);
        uint256[] memory counters = new uint256[]((shards + 3) / 4);
        counters[counters.length - 1] = 1 << bound(bit, 64 * (shards % 4), 255);
        uint256[] memory applied = new uint256[](counters.length);
        vm.expectRevert(IRoutingLedger.StrayBits.selector);
        this.served(new uint256[](shards), applied, counters, 1);
    }
}
