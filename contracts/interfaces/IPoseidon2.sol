// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title circomlib's Poseidon of two field elements, as circomlibjs generates it (`poseidonContract.createCode(2)`).
/// @dev Inputs at or above the field's modulus are reduced: callers refuse them first.
interface IPoseidon2 {
    function poseidon(uint256[2] calldata inputs) external pure returns (uint256);
}
