// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerPenalty} from "../../../contracts/interfaces/ILedgerPenalty.sol";
import {ISealedBook} from "../../../contracts/interfaces/ISealedBook.sol";
import {IWayOut} from "../../../contracts/interfaces/IWayOut.sol";
import {FIELD_MODULUS} from "../../../contracts/types/Bn254.sol";
import {PlainHead} from "../PlainHead.sol";
import {HonestOperator} from "./HonestOperator.sol";
import {Batch} from "./PlainBatch.sol";

/// @title Sealed mode: what is sealed is what is delivered, with a seed that nobody knew, or it is a fault.
contract SealedTest is HonestOperator {
    address private constant ANYONE = address(8);

    function setUp() public {
        vm.warp(1_700_000_000);
        beginEpoch(true);
    }

    function sealHash(Batch memory s) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint256(s.time), s.commitments.length, s.counters, s.commitments));
    }

    function signSeal(uint64 index, bytes32 hash, uint256 key) private view returns (bytes32, bytes32) {
        bytes32 typeHash = keccak256("Seal(uint64 epoch,uint64 index,bytes32 sealHash)");
        return signed(key, keccak256(abi.encode(typeHash, epochOf(index), index, hash)));
    }

    function seal(uint64 index, bytes32 hash) private {
        (bytes32 r, bytes32 vs) = signSeal(index, hash, SIGNER_KEY);
        vm.prank(ANYONE);
        ledger.sealBatch(index, hash, r, vs);
    }

    /// @dev Takes the seed from the chain, as the protocol words it.
    function learnSeed(uint64 index) private {
        (, uint64 seedBlock, ) = ledger.sealOf(epochOf(index), index);
        vm.roll(seedBlock + 1);
        bytes32 blockHash = seedSource.hashOf(seedBlock);
        bytes32 preimage = keccak256(abi.encode(block.chainid, ledger, epochOf(index), index, blockHash));
        sealedSeed = uint256(preimage) % FIELD_MODULUS;
    }

    function sealedBatch(uint256 salt) private returns (Batch memory s, PlainHead memory next, bytes32 record) {
        (s, , ) = build(head, salt);
        seal(head.nextIndex, sealHash(s));
        learnSeed(head.nextIndex);
        (s, next, record) = build(head, salt);
    }

    function testFuzz_deliversWhatWasSealed(uint256 salt) public {
        for (uint64 i = 0; i < 3; ++i) {
            (Batch memory s, PlainHead memory next, bytes32 record) = sealedBatch(
                uint256(keccak256(abi.encode(salt, i)))
            );
            PlainHead memory previous = head;
            vm.prank(ANYONE, ANYONE);
            ledger.submitBatch(previous.packed(), packed(s));
            assertEq(ledger.recordOf(i), record);
            head = next;
        }
    }

    function test_theEpochsOwnSeedIsNotTheBatchs() public {
        (Batch memory s, , ) = sealedBatch(7);
        sealedSeed = 0;
        (s, , ) = build(head, 7);
        PlainHead memory previous = head;
        vm.prank(ANYONE, ANYONE);
        vm.expectRevert();
        ledger.submitBatch(previous.packed(), packed(s));
    }

    function test_refusesWhatWasNotSealed() public {
        (Batch memory s, , ) = build(head, 7);
        PlainHead memory previous = head;
        vm.expectRevert(abi.encodeWithSelector(ISealedBook.SealMismatch.selector, bytes32(0), sealHash(s)));
        vm.prank(ANYONE, ANYONE);
        ledger.submitBatch(previous.packed(), packed(s));
    }

    function test_refusesOtherOrdersThanWereSealed() public {
        (Batch memory s, , ) = sealedBatch(7);
        bytes32 was = sealHash(s);
        (s, , ) = build(head, 8);
        PlainHead memory previous = head;
        vm.expectRevert(abi.encodeWithSelector(ISealedBook.SealMismatch.selector, was, sealHash(s)));
        vm.prank(ANYONE, ANYONE);
        ledger.submitBatch(previous.packed(), packed(s));
    }

    function test_refusesDeliveryBeforeTheSeed() public {
        (Batch memory s, , ) = build(head, 7);
        seal(0, sealHash(s));
        PlainHead memory previous = head;
        vm.prank(ANYONE, ANYONE);
        vm.expectRevert();
        ledger.submitBatch(previous.packed(), packed(s));
    }

    function test_anIndexIsSealedOnceAndInOrder() public {
        seal(0, bytes32(uint256(1)));
        (bytes32 r, bytes32 vs) = signSeal(0, bytes32(uint256(2)), SIGNER_KEY);
        vm.expectRevert(abi.encodeWithSelector(ISealedBook.SealedAlready.selector, 0));
        ledger.sealBatch(0, bytes32(uint256(2)), r, vs);
        (r, vs) = signSeal(2, bytes32(uint256(2)), SIGNER_KEY);
        vm.expectRevert(abi.encodeWithSelector(ISealedBook.SealOutOfOrder.selector, 2));
        ledger.sealBatch(2, bytes32(uint256(2)), r, vs);
        seal(1, bytes32(uint256(3)));
    }

    function test_onlyTheSignerSeals() public {
        (bytes32 r, bytes32 vs) = signSeal(0, bytes32(uint256(1)), 0xB0B);
        vm.expectRevert(ISealedBook.SealSignatureInvalid.selector);
        ledger.sealBatch(0, bytes32(uint256(1)), r, vs);
    }

    function test_instantEpochsHaveNoSeals() public {
        ledger.abandonEpoch(0);
        abandoned[0] = true;
        beginEpoch(false);
        (bytes32 r, bytes32 vs) = signSeal(0, bytes32(uint256(1)), SIGNER_KEY);
        vm.expectRevert(abi.encodeWithSelector(ISealedBook.NotSealedMode.selector, 2));
        ledger.sealBatch(0, bytes32(uint256(1)), r, vs);
    }

    function test_anUndeliveredBatchIsAFaultAfterTheDeadline() public {
        seal(0, bytes32(uint256(1)));
        vm.warp(block.timestamp + DEADLINE);
        assertFalse(ledger.isUndelivered(0));
        vm.expectRevert(abi.encodeWithSelector(IWayOut.NotOverdue.selector, block.timestamp + 1));
        ledger.abandonUndelivered(0);
        vm.warp(block.timestamp + 1);
        assertTrue(ledger.isUndelivered(0));
        vm.prank(ANYONE);
        ledger.abandonUndelivered(0);
        assertTrue(penalties.last().reason == ILedgerPenalty.Reason.SealedBatchUndelivered);
        assertEq(penalties.last().reporter, ANYONE);
        assertFalse(ledger.isUndelivered(0));
    }

    function test_theOperatorPaysAsMuchForDroppingASeal() public {
        seal(0, bytes32(uint256(1)));
        ledger.abandonEpoch(0);
        assertTrue(penalties.last().reason == ILedgerPenalty.Reason.SealedBatchUndelivered);
    }

    function test_theNextEpochSealsTheIndexAnew() public {
        seal(0, bytes32(uint256(1)));
        ledger.abandonEpoch(0);
        abandoned[0] = true;
        beginEpoch(true);
        (Batch memory s, PlainHead memory next, bytes32 record) = sealedBatch(9);
        PlainHead memory previous = head;
        vm.prank(ANYONE, ANYONE);
        ledger.submitBatch(previous.packed(), packed(s));
        assertEq(ledger.recordOf(0), record);
        head = next;
    }
}
