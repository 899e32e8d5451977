// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Receipt as OrderReceipt} from "../../../contracts/types/Receipt.sol";
import {HonestOperator} from "./HonestOperator.sol";

/// @title Freezing, abandoning and missed seed blocks, by whoever may and whoever may not; and what an honest bookkeeper notes of it.
abstract contract WayOutHandler is HonestOperator {
    /// @dev Times that the ledger had to tell of a penalty.
    uint256 public faults;
    /// @dev Seconds in which an epoch was open and the ledger not frozen.
    uint256 public uptime;
    bool internal clockRuns;

    function freeze() external {
        bool runs = clockRuns;
        if (!runs) vm.expectRevert();
        ledger.freeze();
        if (runs) (isFrozen, clockRuns) = (true, false);
    }

    /// @dev Operator, inbox and strangers, with the right index and the wrong one.
    function abandon(address stranger, uint256 how) external {
        uint64 next = head.nextIndex;
        uint64 named =
            how % 5 == 3
                ? next + 1
                : how % 5 == 4 && next > 0
                    ? next - 1
                    : next;
        bool allowed = _isLive() && named == next && how % 5 != 2;
        if (how % 5 == 2) {
            if (stranger == address(this)) return;
            vm.prank(stranger);
        }
        if (!allowed) vm.expectRevert();
        if (how % 5 == 1) ledger.abandonForced(named, stranger);
        else ledger.abandonEpoch(named);
        if (allowed) _ended();
    }

    /// @dev A receipt of the latest epoch, or the one before; overdue or not; the signer's or not.
    function abandonOverdue(address anyone, uint256 age, uint256 salt) external {
        age = bound(age, 0, 2 * DEADLINE);
        uint64 latest = uint64(firstBatches.length);
        uint64 epoch = latest - (latest > 1 ? uint64(salt % 2) : 0);
        uint64 batch = head.nextIndex + uint64((salt >> 8) % 3);
        if (batch > 0 && (salt >> 16) % 4 == 0) batch -= 1;
        OrderReceipt memory receipt = OrderReceipt(
            epoch,
            batch,
            0,
            salt >> 8,
            1,
            uint64((block.timestamp - age) * 1e6)
        );
        bool known = (salt >> 24) % 4 != 0;
        (bytes32 r, bytes32 vs) = _signReceipt(receipt, known ? SIGNER_KEY : 0xB0B);
        bool before = epoch + 1 == latest && firstBatches[latest - 1] > head.nextIndex;
        bool allowed = _isLive() && (epoch == latest || before);
        allowed = allowed && batch >= head.nextIndex && age > DEADLINE && known;
        uint64 next = head.nextIndex;
        vm.prank(anyone);
        if (!allowed) vm.expectRevert();
        ledger.abandonOverdue(next, receipt, r, vs);
        if (allowed) _ended();
    }

    /// @dev The seed source forgets, now and then.
    function renewSeedBlock(address anyone, bool forgets) external {
        if (forgets) seedSource.forget();
        uint256 latest = firstBatches.length;
        bool waits = latest > 0 && !abandoned[latest - 1] && seeds[latest - 1] == 0;
        bool missed = waits && ledger.epochOf(uint64(latest)).seedBlock < seedSource.reach();
        vm.prank(anyone);
        if (!missed) vm.expectRevert();
        ledger.renewSeedBlock();
        if (missed) ++faults;
    }

    function _isLive() internal view returns (bool) {
        return firstBatches.length > 0 && !abandoned[firstBatches.length - 1];
    }

    /// @dev The bookkeeper's side of an abandonment.
    function _ended() internal {
        uint256 latest = firstBatches.length - 1;
        abandoned[latest] = true;
        if (firstBatches[latest] > head.nextIndex) {
            abandoned[latest - 1] = true;
            firstBatches[latest] = head.nextIndex;
        }
        (isFrozen, clockRuns) = (false, false);
        ++faults;
    }

    function _signReceipt(OrderReceipt memory receipt, uint256 key) private view returns (bytes32, bytes32) {
        bytes32 typeHash = keccak256(
            "Receipt(uint64 epoch,uint64 batch,uint16 slot,uint256 commitment,uint8 assignment,uint64 time)"
        );
        return signed(key, keccak256(abi.encode(typeHash, receipt)));
    }
}
