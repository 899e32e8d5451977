// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Submission} from "../../../contracts/types/Batch.sol";
import {Terms} from "../../../contracts/types/Inclusion.sol";
import {PlainTree} from "../PlainTree.sol";

/// @dev A submission before it is packed.
struct Batch {
    uint8 verifier;
    address beneficiary;
    uint64 time;
    uint256 stateAfter;
    uint256 openMask;
    uint256 digest;
    uint256[8] proof;
    bytes32 r;
    bytes32 vs;
    uint256[] fees;
    uint256[] counters;
    uint256[] commitments;
    uint256[] assignments;
}

/// @title The forms of a batch as the protocol words them (section 9): nothing here comes from the contracts' libraries.
abstract contract PlainBatch {
    function rootOf(Batch memory s) internal pure returns (bytes32) {
        uint8[] memory assignments = new uint8[](s.commitments.length);
        for (uint256 slot = 0; slot < assignments.length; ++slot) {
            assignments[slot] = uint8(s.assignments[slot / 31] >> (8 * (slot % 31)));
        }
        return PlainTree.rootOf(s.commitments, assignments);
    }

    function termsHash(Batch memory s) internal pure returns (bytes32) {
        uint256 last = s.time | (s.commitments.length << 64) | (uint256(uint160(s.beneficiary)) << 96);
        return keccak256(abi.encode(s.fees[0], s.openMask, last));
    }

    /// @dev As calldata brings it.
    function packed(Batch memory b) internal pure returns (Submission memory) {
        uint256 scalars = b.time | (b.commitments.length << 64) | (uint256(b.verifier) << 88);
        bytes memory joined = abi.encodePacked(b.fees, b.openMask, b.counters, b.commitments, b.assignments);
        uint256[] memory words = new uint256[](joined.length / 32);
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(joined, 0x20), shl(5, i)))
            }
            words[i] = word;
        }
        uint256 lot = scalars | (uint256(uint160(b.beneficiary)) << 96);
        return Submission(b.r, b.vs, lot, words, b.proof, b.digest, b.stateAfter);
    }

    /// @dev The terms of a submission, as consumers bring them.
    function termsOf(Batch memory s) internal pure returns (Terms memory) {
        return Terms(s.fees, s.openMask, s.time, uint32(s.commitments.length), s.beneficiary);
    }
}
