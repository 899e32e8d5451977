// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice A proof with what it proves.
/// @param signals D, alpha, y; each below the scalar field's modulus.
/// @param proof A (x, y), B (x1, x0, y1, y0: imaginary parts first), C (x, y).
struct Claim {
    uint256[3] signals;
    uint256[8] proof;
}

/// @title One Groth16 verifying key, and what it is a key of.
/// @notice Every circuit has the same three public signals: D (the sponge of V), alpha and y (protocol, section 4).
interface IVerifier {
    /// @notice Thrown when the proof does not hold for these signals, or the call ran out of gas on the way.
    error ProofRejected();

    /// @notice Thrown for an empty list of claims, of which all would hold.
    error NoClaims();

    /// @notice Thrown when a public signal is not below the scalar field's modulus.
    error SignalOutOfField();

    /// @notice Thrown when a proof coordinate is not below the base field's modulus.
    error CoordinateOutOfRange();

    /// @notice Thrown at construction for a key that would accept forgeries or has no meaning: gamma2 = delta2, a coordinate out of range, a shape of zero.
    error KeyRefused();

    /// @notice Kind of policy that the circuit proves: 0 two-choice, 1 round-robin.
    function kind() external view returns (uint256);

    /// @notice Shards of the circuit, 1 … 64.
    function shards() external view returns (uint256);

    /// @notice Orders that the circuit holds, N.
    function slots() external view returns (uint256);

    /// @notice keccak256(kind, S, N, the key's 22 words): the same on every chain (protocol, section 9).
    function verifierId() external view returns (bytes32);

    /// @notice The key itself, so that anybody can verify again without this contract: alpha1, beta2, gamma2, delta2, IC[0 … 3].
    function keyWords() external view returns (uint256[22] memory);

    /// @notice Returns if and only if the proof holds; reverts otherwise, never returns false.
    /// @param signals D, alpha, y; each below the scalar field's modulus.
    /// @param proof A (x, y), B (x1, x0, y1, y0: imaginary parts first), C (x, y).
    function verify(uint256[3] calldata signals, uint256[8] calldata proof) external view;

    /// @notice Returns if and only if every claim holds (but for a chance of 2^-128 a try); reverts otherwise. One pairing check, k + 3 pairings, for all.
    /// @dev Weights (protocol, section 9): rho_1 = 1, rho_i = keccak256(h, i) mod 2^128, h = keccak256 of all claims, 11 words each. As every weight depends on
    /// every word, wrong proofs cannot be chosen to cancel out.
    function verifyMany(Claim[] calldata claims) external view;
}
