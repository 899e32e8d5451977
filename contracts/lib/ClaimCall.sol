// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IVerifier} from "../interfaces/IVerifier.sol";

/// @title The call of a verifier, put together in memory while batches are accepted, one claim behind the other.
/// @dev The verifier is one that the ledger's factory deployed, so there is code. Calldata of `verify` is eleven words behind the selector: a claim. That of `verifyMany` is an offset, the number of claims, and the claims.
library ClaimCall {
    /// @dev Memory in front of the claims: selector (at the end of its word), offset, number.
    uint256 private constant LEAD = 0x60;
    uint256 private constant CLAIM = 11 * 32;
    uint256 private constant PROOF = 8 * 32;

    /// @notice Takes memory for that many claims. @return claims Address of the first.
    function allocate(uint256 count) internal pure returns (uint256 claims) {
        assembly ("memory-safe") {
            claims := add(mload(0x40), LEAD)
            mstore(0x40, add(claims, mul(count, CLAIM)))
        }
    }

    /// @notice Writes a claim. @return next Address of the one that follows.
    function put(
        uint256 claim,
        uint256 digest,
        uint256 alpha,
        uint256 y,
        uint256[8] calldata proof
    ) internal pure returns (uint256 next) {
        assembly ("memory-safe") {
            mstore(claim, digest)
            mstore(add(claim, 0x20), alpha)
            mstore(add(claim, 0x40), y)
            calldatacopy(add(claim, 0x60), proof, PROOF)
            next := add(claim, CLAIM)
        }
    }

    /// @notice Returns if the one claim holds; passes the verifier's refusal on otherwise.
    function verify(IVerifier verifier, uint256 claims) internal view {
        uint32 selector = uint32(IVerifier.verify.selector);
        bool holds;
        assembly ("memory-safe") {
            let from := sub(claims, 0x20)
            mstore(from, selector)
            holds := staticcall(gas(), verifier, add(from, 0x1c), add(CLAIM, 4), 0, 0)
        }
        if (!holds) _passOn();
    }

    /// @notice Returns if all claims hold; passes the verifier's refusal on otherwise.
    function verifyMany(IVerifier verifier, uint256 claims, uint256 count) internal view {
        uint32 selector = uint32(IVerifier.verifyMany.selector);
        bool holds;
        assembly ("memory-safe") {
            let from := sub(claims, LEAD)
            mstore(from, selector)
            mstore(add(from, 0x20), 0x20)
            mstore(add(from, 0x40), count)
            holds := staticcall(gas(), verifier, add(from, 0x1c), add(mul(count, CLAIM), 0x44), 0, 0)
        }
        if (!holds) _passOn();
    }

    function _passOn() private pure {
        assembly ("memory-safe") {
            let refusal := mload(0x40)
            returndatacopy(refusal, 0, returndatasize())
            revert(refusal, returndatasize())
        }
    }
}
