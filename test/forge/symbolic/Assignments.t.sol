// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {StatementLib} from "../../../contracts/lib/StatementLib.sol";

/// @title Assignment words hold nothing past the last order, for all words.
contract AssignmentsSymbolic {
    function checked(uint256[] calldata words, uint256 count) external pure {
        StatementLib.checkAssignments(words, count);
    }

    function check_oneWord(uint256 word, uint8 count) public view {
        if (count == 0 || count > 31) return;
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        bool fits = word >> (8 * uint256(count)) == 0;
        try this.checked(words, count) {
            assert(fits);
        } catch {
            assert(!fits);
        }
    }

    function check_twoWords(uint256 first, uint256 second, uint8 rest) public view {
        if (rest == 0 || rest > 31) return;
        uint256[] memory words = new uint256[](2);
        (words[0], words[1]) = (first, second);
        bool fits = first >> 248 == 0 && second >> (8 * uint256(rest)) == 0;
        try this.checked(words, 31 + uint256(rest)) {
            assert(fits);
        } catch {
            assert(!fits);
        }
    }
}
