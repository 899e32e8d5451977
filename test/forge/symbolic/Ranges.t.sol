// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {RetuneBand} from "../../../contracts/lib/RetuneBand.sol";
import {StatementLib} from "../../../contracts/lib/StatementLib.sol";
import {FIELD_MODULUS} from "../../../contracts/types/Bn254.sol";
import {PolicyWord} from "../../../contracts/types/PolicyWord.sol";

/// @title Ranges that are required are those that are written down, for all values.
contract RangesSymbolic {
    using StatementLib for uint256[];

    function inField(uint256[] memory words) external pure {
        words.requireInField(0, words.length);
    }

    /// @dev Nine words: one by itself, and a turn of eight.
    function check_everyWordIsBelowP(uint256[9] memory given) public view {
        uint256[] memory words = new uint256[](9);
        bool fits = true;
        for (uint256 i = 0; i < 9; ++i) {
            words[i] = given[i];
            fits = fits && given[i] < FIELD_MODULUS;
        }
        try this.inField(words) {
            assert(fits);
        } catch {
            assert(!fits);
        }
    }

    function retuned(uint256 base, uint256 current, uint256 next) external pure {
        RetuneBand.check(0, PolicyWord.wrap(base), PolicyWord.wrap(current), PolicyWord.wrap(next));
    }

    /// @dev Whatever an operator retunes: nothing but weights moves, none leaves its band of a quarter, and none comes from 0 or goes there.
    function check_aRetuneStaysInItsBand(uint256 base, uint256 current, uint256 next) public view {
        try this.retuned(base, current, next) {
            assert(next >> 24 == base >> 24);
            for (uint256 shift = 0; shift < 24; shift += 12) {
                uint256 timelocked = (base >> shift) & 0xfff;
                uint256 wanted = (next >> shift) & 0xfff;
                assert(4 * wanted <= 5 * timelocked && 4 * wanted >= 3 * timelocked);
                assert((wanted == 0) == (timelocked == 0));
            }
        } catch {}
    }
}
