// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEvidence} from "../../../contracts/interfaces/IEvidence.sol";
import {IRedemption} from "../../../contracts/interfaces/IRedemption.sol";
import {FIELD_MODULUS} from "../../../contracts/types/Bn254.sol";
import {Opening, OrderDetails, Signature} from "../../../contracts/types/Evidence.sol";
import {Receipt as OrderReceipt} from "../../../contracts/types/Receipt.sol";
import {World} from "./World.sol";

/// @title Void receipts: paid once each, to the account in the details, after slashes, pro rata.
contract RedemptionTest is World {
    function setUp() public {
        accept(words(11, 0, 0), bytesOf(1, 0, 0, 1));
    }

    function testFuzz_claimsArePaidProRataUpToTheCap(uint8 count) public {
        count = uint8(bound(count, 1, 8));
        ledger.abandon();
        redemption.open(1);
        for (uint16 i = 0; i < count; ++i) {
            _claim(_trader(i), i, 1);
        }
        vm.expectRevert(abi.encodeWithSelector(IRedemption.NotSettled.selector, 1));
        redemption.settle(1);
        vm.warp(vm.getBlockTimestamp() + CLAIM_WINDOW + 1);
        uint256 before = bond.stake();
        redemption.settle(1);
        uint256 pot = uint256(count) * 0.5 ether > 3 ether ? 3 ether : uint256(count) * 0.5 ether;
        assertEq(before - bond.stake(), pot);
        vm.expectRevert(abi.encodeWithSelector(IRedemption.NotSettled.selector, 1));
        redemption.settle(1);
        uint256 paid = 0;
        for (uint16 i = 0; i < count; ++i) {
            redemption.redeem(1, 1, i);
            vm.expectRevert(abi.encodeWithSelector(IRedemption.AlreadyClaimed.selector, 1, i));
            redemption.redeem(1, 1, i);
            vm.prank(_trader(i));
            paid += redemption.collect(_trader(i));
            assertEq(_trader(i).balance, pot / count);
        }
        assertLe(paid, pot);
        assertLt(pot - paid, count);
        assertEq(address(redemption).balance, pot - paid);
    }

    function test_onlyTheAccountInTheDetailsClaims() public {
        ledger.abandon();
        redemption.open(1);
        (OrderReceipt memory receipt, Opening memory opening, OrderDetails memory details) = _order(_trader(0), 0, 1);
        Signature memory signature = signed(receipt);
        vm.prank(address(0xBAD));
        vm.expectRevert(abi.encodeWithSelector(IRedemption.NotTheTrader.selector, _trader(0)));
        redemption.claim(receipt, signature, opening, details);
        // Details of one's own do not fit the commitment.
        details.account = address(0xBAD);
        vm.prank(address(0xBAD));
        vm.expectPartialRevert(IRedemption.CommitmentMismatch.selector);
        redemption.claim(receipt, signature, opening, details);
        opening.size = 6;
        vm.expectPartialRevert(IRedemption.CommitmentMismatch.selector);
        redemption.claim(receipt, signature, opening, details);
    }

    function test_aPlaceIsClaimedOnceAndOnlyForAPromise() public {
        ledger.abandon();
        redemption.open(1);
        _claim(_trader(0), 0, 255);
        (OrderReceipt memory receipt, Opening memory opening, OrderDetails memory details) = _order(_trader(1), 0, 1);
        Signature memory signature = signed(receipt);
        vm.prank(_trader(1));
        vm.expectRevert(abi.encodeWithSelector(IRedemption.AlreadyClaimed.selector, 1, 0));
        redemption.claim(receipt, signature, opening, details);
        // The two receipts of that place are a fault of their own.
        (OrderReceipt memory first, , ) = _order(_trader(0), 0, 255);
        receipts.proveEquivocation(first, signed(first), receipt, signature);

        receipt.assignment = 0;
        signature = signed(receipt);
        vm.expectRevert(IRedemption.NothingPromised.selector);
        redemption.claim(receipt, signature, opening, details);
        receipt.assignment = 1;
        receipt.batch = 0;
        signature = signed(receipt);
        vm.expectRevert(IRedemption.NothingPromised.selector);
        redemption.claim(receipt, signature, opening, details);
        vm.expectRevert(IRedemption.SignatureRefused.selector);
        receipt.batch = 1;
        redemption.claim(receipt, signature, opening, details);
    }

    function test_claimsOpenWithAnAbandonmentOnceAndClose() public {
        ledger.begin();
        vm.expectRevert(abi.encodeWithSelector(IRedemption.NotAbandoned.selector, 1));
        redemption.open(1);
        ledger.abandon();
        vm.expectRevert(abi.encodeWithSelector(IRedemption.NotAbandoned.selector, 1));
        redemption.open(1);
        redemption.open(2);
        vm.expectRevert(abi.encodeWithSelector(IRedemption.AlreadyOpened.selector, 2));
        redemption.open(2);
        vm.warp(vm.getBlockTimestamp() + CLAIM_WINDOW + 1);
        (OrderReceipt memory receipt, Opening memory opening, OrderDetails memory details) = _order(_trader(0), 0, 1);
        receipt.epoch = 2;
        Signature memory signature = signed(receipt);
        vm.prank(_trader(0));
        vm.expectRevert(abi.encodeWithSelector(IRedemption.ClaimsClosed.selector, 2));
        redemption.claim(receipt, signature, opening, details);
        // Nobody claimed: nothing is taken from the stake.
        vm.expectRevert(abi.encodeWithSelector(IRedemption.NotSettled.selector, 2));
        redemption.settle(2);
    }

    function test_slashesComeFirst() public {
        ledger.abandon();
        redemption.open(1);
        _claim(_trader(0), 0, 1);
        while (bond.stake() > 0.2 ether) {
            OrderReceipt memory first = OrderReceipt(
                1,
                uint64(bond.stake() % 1e18) + uint64(bond.stake() / 1e18),
                0,
                1,
                1,
                1
            );
            OrderReceipt memory second = first;
            second = OrderReceipt(1, first.batch, 0, 2, 1, 1);
            receipts.proveEquivocation(first, signed(first), second, signed(second));
        }
        vm.warp(vm.getBlockTimestamp() + CLAIM_WINDOW + 1);
        redemption.settle(1);
        redemption.redeem(1, 1, 0);
        assertEq(redemption.creditOf(_trader(0)), 0);
    }

    function test_onlyTheBondPays() public {
        (bool sent, ) = address(redemption).call{value: 0}("");
        assertFalse(sent);
    }

    function _claim(address trader, uint16 slot, uint8 assignment) private {
        (OrderReceipt memory receipt, Opening memory opening, OrderDetails memory details) = _order(
            trader,
            slot,
            assignment
        );
        Signature memory signature = signed(receipt);
        vm.prank(trader);
        redemption.claim(receipt, signature, opening, details);
    }

    function _order(
        address trader,
        uint16 slot,
        uint8 assignment
    ) private view returns (OrderReceipt memory receipt, Opening memory opening, OrderDetails memory details) {
        details = OrderDetails(trader, keccak256("BTC"), 100, 200, slot, 0, 3, keccak256("salt"));
        bytes32 typeHash = keccak256(
            "OrderDetails(address account,bytes32 market,uint256 price,uint64 expiry,uint64 nonce,uint8 timeInForce,uint256 maxFee,bytes32 salt)"
        );
        bytes32 message = keccak256(abi.encode(typeHash, trader, details.market, 100, 200, slot, 0, 3, details.salt));
        uint256 field = uint256(keccak256(abi.encodePacked(hex"1901", separator, message)));
        opening = Opening(5, 1, 0, field % FIELD_MODULUS);
        uint256 c = poseidon.poseidon([5 + (uint256(1) << 32), opening.details]);
        receipt = OrderReceipt(1, 1, slot, c, assignment, nowUs());
    }

    function _trader(uint16 i) private pure returns (address) {
        return address(uint160(0x7000 + uint160(i)));
    }
}
