// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {StatementLib} from "../../contracts/lib/StatementLib.sol";
import {Words} from "../../contracts/lib/Words.sol";
import {IRoutingLedger} from "../../contracts/interfaces/IRoutingLedger.sol";
import {FIELD_MODULUS} from "../../contracts/types/Bn254.sol";

/// @title V's evaluation against the plain sum that the protocol writes down, and against the vectors that TypeScript and Circom share.
contract StatementLibTest is Test {
    using StatementLib for uint256[];
    using Words for uint256[];

    /// @dev Reference: Σ V[k]·alpha^(n−1−k) by powers from the last word on.
    function plain(uint256[] memory v, uint256 alpha) internal pure returns (uint256 y) {
        uint256 power = 1;
        for (uint256 k = v.length; k > 0; --k) {
            y = addmod(y, mulmod(v[k - 1], power, FIELD_MODULUS), FIELD_MODULUS);
            power = mulmod(power, alpha, FIELD_MODULUS);
        }
    }

    function bufferOf(uint256[] memory v) internal pure returns (uint256[] memory buffer) {
        buffer = new uint256[](StatementLib.PREFIX + v.length);
        for (uint256 k = 0; k < v.length; ++k) {
            buffer[StatementLib.PREFIX + k] = v[k];
        }
    }

    function requireInField(uint256[] memory v, uint256 first, uint256 end) external pure {
        v.requireInField(first, end);
    }

    function testFuzz_evaluatesAsThePlainSum(uint256[] memory v, uint256 alpha) public pure {
        alpha %= FIELD_MODULUS;
        for (uint256 k = 0; k < v.length; ++k) {
            v[k] %= FIELD_MODULUS;
        }
        assertEq(bufferOf(v).evaluate(alpha), plain(v, alpha));
    }

    function testFuzz_evaluatesLargestWords(uint8 length, uint256 alpha) public pure {
        uint256[] memory v = new uint256[](length);
        for (uint256 k = 0; k < length; ++k) {
            v[k] = FIELD_MODULUS - 1;
        }
        assertEq(bufferOf(v).evaluate(alpha % FIELD_MODULUS), plain(v, alpha % FIELD_MODULUS));
    }

    function testFuzz_refusesAWordOutsideTheField(uint256[] memory v, uint256 position, uint256 excess) public {
        vm.assume(v.length > 0);
        for (uint256 k = 0; k < v.length; ++k) {
            v[k] %= FIELD_MODULUS;
        }
        v[position % v.length] = bound(excess, FIELD_MODULUS, type(uint256).max);
        vm.expectRevert(IRoutingLedger.WordOutOfField.selector);
        this.requireInField(v, 0, v.length);
    }

    function testFuzz_looksAtTheWordsNamedAlone(uint256[] memory v, uint8 first, uint8 length) public view {
        vm.assume(v.length > 0);
        uint256 from = first % v.length;
        uint256 end = from + (length % (v.length - from + 1));
        for (uint256 k = 0; k < v.length; ++k) {
            v[k] = k < from || k >= end ? type(uint256).max : v[k] % FIELD_MODULUS;
        }
        this.requireInField(v, from, end);
    }

    function testFuzz_hashesFromAWordOn(uint256[] memory words, uint256 first) public pure {
        first = bound(first, 0, words.length);
        uint256[] memory rest = new uint256[](words.length - first);
        for (uint256 i = 0; i < rest.length; ++i) {
            rest[i] = words[first + i];
        }
        assertEq(words.hash(first, rest.length), keccak256(abi.encodePacked(rest)));
    }

    function testFuzz_layoutHasNoGapsAndNoOverlaps(uint8 shards, uint16 slots) public pure {
        uint256 s = bound(shards, 1, 64);
        StatementLib.Layout memory places = StatementLib.layoutOf(s, slots);
        assertEq(places.fees, 15);
        assertEq(places.openMask - places.fees, (s + 15) / 16);
        assertEq(places.served - places.openMask, 1);
        assertEq(places.policy - places.served, (s + 5) / 6);
        assertEq(places.commitments - places.policy, s);
        assertEq(places.assignments - places.commitments, slots);
        assertEq(places.end - places.assignments, (uint256(slots) + 30) / 31);
    }

    function put(
        uint256[] memory buffer,
        uint256 position,
        uint256 end,
        uint256[] calldata words
    ) external pure returns (uint256[] memory) {
        buffer.putPadded(position, end, words);
        return buffer;
    }

    function testFuzz_padsWithZerosAndTouchesNothingElse(uint256[] memory words, uint8 room, uint256 dirt) public view {
        uint256[] memory buffer = new uint256[](words.length + room + 2);
        for (uint256 i = 0; i < buffer.length; ++i) {
            buffer[i] = dirt;
        }
        buffer = this.put(buffer, 1, buffer.length - 1, words);
        assertEq(buffer[0], dirt);
        assertEq(buffer[buffer.length - 1], dirt);
        for (uint256 i = 1; i < buffer.length - 1; ++i) {
            assertEq(buffer[i], i <= words.length ? words[i - 1] : 0);
        }
    }

    function test_agreesWithTheSharedVectors() public view {
        string memory json = vm.readFile("test/vectors/batch.json");
        uint256 cases = 0;
        for (; vm.keyExistsJson(json, string.concat(".cases[", vm.toString(cases), "]")); ++cases) {
            string memory at_ = string.concat(".cases[", vm.toString(cases), "]");
            string[] memory texts = vm.parseJsonStringArray(json, string.concat(at_, ".v"));
            uint256[] memory v = new uint256[](texts.length);
            for (uint256 k = 0; k < v.length; ++k) {
                v[k] = vm.parseUint(texts[k]);
            }
            uint256 alpha = vm.parseUint(vm.parseJsonString(json, string.concat(at_, ".binding.alpha")));
            uint256 y = vm.parseUint(vm.parseJsonString(json, string.concat(at_, ".binding.y")));
            assertEq(bufferOf(v).evaluate(alpha), y);
            assertEq(plain(v, alpha), y);
        }
        assertGt(cases, 0);
    }
}
