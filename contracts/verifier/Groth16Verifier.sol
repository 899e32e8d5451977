// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerifierFactory} from "../interfaces/IVerifierFactory.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";
import {BASE_MODULUS, FIELD_MODULUS} from "../types/Bn254.sol";
import {Groth16Key} from "./Groth16Key.sol";

/// @title Verifies one Groth16 proof with the key in its code.
/// @dev e(−A, B)·e(alpha, beta)·e(IC₀ + Σ signalᵢ·ICᵢ, gamma)·e(C, delta) = 1, by the precompiles of EIP-196 and EIP-197, which check curve and subgroup.
/// A k-fold verifier inherits the same key.
contract Groth16Verifier is Groth16Key {
    constructor(IVerifierFactory.Key memory key) Groth16Key(key) {}

    /// @inheritdoc IVerifier
    function verify(uint256[3] calldata signals, uint256[8] calldata proof) external view {
        for (uint256 i = 0; i < 3; ++i) {
            if (signals[i] >= FIELD_MODULUS) revert SignalOutOfField();
        }
        for (uint256 i = 0; i < 8; ++i) {
            if (proof[i] >= BASE_MODULUS) revert CoordinateOutOfRange();
        }
        uint256[24] memory pairs;
        (pairs[0], pairs[1]) = (proof[0], (BASE_MODULUS - proof[1]) % BASE_MODULUS);
        (pairs[2], pairs[3], pairs[4], pairs[5]) = (proof[2], proof[3], proof[4], proof[5]);
        (pairs[6], pairs[7]) = (_alphaX, _alphaY);
        (pairs[8], pairs[9], pairs[10], pairs[11]) = (_betaX1, _betaX0, _betaY1, _betaY0);
        (pairs[12], pairs[13]) = _combine(signals);
        (pairs[14], pairs[15], pairs[16], pairs[17]) = (_gammaX1, _gammaX0, _gammaY1, _gammaY0);
        (pairs[18], pairs[19]) = (proof[6], proof[7]);
        (pairs[20], pairs[21], pairs[22], pairs[23]) = (_deltaX1, _deltaX0, _deltaY1, _deltaY0);
        bool holds;
        assembly ("memory-safe") {
            // The answer lands in scratch space; a failed call leaves the 0 there.
            mstore(0, 0)
            let done := staticcall(gas(), 8, pairs, 0x300, 0, 0x20)
            holds := and(done, eq(mload(0), 1))
        }
        if (!holds) revert ProofRejected();
    }

    /// @dev IC₀ + Σ signalᵢ·ICᵢ.
    function _combine(uint256[3] calldata signals) private view returns (uint256 x, uint256 y) {
        (x, y) = (_constantX, _constantY);
        (x, y) = _addProduct(x, y, _digestX, _digestY, signals[0]);
        (x, y) = _addProduct(x, y, _alphaSignalX, _alphaSignalY, signals[1]);
        (x, y) = _addProduct(x, y, _evaluationX, _evaluationY, signals[2]);
    }

    /// @dev (x, y) + scalar·(pointX, pointY).
    function _addProduct(uint256 x, uint256 y, uint256 pointX, uint256 pointY, uint256 scalar)
        private
        view
        returns (uint256 sumX, uint256 sumY)
    {
        bool done;
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, pointX)
            mstore(add(at, 0x20), pointY)
            mstore(add(at, 0x40), scalar)
            done := staticcall(gas(), 7, at, 0x60, at, 0x40)
            mstore(add(at, 0x40), x)
            mstore(add(at, 0x60), y)
            done := and(done, staticcall(gas(), 6, at, 0x80, at, 0x40))
            sumX := mload(at)
            sumY := mload(add(at, 0x20))
        }
        if (!done) revert ProofRejected();
    }
}
