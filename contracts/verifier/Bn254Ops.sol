// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IVerifier} from "../interfaces/IVerifier.sol";

/// @title Points of BN254 in memory, by the precompiles of EIP-196 and EIP-197, which check that points lie on their curve and in their group.
/// @dev A G1 point is two words (x, y), a G2 point four (x1, x0, y1, y0), a pair both: six. Functions that call a precompile revert with `ProofRejected` when it
/// refuses its input or runs out of gas, and use memory behind the free memory pointer.
library Bn254Ops {
    /// @notice Bytes of a pair.
    uint256 internal constant PAIR = 0xc0;

    /// @notice Writes a G1 point.
    function putG1(uint256 where, uint256 x, uint256 y) internal pure {
        assembly ("memory-safe") {
            mstore(where, x)
            mstore(add(where, 0x20), y)
        }
    }

    /// @notice Writes the G2 point of the pair at that address.
    function putG2(uint256 where, uint256 x1, uint256 x0, uint256 y1, uint256 y0) internal pure {
        assembly ("memory-safe") {
            mstore(add(where, 0x40), x1)
            mstore(add(where, 0x60), x0)
            mstore(add(where, 0x80), y1)
            mstore(add(where, 0xa0), y0)
        }
    }

    /// @notice Multiplies a G1 point in place.
    function scale(uint256 where, uint256 scalar) internal view {
        bool done;
        assembly ("memory-safe") {
            let work := mload(0x40)
            mcopy(work, where, 0x40)
            mstore(add(work, 0x40), scalar)
            done := staticcall(gas(), 7, work, 0x60, where, 0x40)
        }
        if (!done) revert IVerifier.ProofRejected();
    }

    /// @notice Adds scalar·(x, y) to a G1 point in place.
    function addProduct(uint256 where, uint256 x, uint256 y, uint256 scalar) internal view {
        bool done;
        assembly ("memory-safe") {
            let work := mload(0x40)
            mstore(work, x)
            mstore(add(work, 0x20), y)
            mstore(add(work, 0x40), scalar)
            done := staticcall(gas(), 7, work, 0x60, work, 0x40)
            mcopy(add(work, 0x40), where, 0x40)
            done := and(done, staticcall(gas(), 6, work, 0x80, where, 0x40))
        }
        if (!done) revert IVerifier.ProofRejected();
    }

    /// @notice Returns if the product of the pairings is one.
    /// @param where The first of `count` pairs, one after the other.
    function requireOne(uint256 where, uint256 count) internal view {
        bool holds;
        assembly ("memory-safe") {
            // The answer lands in scratch space; a failed call leaves the 0 there.
            mstore(0, 0)
            let done := staticcall(gas(), 8, where, mul(count, PAIR), 0, 0x20)
            holds := and(done, eq(mload(0), 1))
        }
        if (!holds) revert IVerifier.ProofRejected();
    }
}
