// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerPenalty} from "../../../contracts/interfaces/ILedgerPenalty.sol";
import {ISeedSource} from "../../../contracts/interfaces/ISeedSource.sol";
import {Claim, IVerifier} from "../../../contracts/interfaces/IVerifier.sol";

/// @title Accepts only what it was told to hold: statement and proof, word for word.
contract RegisteredVerifier is IVerifier {
    uint256 public constant kind = 0;
    uint256 public immutable shards;
    uint256 public immutable slots;
    mapping(bytes32 claim => bool) public holds;

    constructor(uint256 shards_, uint256 slots_) {
        (shards, slots) = (shards_, slots_);
    }

    function register(Claim calldata claim) external {
        holds[keccak256(abi.encode(claim))] = true;
    }

    function verifierId() external view returns (bytes32) {
        return keccak256(abi.encode(kind, shards, slots));
    }

    function keyWords() external pure returns (uint256[22] memory words) {}

    function verify(uint256[3] calldata signals, uint256[8] calldata proof) external view {
        if (!holds[keccak256(abi.encode(Claim(signals, proof)))]) revert ProofRejected();
    }

    function verifyMany(Claim[] calldata claims) external view {
        if (claims.length == 0) revert NoClaims();
        for (uint256 i = 0; i < claims.length; ++i) {
            if (!holds[keccak256(abi.encode(claims[i]))]) revert ProofRejected();
        }
    }
}

/// @title Hashes for every past block, so that epochs open however far a run has rolled.
contract SeedDouble is ISeedSource {
    /// @dev Blocks before this one are out of reach.
    uint256 public reach;

    function forget() external {
        reach = block.number;
    }

    function hashOf(uint256 blockNumber) external view returns (bytes32) {
        if (blockNumber >= block.number) revert BlockNotYet(blockNumber);
        if (blockNumber < reach) revert BlockOutOfReach(blockNumber);
        return keccak256(abi.encode("block", blockNumber));
    }
}

/// @title Says whatever it was told to say of multipliers, in form or out of it.
contract ReputationDouble {
    enum Manner {
        Honest,
        Reverts,
        Burns,
        Short,
        Long,
        Bent
    }

    uint256[] private _multipliers;
    Manner public manner;

    function set(uint256[] calldata multipliers, Manner manner_) external {
        (_multipliers, manner) = (multipliers, manner_);
    }

    function multipliersFor(uint64) external view returns (uint256[] memory) {
        if (manner == Manner.Reverts) revert("no");
        while (manner == Manner.Burns) {}
        if (manner == Manner.Short) return new uint256[](0);
        if (manner == Manner.Long) return new uint256[](4096);
        if (manner == Manner.Bent) {
            assembly {
                // A list whose offset points elsewhere.
                mstore(0, 0x40)
                mstore(0x20, 2)
                mstore(0x40, 200)
                mstore(0x60, 200)
                return(0, 0x80)
            }
        }
        return _multipliers;
    }
}

/// @title Remembers what the ledger told it.
contract PenaltyDouble is ILedgerPenalty {
    struct Told {
        uint64 epoch;
        Reason reason;
        address reporter;
    }

    Told[] private _told;

    function penalize(uint64 epoch, Reason reason, address reporter) external {
        _told.push(Told(epoch, reason, reporter));
    }

    function count() external view returns (uint256) {
        return _told.length;
    }

    function last() external view returns (Told memory) {
        return _told[_told.length - 1];
    }
}
