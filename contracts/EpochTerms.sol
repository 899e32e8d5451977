// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochBook} from "./interfaces/IEpochBook.sol";
import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {IReputation} from "./interfaces/IReputation.sol";
import {IVerifierFactory} from "./interfaces/IVerifierFactory.sol";
import {EpochWords} from "./lib/EpochWords.sol";
import {MultiplierCall} from "./lib/MultiplierCall.sol";

/// @title What an epoch is announced with, checked and put into words.
/// @notice Each ledger makes one with itself: it is a part of the ledger that has no room in the ledger's own code (EIP-170). It holds nothing and trusts its caller in nothing.
contract EpochTerms {
    IPolicyRegistry public immutable registry;
    IVerifierFactory public immutable verifierFactory;
    /// @notice What the weights of a policy are multiplied by; zero for nothing.
    IReputation public immutable reputation;
    /// @notice Shards of every policy, S.
    uint256 public immutable shards;

    constructor(IPolicyRegistry registry_, IVerifierFactory factory, IReputation reputation_) {
        (registry, verifierFactory, reputation) = (registry_, factory, reputation_);
        shards = registry_.shards();
    }

    /// @notice The words of an epoch that is announced now, with the active policy, and the multipliers that are in them. Reverts as `announceEpoch` does.
    function wordsOf(
        uint64 epoch,
        IEpochBook.Announcement calldata announcement
    ) external view returns (uint256[] memory words, uint256[] memory multipliers) {
        multipliers = MultiplierCall.ask(reputation, epoch, shards);
        words = EpochWords.announced(announcement, registry, verifierFactory, multipliers);
    }
}
