// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerifierFactory} from "../interfaces/IVerifierFactory.sol";
import {Groth16Verifier} from "./Groth16Verifier.sol";

/// @title Deploys verifiers whose code is known; see the interface.
contract VerifierFactory is IVerifierFactory {
    /// @inheritdoc IVerifierFactory
    mapping(address verifier => bool) public isVerifier;

    /// @inheritdoc IVerifierFactory
    mapping(bytes32 verifierId => address verifier) public verifierOf;

    /// @inheritdoc IVerifierFactory
    function deploy(Key calldata key) external returns (address verifier) {
        bytes32 verifierId = keccak256(abi.encode(key));
        verifier = verifierOf[verifierId];
        if (verifier != address(0)) return verifier;
        verifier = address(new Groth16Verifier(key));
        isVerifier[verifier] = true;
        verifierOf[verifierId] = verifier;
        emit VerifierDeployed(verifier, verifierId);
    }
}
