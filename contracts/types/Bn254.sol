// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev Order of BN254's groups, the circuits' field: p in the protocol. Source: EIP-196.
uint256 constant FIELD_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

/// @dev Modulus of BN254's base field, where point coordinates live. Source: EIP-196.
uint256 constant BASE_MODULUS = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
