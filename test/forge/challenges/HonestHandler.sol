// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Signature} from "../../../contracts/types/Evidence.sol";
import {Receipt as OrderReceipt, Served} from "../../../contracts/types/Receipt.sol";
import {HonestRouter} from "./HonestRouter.sol";

/// @title Traders, shards and challengers around an honest operator. Every attempt to have it slashed is made with whatever evidence there is, and more.
contract HonestHandler is HonestRouter {
    address public constant CHALLENGER = address(0xC4);
    uint256 public attempts;
    uint256 public demands;
    /// @dev Attempts that were not refused although they should be.
    uint256 public wins;

    constructor() {
        vm.deal(CHALLENGER, 1000 ether);
        vm.deal(TRADER, 1000 ether);
    }

    // The operator, the shard, traders.

    function wait(uint256 seconds_, uint256 blocks) external {
        seconds_ = bound(seconds_, 1, 100);
        (, , uint64 left, uint64 dueAt) = inbox.due();
        bool late = left > 0 && ledger.uptime() + seconds_ > dueAt;
        late = late || (openTime != 0 && vm.getBlockTimestamp() + seconds_ > openTime / 1e6 + 200);
        if (late || seconds_ % 3 == 0 || asked.length > 0) keepUp();
        vm.warp(vm.getBlockTimestamp() + seconds_);
        vm.roll(vm.getBlockNumber() + bound(blocks, 1, 50));
    }

    function order(uint256 seed) external {
        if (seed % 5 == 0 && deferred.length > 0) {
            uint256 again = deferred[deferred.length - 1];
            deferred.pop();
            join(again, seed);
        } else join(uint256(keccak256(abi.encode("order", ++orders))), seed);
    }

    function sendBatch() external {
        send();
    }

    function shardWorks(uint64 by) external {
        work(uint64(bound(by, 0, 1e9)));
    }

    function changeEpoch() external {
        nextEpoch();
    }

    function forceIn(uint256 seed) external {
        uint256 details = uint256(keccak256(abi.encode("forced", seed % 8)));
        details >>= 8;
        uint256 c = poseidon.poseidon([uint256(7), details]);
        (bool waits, ) = inbox.numberOf(c);
        if (waits) return;
        vm.prank(TRADER);
        inbox.post{value: FEE}(7, 0, details, c);
        forced.push(c);
    }

    function sight(uint256 seed) external {
        if (kept.length == 0) return;
        uint64 index = uint64(seed % kept.length);
        receipts.sight(index);
        reports.sight(index);
    }

    // Challengers.

    function contradiction(uint256 seed, uint16 slot, uint256 bend) external {
        if (signedReceipts.length == 0 || kept.length == 0) return;
        OrderReceipt memory receipt = signedReceipts[seed % signedReceipts.length];
        Signature memory signature = signed(receipt);
        uint64 index = receipt.batch < kept.length && bend % 4 != 1 ? receipt.batch : uint64(bend % kept.length);
        if (kept[index].commitments.length == 0) return;
        slot = bend % 4 == 2 ? uint16(slot % kept[index].commitments.length) : receipt.slot;
        // Bent after it was signed.
        if (bend % 4 == 3) receipt.commitment ^= bend;
        if (slot >= kept[index].commitments.length) return;
        _attempt(
            address(receipts),
            abi.encodeCall(
                receipts.proveContradiction,
                (receipt, signature, kept[index].head.packed(), inclusionOf(index, slot))
            )
        );
    }

    function slotMissing(uint256 seed, uint256 other) external {
        if (signedReceipts.length == 0 || kept.length == 0) return;
        OrderReceipt memory receipt = signedReceipts[seed % signedReceipts.length];
        uint64 index = receipt.batch < kept.length ? receipt.batch : 0;
        uint64 before = other % 3 == 0 || index == 0 ? uint64(other % kept.length) : index - 1;
        _attempt(
            address(receipts),
            abi.encodeCall(receipts.proveSlotMissing, (receipt, signed(receipt), opened(index), opened(before)))
        );
    }

    function equivocation(uint256 a, uint256 b) external {
        if (signedReceipts.length == 0) return;
        OrderReceipt memory first = signedReceipts[a % signedReceipts.length];
        OrderReceipt memory second = signedReceipts[b % signedReceipts.length];
        _attempt(
            address(receipts),
            abi.encodeCall(receipts.proveEquivocation, (first, signed(first), second, signed(second)))
        );
    }

    function duplicate(uint256 a, uint256 b, uint16 slotA, uint16 slotB) external {
        if (kept.length == 0) return;
        (uint64 first, uint64 second) = (uint64(a % kept.length), uint64(b % kept.length));
        (uint256 roomA, uint256 roomB) = (kept[first].commitments.length, kept[second].commitments.length);
        if (roomA == 0 || roomB == 0) return;
        _attempt(
            address(receipts),
            abi.encodeCall(
                receipts.proveDuplicate,
                (inclusionOf(first, uint16(slotA % roomA)), inclusionOf(second, uint16(slotB % roomB)))
            )
        );
    }

    function overdue(uint256 seed, uint64 firstMissing) external {
        if (signedReceipts.length == 0) return;
        OrderReceipt memory receipt = signedReceipts[seed % signedReceipts.length];
        _attempt(address(receipts), abi.encodeCall(receipts.noticeOverdue, (receipt, signed(receipt))));
        firstMissing = uint64(bound(firstMissing, 0, kept.length));
        _attempt(
            address(receipts),
            abi.encodeCall(receipts.proveOverdue, (receipt.epoch, receipt.batch, firstMissing))
        );
    }

    /// @dev Asking is everybody's right; it costs whoever asks in vain.
    function demand(uint256 seed, uint8 shard) external {
        if (kept.length == 0) return;
        uint64 index = uint64(seed % kept.length);
        uint64 before = index == 0 ? 0 : index - 1;
        vm.prank(CHALLENGER);
        try reports.demandReport{value: CHALLENGE_BOND}(index, opened(index), opened(before), shard % 3) {
            asked.push(index + 1);
            ++demands;
        } catch {}
    }

    function conclude(uint256 seed) external {
        if (kept.length == 0) return;
        uint64 index = uint64(seed % kept.length);
        _attempt(address(reports), abi.encodeCall(reports.concludeDemand, (index, 1)));
    }

    function postReport() external {
        if (report.counter == 0) return;
        vm.prank(CHALLENGER);
        try reports.postReport(report, signed(report)) {} catch {}
    }

    function ignored(uint256 seed) external {
        if (kept.length == 0) return;
        uint64 index = uint64(seed % kept.length);
        uint64 before = index == 0 ? 0 : index - 1;
        _attempt(
            address(reports),
            abi.encodeCall(reports.proveIgnored, (index, opened(index), opened(before), 1, report.counter))
        );
    }

    function freeze() external {
        _attempt(address(inbox), abi.encodeCall(inbox.freeze, ()));
    }

    function askedOpen() external view returns (uint256 open) {
        for (uint256 i = 0; i < asked.length; ++i) {
            if (asked[i] != 0) ++open;
        }
    }

    function _attempt(address target, bytes memory call) private {
        ++attempts;
        vm.prank(CHALLENGER);
        (bool done, ) = target.call(call);
        if (done) ++wins;
    }
}
