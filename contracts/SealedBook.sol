// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochBook} from "./EpochBook.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {ISealedBook} from "./interfaces/ISealedBook.sol";
import {Blob} from "./lib/Blob.sol";
import {EpochWords} from "./lib/EpochWords.sol";
import {ReceiptSignature} from "./lib/ReceiptSignature.sol";
import {FIELD_MODULUS} from "./types/Bn254.sol";

/// @title Seals of batches; see the interface.
abstract contract SealedBook is ISealedBook, EpochBook {
    struct Seal {
        bytes32 hash;
        uint64 seedBlock;
        uint64 sealedAt;
    }

    mapping(uint256 epoch => mapping(uint256 index => Seal)) private _seals;

    /// @inheritdoc ISealedBook
    function sealBatch(uint64 index, bytes32 sealHash, bytes32 r, bytes32 vs) external {
        (uint256 number, address data, ) = _epochFor(index);
        uint64 epoch = uint64(number);
        uint256[] memory words = Blob.read(data, EpochWords.SIGNER, 1);
        if (words[0] & EpochWords.SEALED == 0) revert NotSealedMode(epoch);
        Seal storage found = _seals[epoch][index];
        if (found.hash != 0) revert SealedAlready(index);
        if (index != _firstOf(epoch) && _seals[epoch][index - 1].hash == 0) revert SealOutOfOrder(index);
        address signer = ReceiptSignature.signerOfSeal(domainSeparator(), epoch, index, sealHash, r, vs);
        if (signer != EpochWords.signer(words)) revert SealSignatureInvalid();
        uint64 seedBlock = _nextSeedBlock();
        (found.hash, found.seedBlock, found.sealedAt) = (sealHash, seedBlock, uint64(block.timestamp));
        emit BatchSealed(epoch, index, sealHash, seedBlock);
    }

    /// @inheritdoc ILedgerReader
    function sealOf(
        uint64 epoch,
        uint64 index
    ) external view returns (bytes32 sealHash, uint64 seedBlock, uint64 sealedAt) {
        Seal storage found = _seals[epoch][index];
        return (found.hash, found.seedBlock, found.sealedAt);
    }

    /// @inheritdoc ILedgerReader
    function domainSeparator() public view virtual returns (bytes32);

    /// @dev The seed of a batch that is what was sealed.
    function _openSeal(uint256 epoch, uint256 index, bytes32 sealHash) internal returns (uint256 seed) {
        Seal storage found = _seals[epoch][index];
        if (found.hash != sealHash) revert SealMismatch(found.hash, sealHash);
        bytes32 blockHash = seedSource.hashOf(found.seedBlock);
        seed = uint256(keccak256(abi.encode(block.chainid, this, epoch, index, blockHash))) % FIELD_MODULUS;
        emit SealOpened(uint64(epoch), uint64(index), seed, blockHash);
    }

    /// @dev When the index was sealed, in seconds since the Unix epoch: 0 for not, or where no epoch is open.
    function _sealedAt(uint64 index) internal view returns (uint64) {
        return _seals[_openEpochOf(index)][index].sealedAt;
    }
}
