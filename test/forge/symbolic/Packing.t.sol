// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {FeeWord, PolicyWord} from "../../../contracts/types/PolicyWord.sol";

/// @title Packed words hold their fields and nothing else. `check_` functions are halmos's: all values, not samples.
contract PackingSymbolic is Test {
    uint256 private constant TICKS = (1 << 40) - 1;

    function check_policyWordHoldsEveryField(
        uint16 w0,
        uint16 w1,
        uint16 tau,
        uint64 limit,
        uint64 trip,
        uint64 reset,
        uint64 skew,
        uint64 target,
        bool reporting
    ) public pure {
        uint256 word = uint256(w0 & 0xfff) | (uint256(w1 & 0xfff) << 12) | (uint256(tau) << 24);
        word |= ((limit & TICKS) << 40) | ((trip & TICKS) << 80) | ((reset & TICKS) << 120);
        word |= ((skew & TICKS) << 160) | ((target & TICKS) << 200) | (uint256(reporting ? 1 : 0) << 240);
        PolicyWord packed = PolicyWord.wrap(word);
        assert(packed.weight(0) == w0 & 0xfff && packed.weight(1) == w1 & 0xfff && packed.tau() == tau);
        assert(packed.limit() == limit & TICKS && packed.trip() == trip & TICKS);
        assert(packed.reset() == reset & TICKS && packed.skew() == skew & TICKS);
        assert(packed.reporting() == reporting && !packed.hasStrayBits());
    }

    function check_strayBitsAreThoseAboveTheLayout(uint256 word) public pure {
        assert(PolicyWord.wrap(word).hasStrayBits() == (word >= 1 << 241));
        assert(FeeWord.wrap(word).feeHasStrayBits() == (word >= 1 << 38));
    }

    function check_feeWordHoldsEveryField(uint16 feeMin, uint16 feeMax, uint8 kind) public pure {
        uint256 word = uint256(feeMin & 0x7fff) | (uint256(feeMax & 0x7fff) << 15) | (uint256(kind) << 30);
        FeeWord packed = FeeWord.wrap(word);
        assert(packed.feeMin() == feeMin & 0x7fff && packed.feeMax() == feeMax & 0x7fff && packed.kind() == kind);
        assert(!packed.feeHasStrayBits());
    }

    function testFuzz_policyWord(
        uint16 a,
        uint16 b,
        uint16 c,
        uint64 d,
        uint64 e,
        uint64 f,
        uint64 g,
        uint64 h,
        bool i
    ) public pure {
        check_policyWordHoldsEveryField(a, b, c, d, e, f, g, h, i);
    }

    function testFuzz_strayBits(uint256 word) public pure {
        check_strayBitsAreThoseAboveTheLayout(word);
    }

    function testFuzz_feeWord(uint16 a, uint16 b, uint8 c) public pure {
        check_feeWordHoldsEveryField(a, b, c);
    }
}
