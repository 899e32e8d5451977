// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Claim, IVerifier} from "../interfaces/IVerifier.sol";
import {IVerifierFactory} from "../interfaces/IVerifierFactory.sol";

/// @title Test double: a verifier of any shape; a "proof" is the hash of the signals that it is for, so that tests pin D, alpha and y without proving.
contract VerifierDouble is IVerifier {
    uint256 public immutable kind;
    uint256 public immutable shards;
    uint256 public immutable slots;

    constructor(uint256 kind_, uint256 shards_, uint256 slots_) {
        (kind, shards, slots) = (kind_, shards_, slots_);
    }

    function verifierId() external view returns (bytes32) {
        return keccak256(abi.encode(kind, shards, slots));
    }

    function keyWords() external pure returns (uint256[22] memory words) {}

    function verifyMany(Claim[] calldata claims) external pure {
        if (claims.length == 0) revert NoClaims();
        for (uint256 i = 0; i < claims.length; ++i) {
            verify(claims[i].signals, claims[i].proof);
        }
    }

    function verify(uint256[3] calldata signals, uint256[8] calldata proof) public pure {
        if (proof[0] != uint256(keccak256(abi.encode(signals)))) revert ProofRejected();
    }
}

/// @title Test double: a factory that vouches for whatever it is told to.
contract FactoryDouble is IVerifierFactory {
    mapping(address verifier => bool) public isVerifier;
    mapping(bytes32 verifierId => address verifier) public verifierOf;

    function vouch(IVerifier verifier) external {
        isVerifier[address(verifier)] = true;
        verifierOf[verifier.verifierId()] = address(verifier);
    }

    function deploy(Key calldata) external pure returns (address) {
        return address(0);
    }
}
