// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerifierFactory} from "../interfaces/IVerifierFactory.sol";
import {Claim, IVerifier} from "../interfaces/IVerifier.sol";
import {BASE_MODULUS, FIELD_MODULUS} from "../types/Bn254.sol";
import {Bn254Ops} from "./Bn254Ops.sol";
import {Groth16Key} from "./Groth16Key.sol";

/// @title Verifies Groth16 proofs, one or many at once, with the key in its code.
/// @dev One: e(−A, B)·e(alpha, beta)·e(IC₀ + Σ signalⱼ·ICⱼ, gamma)·e(C, delta) = 1. Many: the product of these, each to the power of its weight, with the
/// pairings by beta, gamma and delta gathered into one each.
contract Groth16Verifier is Groth16Key {
    /// @dev Weights have 128 bits: enough, and a shorter scalar costs no less.
    uint256 private constant WEIGHT_MASK = type(uint128).max;
    uint256 private constant CLAIM_BYTES = 11 * 32;
    uint256 private constant PAIR = Bn254Ops.PAIR;

    constructor(IVerifierFactory.Key memory key) Groth16Key(key) {}

    /// @inheritdoc IVerifier
    function verify(uint256[3] calldata signals, uint256[8] calldata proof) external view {
        _checkRanges(signals, proof);
        uint256 pairs = _allocate(4 * PAIR);
        _putPair(pairs, proof);
        Bn254Ops.putG1(pairs + 3 * PAIR, proof[6], proof[7]);
        _putKey(pairs + PAIR, 1, signals);
        Bn254Ops.requireOne(pairs, 4);
    }

    /// @inheritdoc IVerifier
    function verifyMany(Claim[] calldata claims) external view {
        uint256 count = claims.length;
        if (count == 0) revert NoClaims();
        uint256 pairs = _allocate((count + 3) * PAIR);
        uint256 key = pairs + count * PAIR;
        uint256 seed = _seedOf(claims);
        uint256 weights = 1;
        uint256[3] memory signals = claims[0].signals;
        for (uint256 i = 0; i < count; ++i) {
            Claim calldata claim = claims[i];
            _checkRanges(claim.signals, claim.proof);
            _putPair(pairs + i * PAIR, claim.proof);
            if (i == 0) {
                Bn254Ops.putG1(key + 2 * PAIR, claim.proof[6], claim.proof[7]);
                continue;
            }
            uint256 weight = _weightOf(seed, i + 1);
            weights += weight;
            for (uint256 j = 0; j < 3; ++j) {
                signals[j] = addmod(signals[j], mulmod(weight, claim.signals[j], FIELD_MODULUS), FIELD_MODULUS);
            }
            Bn254Ops.scale(pairs + i * PAIR, weight);
            Bn254Ops.addProduct(key + 2 * PAIR, claim.proof[6], claim.proof[7], weight);
        }
        _putKey(key, weights, signals);
        Bn254Ops.requireOne(pairs, count + 3);
    }

    /// @dev Puts −A and B; the coordinates are in range.
    function _putPair(uint256 where, uint256[8] calldata proof) private pure {
        Bn254Ops.putG1(where, proof[0], (BASE_MODULUS - proof[1]) % BASE_MODULUS);
        Bn254Ops.putG2(where, proof[2], proof[3], proof[4], proof[5]);
    }

    /// @dev Puts weight·alpha with beta, weight·IC₀ + Σ signalⱼ·ICⱼ with gamma, and delta behind a point that the caller brings.
    function _putKey(uint256 where, uint256 weight, uint256[3] memory signals) private view {
        uint256 sum = where + PAIR;
        Bn254Ops.putG1(where, _alphaX, _alphaY);
        Bn254Ops.putG2(where, _betaX1, _betaX0, _betaY1, _betaY0);
        Bn254Ops.putG1(sum, _constantX, _constantY);
        Bn254Ops.putG2(sum, _gammaX1, _gammaX0, _gammaY1, _gammaY0);
        Bn254Ops.putG2(sum + PAIR, _deltaX1, _deltaX0, _deltaY1, _deltaY0);
        if (weight != 1) {
            Bn254Ops.scale(where, weight);
            Bn254Ops.scale(sum, weight);
        }
        Bn254Ops.addProduct(sum, _digestX, _digestY, signals[0]);
        Bn254Ops.addProduct(sum, _alphaSignalX, _alphaSignalY, signals[1]);
        Bn254Ops.addProduct(sum, _evaluationX, _evaluationY, signals[2]);
    }

    function _checkRanges(uint256[3] calldata signals, uint256[8] calldata proof) private pure {
        bool signalsOut;
        bool proofOut;
        assembly ("memory-safe") {
            let largest := sub(FIELD_MODULUS, 1)
            signalsOut := or(
                or(gt(calldataload(signals), largest), gt(calldataload(add(signals, 0x20)), largest)),
                gt(calldataload(add(signals, 0x40)), largest)
            )
            largest := sub(BASE_MODULUS, 1)
            proofOut := or(
                or(
                    or(
                        or(
                            or(
                                or(
                                    or(gt(calldataload(proof), largest), gt(calldataload(add(proof, 0x20)), largest)),
                                    gt(calldataload(add(proof, 0x40)), largest)
                                ),
                                gt(calldataload(add(proof, 0x60)), largest)
                            ),
                            gt(calldataload(add(proof, 0x80)), largest)
                        ),
                        gt(calldataload(add(proof, 0xa0)), largest)
                    ),
                    gt(calldataload(add(proof, 0xc0)), largest)
                ),
                gt(calldataload(add(proof, 0xe0)), largest)
            )
        }
        if (signalsOut) revert SignalOutOfField();
        if (proofOut) revert CoordinateOutOfRange();
    }

    /// @dev Keccak of all claims, words of calldata one after the other.
    function _seedOf(Claim[] calldata claims) private pure returns (uint256 seed) {
        assembly ("memory-safe") {
            let work := mload(0x40)
            let size := mul(claims.length, CLAIM_BYTES)
            calldatacopy(work, claims.offset, size)
            seed := keccak256(work, size)
        }
    }

    function _weightOf(uint256 seed, uint256 number) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, number))) & WEIGHT_MASK;
    }

    function _allocate(uint256 bytes_) private pure returns (uint256 where) {
        assembly ("memory-safe") {
            where := mload(0x40)
            mstore(0x40, add(where, bytes_))
        }
    }
}
