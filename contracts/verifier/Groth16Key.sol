// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerifier} from "../interfaces/IVerifier.sol";
import {IVerifierFactory} from "../interfaces/IVerifierFactory.sol";
import {BASE_MODULUS} from "../types/Bn254.sol";

/// @title A Groth16 verifying key for three public signals, baked into the code of whatever inherits it.
/// @dev Immutables stand in the code, so a key costs no storage read, and one reviewed source serves every key.
abstract contract Groth16Key is IVerifier {
    /// @inheritdoc IVerifier
    uint256 public immutable kind;
    /// @inheritdoc IVerifier
    uint256 public immutable shards;
    /// @inheritdoc IVerifier
    uint256 public immutable slots;
    /// @inheritdoc IVerifier
    bytes32 public immutable verifierId;

    uint256 internal immutable _alphaX;
    uint256 internal immutable _alphaY;
    uint256 internal immutable _betaX1;
    uint256 internal immutable _betaX0;
    uint256 internal immutable _betaY1;
    uint256 internal immutable _betaY0;
    uint256 internal immutable _gammaX1;
    uint256 internal immutable _gammaX0;
    uint256 internal immutable _gammaY1;
    uint256 internal immutable _gammaY0;
    uint256 internal immutable _deltaX1;
    uint256 internal immutable _deltaX0;
    uint256 internal immutable _deltaY1;
    uint256 internal immutable _deltaY0;
    uint256 internal immutable _constantX;
    uint256 internal immutable _constantY;
    uint256 internal immutable _digestX;
    uint256 internal immutable _digestY;
    uint256 internal immutable _alphaSignalX;
    uint256 internal immutable _alphaSignalY;
    uint256 internal immutable _evaluationX;
    uint256 internal immutable _evaluationY;

    constructor(IVerifierFactory.Key memory key) {
        uint256[22] memory w = key.words;
        if (key.shards == 0 || key.shards > 64 || key.slots == 0 || key.slots > type(uint16).max) revert KeyRefused();
        // gamma2 = delta2 lets anybody forge: the two pairings then join into one.
        if (w[6] == w[10] && w[7] == w[11] && w[8] == w[12] && w[9] == w[13]) revert KeyRefused();
        for (uint256 i = 0; i < 22; ++i) {
            if (w[i] >= BASE_MODULUS) revert KeyRefused();
        }
        (kind, shards, slots) = (key.kind, key.shards, key.slots);
        verifierId = keccak256(abi.encode(key));
        (_alphaX, _alphaY) = (w[0], w[1]);
        (_betaX1, _betaX0, _betaY1, _betaY0) = (w[2], w[3], w[4], w[5]);
        (_gammaX1, _gammaX0, _gammaY1, _gammaY0) = (w[6], w[7], w[8], w[9]);
        (_deltaX1, _deltaX0, _deltaY1, _deltaY0) = (w[10], w[11], w[12], w[13]);
        (_constantX, _constantY) = (w[14], w[15]);
        (_digestX, _digestY) = (w[16], w[17]);
        (_alphaSignalX, _alphaSignalY) = (w[18], w[19]);
        (_evaluationX, _evaluationY) = (w[20], w[21]);
    }

    /// @inheritdoc IVerifier
    function keyWords() external view returns (uint256[22] memory w) {
        (w[0], w[1]) = (_alphaX, _alphaY);
        (w[2], w[3], w[4], w[5]) = (_betaX1, _betaX0, _betaY1, _betaY0);
        (w[6], w[7], w[8], w[9]) = (_gammaX1, _gammaX0, _gammaY1, _gammaY0);
        (w[10], w[11], w[12], w[13]) = (_deltaX1, _deltaX0, _deltaY1, _deltaY0);
        (w[14], w[15]) = (_constantX, _constantY);
        (w[16], w[17]) = (_digestX, _digestY);
        (w[18], w[19]) = (_alphaSignalX, _alphaSignalY);
        (w[20], w[21]) = (_evaluationX, _evaluationY);
    }
}
