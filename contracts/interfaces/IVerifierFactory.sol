// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Where verifiers come from.
/// @notice Because the code of every verifier of a factory is known, its `verifierId` cannot lie about the key that it checks with.
interface IVerifierFactory {
    /// @notice A verifying key with its shape.
    /// @param kind 0 two-choice, 1 round-robin.
    /// @param shards 1 … 64.
    /// @param slots Orders of the circuit, 1 … 65,535.
    /// @param words alpha1 (x, y), beta2, gamma2, delta2 (each x1, x0, y1, y0: imaginary parts first), IC[0 … 3] (x, y).
    struct Key {
        uint256 kind;
        uint256 shards;
        uint256 slots;
        uint256[22] words;
    }

    /// @notice A verifier was deployed.
    /// @param verifier Its address.
    /// @param verifierId Hash of its circuit's shape and key, the same on every chain.
    event VerifierDeployed(address indexed verifier, bytes32 indexed verifierId);

    /// @notice Deploys the verifier of a key, or finds the one deployed before. Anybody may call.
    function deploy(Key calldata key) external returns (address verifier);

    /// @notice Whether this factory deployed the contract.
    function isVerifier(address verifier) external view returns (bool);

    /// @notice The verifier of a key, or the zero address.
    function verifierOf(bytes32 verifierId) external view returns (address);
}
