// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ProverRewards} from "../../../contracts/ProverRewards.sol";
import {IProverRewards} from "../../../contracts/interfaces/IProverRewards.sol";
import {RecordPreimage, Terms} from "../../../contracts/types/Inclusion.sol";
import {PlainHead} from "../PlainHead.sol";
import {HonestOperator} from "./HonestOperator.sol";
import {Batch} from "./PlainBatch.sol";

/// @title What opens records afterwards: rewards.
contract OpeningsTest is HonestOperator {
    address private constant ANYONE = address(8);

    ProverRewards private rewards;

    function setUp() public {
        vm.warp(1_700_000_000);
        beginEpoch(false);
        rewards = new ProverRewards(ledger, 100, 3);
    }

    /// @dev An accepted batch with its opening. The first one's time is only µs after 0, so a report comes first.
    function accept(uint256 salt) private returns (Batch memory s) {
        PlainHead memory next;
        (s, next, ) = build(head, salt);
        PlainHead memory previous = head;
        vm.prank(ANYONE, ANYONE);
        ledger.submitBatch(previous.packed(), packed(s));
        head = next;
    }

    function testFuzz_paysTheBeneficiaryOnce(uint256 salt) public {
        vm.assume(uint160(salt) > 0xffff);
        Batch memory s = accept(salt);
        vm.assume(s.beneficiary.code.length == 0);
        // forge answers itself at some addresses without code.
        assumeNotForgeAddress(s.beneficiary);
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
        Batch memory s = accept(0xabcdef);
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

    receive() external payable {}
}
