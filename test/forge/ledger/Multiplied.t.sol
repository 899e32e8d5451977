// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EpochTerms} from "../../../contracts/EpochTerms.sol";
import {IEpochBook} from "../../../contracts/interfaces/IEpochBook.sol";
import {PlainHead} from "../PlainHead.sol";
import {ReputationDouble} from "./Doubles.sol";
import {HonestOperator} from "./HonestOperator.sol";
import {Batch} from "./PlainBatch.sol";

/// @title An epoch's weights are the policy's times what reputation says when it is announced, and a reputation contract that misbehaves holds nothing up.
contract MultipliedTest is HonestOperator {
    address private constant ANYONE = address(8);

    function setUp() public {
        vm.warp(1_700_000_000);
    }

    function test_batchesAreProvenUnderMultipliedWords() public {
        say(128, 256);
        beginEpoch(false);
        (, , uint256[] memory words) = ledger.policyOf(1);
        // Weights 5 and 6: 5 · 128 / 256 and 6 · 128 / 256.
        assertEq(words[0] & 0xffffff, 2 | (3 << 12));
        assertEq(words[1], policyWords[1]);
        submit(7);
        assertEq(ledger.epochOf(1).multipliers, multipliers);
        (bytes32 policyHash, , ) = ledger.policyOf(1);
        (, bytes32 published, ) = registry.active();
        assertEq(policyHash, published);
    }

    function test_whatReputationSaysLaterChangesNothing() public {
        say(200, 201);
        ledger.announceEpoch(announcement(0));
        say(128, 128);
        vm.roll(block.number + 5);
        ledger.openEpoch();
        say(250, 129);
        uint256[] memory told = ledger.epochOf(1).multipliers;
        assertEq(told[0], 200);
        assertEq(told[1], 201);
        (, , uint256[] memory words) = ledger.policyOf(1);
        assertEq(words[0] & 0xffffff, 3 | (4 << 12));
    }

    function test_theAnnouncementTellsTheMultipliers() public {
        say(131, 255);
        IEpochBook.Announcement memory a = announcement(0);
        vm.expectEmit(address(ledger));
        emit IEpochBook.EpochAnnounced(
            1,
            0,
            uint64(block.number) + 2,
            a.policyHash,
            a.signer,
            a.keyCommit,
            false,
            false,
            multipliers
        );
        ledger.announceEpoch(a);
    }

    function test_anAnswerOutOfFormCountsAsNone() public {
        multipliers = [200, 200];
        for (uint256 manner = 1; manner <= uint256(type(ReputationDouble.Manner).max); ++manner) {
            reputation.set(multipliers, ReputationDouble.Manner(manner));
            expectNothingReduced();
        }
        uint256[2][4] memory wrong = [[uint256(127), 256], [uint256(256), 257], [uint256(0), 0], [2 ** 255, 200]];
        for (uint256 i = 0; i < wrong.length; ++i) {
            multipliers = [wrong[i][0], wrong[i][1]];
            reputation.set(multipliers, ReputationDouble.Manner.Honest);
            expectNothingReduced();
        }
        multipliers = [uint256(200), 200, 200];
        reputation.set(multipliers, ReputationDouble.Manner.Honest);
        expectNothingReduced();
        // Destroyed or never there.
        vm.etch(address(reputation), "");
        expectNothingReduced();
    }

    /// @dev Whatever gas is sent: an announcement that goes through has heard the answer.
    function testFuzz_littleGasDoesNotSilenceReputation(uint256 gas_) public {
        say(200, 201);
        gas_ = bound(gas_, 50_000, 3_000_000);
        try ledger.announceEpoch{gas: gas_}(announcement(0)) {
            uint256[] memory told = ledger.epochOf(1).multipliers;
            assertEq(told[0], 200);
            assertEq(told[1], 201);
        } catch {}
    }

    function test_tooLittleGasIsNamed() public {
        say(200, 201);
        IEpochBook.Announcement memory a = announcement(0);
        vm.expectRevert(abi.encodeWithSelector(IEpochBook.GasTooLow.selector, 1_020_000));
        ledger.announceEpoch{gas: 1_000_000}(a);
    }

    function test_termsAreTheLedgersOwn() public view {
        EpochTerms terms = ledger.epochTerms();
        assertEq(address(terms.registry()), address(registry));
        assertEq(address(terms.verifierFactory()), address(ledger.verifierFactory()));
        assertEq(address(terms.reputation()), address(reputation));
        assertEq(terms.shards(), SHARDS);
    }

    function expectNothingReduced() private {
        uint256 state = vm.snapshotState();
        ledger.announceEpoch(announcement(0));
        uint256[] memory told = ledger.epochOf(1).multipliers;
        assertEq(told.length, 2);
        assertEq(told[0], 256);
        assertEq(told[1], 256);
        (, , uint256[] memory words) = ledger.policyOf(1);
        assertEq(words, policyWords);
        vm.revertToState(state);
    }

    function submit(uint256 salt) private {
        (Batch memory s, PlainHead memory next, ) = build(head, salt);
        PlainHead memory previous = head;
        vm.prank(ANYONE, ANYONE);
        ledger.submitBatch(previous.packed(), packed(s));
        head = next;
    }
}
