// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEpochBook} from "../../../contracts/interfaces/IEpochBook.sol";
import {Submission} from "../../../contracts/types/Batch.sol";
import {PlainHead} from "../PlainHead.sol";
import {Batch} from "./PlainBatch.sol";
import {WayOutHandler} from "./WayOutHandler.sol";

/// @title What operator, submitters and strangers do to a ledger: the honest must succeed, everything else must fail.
contract LedgerHandler is WayOutHandler {
    uint256 public forgeries;

    /// @dev The clock and the chain move; never back.
    function wait(uint256 seconds_, uint256 blocks) external {
        seconds_ = bound(seconds_, 1, 1 hours);
        if (clockRuns) uptime += seconds_;
        vm.warp(block.timestamp + seconds_);
        vm.roll(block.number + bound(blocks, 1, 300));
    }

    function announceEpoch(uint256 gap) external {
        uint64 firstBatch = head.nextIndex + uint64(bound(gap, 0, 2));
        uint256 latest = firstBatches.length;
        bool resumes = latest > 0 && abandoned[latest - 1];
        bool waits = latest > 0 && !resumes && firstBatches[latest - 1] >= head.nextIndex;
        IEpochBook.Announcement memory a = announcement(firstBatch);
        a.fromReset = (gap >> 8) % 3 == 1;
        bool gap_ = (latest == 0 && firstBatch != 0) || (resumes && firstBatch != head.nextIndex);
        bool refused = waits || gap_ || (a.fromReset && !resumes);
        if (refused) vm.expectRevert();
        ledger.announceEpoch(a);
        if (refused) return;
        noteWords();
        firstBatches.push(firstBatch);
        seeds.push(0);
        abandoned.push(false);
        fromReset.push(a.fromReset);
    }

    /// @dev Reputation moves, at any time.
    function moveMultipliers(uint256 first, uint256 second) external {
        say(bound(first, 128, 256), bound(second, 128, 256));
    }

    function openEpoch(address anyone) external {
        uint256 latest = firstBatches.length;
        if (latest == 0 || seeds[latest - 1] != 0 || abandoned[latest - 1]) return;
        IEpochBook.EpochView memory epoch = ledger.epochOf(uint64(latest));
        bool ready = epoch.seedBlock < block.number && epoch.seedBlock >= seedSource.reach();
        vm.prank(anyone);
        if (!ready) vm.expectRevert();
        ledger.openEpoch();
        if (!ready) return;
        if (!isFrozen) clockRuns = true;
        bytes32 blockHash = keccak256(abi.encode("block", epoch.seedBlock));
        seeds[latest - 1] =
            uint256(keccak256(abi.encode(block.chainid, ledger, latest, blockHash))) %
            21888242871839275222246405745257275088548364400416034343698204186575808495617;
    }

    function submitOne(address anyone, uint256 salt) external {
        if (!_ready(anyone, 1)) return;
        (Batch memory s, PlainHead memory next, bytes32 record) = build(head, salt);
        if (!_inTime(s.time)) return;
        PlainHead memory previous = head;
        vm.prank(anyone, anyone);
        ledger.submitBatch(previous.packed(), packed(s));
        _follow(next, record);
    }

    function submitMany(address anyone, uint256 salt, uint256 count) external {
        count = bound(count, 1, 4);
        if (!_ready(anyone, count)) return;
        (Batch[] memory list, PlainHead[] memory heads, bytes32[] memory hashes) = _buildMany(count, salt);
        if (!_inTime(list[count - 1].time)) return;
        PlainHead memory previous = head;
        vm.prank(anyone, anyone);
        ledger.submitBatches(previous.packed(), _packedAll(list));
        for (uint256 i = 0; i < count; ++i) {
            _follow(heads[i], hashes[i]);
        }
    }

    /// @dev One word of one batch is not what was proven and signed.
    function forge(address anyone, uint256 salt, uint256 count, uint256 which, uint256 field) external {
        count = bound(count, 1, 3);
        if (!_ready(anyone, count)) return;
        (Batch[] memory list, , ) = _buildMany(count, salt);
        if (!_inTime(list[count - 1].time)) return;
        PlainHead memory previous = head;
        _bend(previous, list[which % count], field % 14, salt | 1);
        vm.prank(anyone, anyone);
        vm.expectRevert();
        if (count == 1 && salt % 2 == 0) ledger.submitBatch(previous.packed(), packed(list[0]));
        else ledger.submitBatches(previous.packed(), _packedAll(list));
        ++forgeries;
    }

    function strangerAnnounces(address stranger) external {
        if (stranger == address(this)) return;
        IEpochBook.Announcement memory a = announcement(head.nextIndex);
        vm.prank(stranger);
        vm.expectRevert();
        ledger.announceEpoch(a);
    }

    function throughAContract(uint256 salt) external {
        if (!_ready(address(1), 1)) return;
        (Batch memory s, , ) = build(head, salt);
        PlainHead memory previous = head;
        vm.expectRevert();
        ledger.submitBatch(previous.packed(), packed(s));
    }

    function _bend(PlainHead memory previous, Batch memory s, uint256 field, uint256 by) private pure {
        if (field == 0) previous.state ^= by;
        else if (field == 1) previous.orderCounter ^= uint64(by);
        else if (field == 2) s.verifier = uint8(by);
        else if (field == 3) s.beneficiary = address(uint160(s.beneficiary) ^ uint160(by));
        else if (field == 4) s.time ^= uint64(by);
        else if (field == 5) s.stateAfter ^= by;
        else if (field == 6) s.openMask ^= by;
        else if (field == 7) s.digest ^= by;
        else if (field == 8) s.proof[by % 8] ^= by;
        else if (field == 9) s.r ^= bytes32(by);
        else if (field == 10) s.fees[0] ^= by;
        else if (field == 11) s.counters[0] ^= by;
        else if (field == 12 && s.commitments.length > 0) s.commitments[by % s.commitments.length] ^= by;
        else if (field == 13 && s.commitments.length > 0) s.assignments[0] ^= by;
        else s.commitments = new uint256[](SLOTS + 1);
    }

    function _packedAll(Batch[] memory list) private pure returns (Submission[] memory result) {
        result = new Submission[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            result[i] = packed(list[i]);
        }
    }

    function _buildMany(
        uint256 count,
        uint256 salt
    ) private returns (Batch[] memory list, PlainHead[] memory heads, bytes32[] memory hashes) {
        (list, heads, hashes) = (new Batch[](count), new PlainHead[](count), new bytes32[](count));
        PlainHead memory on = head;
        for (uint256 i = 0; i < count; ++i) {
            (list[i], heads[i], hashes[i]) = build(on, uint256(keccak256(abi.encode(salt, i))));
            on = heads[i];
        }
    }

    /// @dev Whether that many batches fit into the epoch that runs, and the account may submit at all.
    function _ready(address account, uint256 count) private view returns (bool) {
        uint64 last = head.nextIndex + uint64(count) - 1;
        return account.code.length == 0 && isOpen(head.nextIndex) && epochOf(last) == epochOf(head.nextIndex);
    }

    function _inTime(uint64 time) private view returns (bool) {
        return time <= (block.timestamp + 1) * 1e6;
    }

    function _follow(PlainHead memory next, bytes32 record) private {
        head = next;
        records.push(record);
    }
}
