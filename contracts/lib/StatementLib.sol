// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {FIELD_MODULUS} from "../types/Bn254.sol";
import {IRoutingLedger} from "../interfaces/IRoutingLedger.sol";

/// @title The published vector V in memory, and its evaluation (protocol, sections 4 and 9).
/// @dev The buffer is alpha's preimage: chainId, ledger, beneficiary, verifierId, D, then V.
library StatementLib {
    /// @dev Words before V in the buffer.
    uint256 internal constant PREFIX = 5;

    /// @dev Scalars at V's start: keyCommit, seed, batchIndex, orderCounter, time, elapsed, stateBefore, stateAfter, count, feeWord.
    uint256 internal constant HEADER = 10;

    /// @notice Where V's parts begin, as positions in the buffer.
    struct Layout {
        uint256 fees;
        uint256 openMask;
        uint256 served;
        uint256 policy;
        uint256 commitments;
        uint256 assignments;
        uint256 end;
    }

    /// @notice The layout for S shards and N slots.
    function layoutOf(uint256 shards, uint256 slots) internal pure returns (Layout memory places) {
        unchecked {
            places.fees = PREFIX + HEADER;
            places.openMask = places.fees + (shards + 15) / 16;
            places.served = places.openMask + 1;
            places.policy = places.served + (shards + 5) / 6;
            places.commitments = places.policy + shards;
            places.assignments = places.commitments + slots;
            places.end = places.assignments + (slots + 30) / 31;
        }
    }

    /// @notice Memory address of a word of the buffer.
    function addressOf(uint256[] memory buffer, uint256 position) internal pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := add(add(buffer, 0x20), shl(5, position))
        }
    }

    /// @notice Copies calldata words into the buffer.
    function put(uint256[] memory buffer, uint256 position, uint256[] calldata words) internal pure {
        assembly ("memory-safe") {
            calldatacopy(add(add(buffer, 0x20), shl(5, position)), words.offset, shl(5, words.length))
        }
    }

    /// @notice Copies calldata words into a part of the buffer, with zeros up to the part's end.
    function putPadded(uint256[] memory buffer, uint256 position, uint256 end, uint256[] calldata words) internal pure {
        assembly ("memory-safe") {
            let at := add(add(buffer, 0x20), shl(5, position))
            let size := shl(5, words.length)
            calldatacopy(at, words.offset, size)
            // Reading past the end of calldata gives zeros.
            calldatacopy(add(at, size), calldatasize(), sub(shl(5, sub(end, position)), size))
        }
    }

    /// @notice Keccak of the buffer from word `first` on.
    function hashFrom(uint256[] memory buffer, uint256 first) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let start := shl(5, first)
            result := keccak256(add(add(buffer, 0x20), start), sub(shl(5, mload(buffer)), start))
        }
    }

    /// @notice `Σ V[k]·alpha^(n−1−k) mod p`. Reverts with `WordOutOfField` when some V[k] is not below p.
    /// @dev Horner, four words a turn. The sum after `mulmod` cannot wrap as both terms are below p < 2^254; for a word that is not, the wrapped sum is
    /// never used, as the call reverts.
    function evaluate(uint256[] memory buffer, uint256 alpha) internal pure returns (uint256 y) {
        bool outside;
        assembly ("memory-safe") {
            let p := FIELD_MODULUS
            let largest := sub(p, 1)
            let at := add(buffer, add(0x20, shl(5, PREFIX)))
            let end := add(add(buffer, 0x20), shl(5, mload(buffer)))
            for {
                let aligned := add(at, and(sub(end, at), 0x60))
            } lt(at, aligned) {
                at := add(at, 0x20)
            } {
                let word := mload(at)
                outside := or(outside, gt(word, largest))
                y := add(mulmod(y, alpha, p), word)
            }
            for {} lt(at, end) {
                at := add(at, 0x80)
            } {
                let word := mload(at)
                outside := or(outside, gt(word, largest))
                y := add(mulmod(y, alpha, p), word)
                word := mload(add(at, 0x20))
                outside := or(outside, gt(word, largest))
                y := add(mulmod(y, alpha, p), word)
                word := mload(add(at, 0x40))
                outside := or(outside, gt(word, largest))
                y := add(mulmod(y, alpha, p), word)
                word := mload(add(at, 0x60))
                outside := or(outside, gt(word, largest))
                y := add(mulmod(y, alpha, p), word)
            }
            y := mod(y, p)
        }
        if (outside) revert IRoutingLedger.WordOutOfField();
    }
}
