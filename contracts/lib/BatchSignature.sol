// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title EIP-712 signatures over batches (protocol, section 9).
library BatchSignature {
    bytes32 internal constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 internal constant BATCH_TYPE = keccak256("Batch(uint64 epoch,uint64 index,bytes32 statementHash)");

    /// @notice Separator of the ledger's signing domain.
    function domainSeparator(address ledger) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256("Fairlead"), keccak256("1"), block.chainid, ledger));
    }

    /// @notice Account that signed the batch, or the zero address.
    /// @param vs s with the recovery bit on top (EIP-2098), so that s is below 2^255: of a signature and its twin only one fits.
    function signerOf(
        bytes32 separator,
        uint256 epoch,
        uint256 index,
        bytes32 statementHash,
        bytes32 r,
        bytes32 vs
    ) internal pure returns (address) {
        bytes32 batchType = BATCH_TYPE;
        bytes32 digest;
        assembly ("memory-safe") {
            let work := mload(0x40)
            mstore(work, batchType)
            mstore(add(work, 0x20), epoch)
            mstore(add(work, 0x40), index)
            mstore(add(work, 0x60), statementHash)
            let message := keccak256(work, 0x80)
            mstore(work, shl(240, 0x1901))
            mstore(add(work, 2), separator)
            mstore(add(work, 0x22), message)
            digest := keccak256(work, 0x42)
        }
        uint256 s = uint256(vs) & (type(uint256).max >> 1);
        return ecrecover(digest, uint8((uint256(vs) >> 255) + 27), r, bytes32(s));
    }
}
