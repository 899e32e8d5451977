// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IPoseidon2} from "../interfaces/IPoseidon2.sol";
import {FIELD_MODULUS} from "../types/Bn254.sol";
import {Opening, OrderDetails} from "../types/Evidence.sol";

/// @title From an opened order to its commitment (protocol, section 1).
library OrderOpening {
    bytes32 internal constant DETAILS_TYPE = keccak256(
        "OrderDetails(address account,bytes32 market,uint256 price,uint64 expiry,uint64 nonce,uint8 timeInForce,uint256 maxFee,bytes32 salt)"
    );

    /// @notice Thrown for a size of 0, a side or segment other than 0 and 1, or details at or above the scalar field's modulus.
    error OpeningInvalid();

    /// @notice Thrown at construction when the contract at the address is not circomlib's Poseidon.
    error NotPoseidon(IPoseidon2 poseidon);

    /// @notice c = Poseidon(size + 2^32·side + 2^33·segment, details).
    function commitmentOf(Opening memory opening, IPoseidon2 poseidon) internal pure returns (uint256) {
        if (opening.size == 0 || opening.side > 1 || opening.segment > 1 || opening.details >= FIELD_MODULUS) {
            revert OpeningInvalid();
        }
        uint256 word = uint256(opening.size) | (uint256(opening.side) << 32) | (uint256(opening.segment) << 33);
        return poseidon.poseidon([word, opening.details]);
    }

    /// @notice The field element that enters an order's commitment: its EIP-712 digest mod p (protocol, sections 1 and 9).
    /// @param separator The ledger's.
    function fieldOf(OrderDetails memory details, bytes32 separator) internal pure returns (uint256) {
        bytes32 message = keccak256(abi.encode(DETAILS_TYPE, details));
        return uint256(keccak256(abi.encodePacked(hex"1901", separator, message))) % FIELD_MODULUS;
    }

    /// @notice Requires circomlib's own test vector, so that no other contract can be wired in by mistake.
    function requirePoseidon(IPoseidon2 poseidon) internal pure {
        uint256 expected = 7853200120776062878684798364095072458815029376092732009249414926327459813530;
        if (poseidon.poseidon([uint256(1), 2]) != expected) revert NotPoseidon(poseidon);
    }
}
