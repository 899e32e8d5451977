// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IPolicyRegistry} from "../interfaces/IPolicyRegistry.sol";
import {FeeWord, PolicyWord} from "../types/PolicyWord.sol";

/// @title Every rule that a policy must keep (protocol, section 3).
library PolicyRules {
    /// @dev Kinds known: 0 two-choice, 1 round-robin.
    uint256 internal constant KINDS = 2;

    /// @dev With every threshold below 2^36 and work below 2^48 the circuit's comparisons cannot wrap.
    uint256 internal constant LIMIT_BOUND = 1 << 36;

    /// @notice Reverts with `PolicyInvalid`, naming the first broken rule.
    function check(IPolicyRegistry.Policy memory policy, uint256 shards) internal pure {
        _require(
            policy.words.length == shards &&
                policy.settlements.length == shards &&
                policy.reportSigners.length == shards,
            IPolicyRegistry.Rule.Lengths,
            0
        );
        _checkFees(FeeWord.wrap(policy.feeWord));
        uint256[2] memory sums;
        for (uint256 j = 0; j < shards; ++j) {
            PolicyWord word = PolicyWord.wrap(policy.words[j]);
            _checkShard(word, j);
            _require(!word.reporting() || policy.reportSigners[j] != address(0), IPolicyRegistry.Rule.ReportSigner, j);
            sums[0] += word.weight(0);
            sums[1] += word.weight(1);
        }
        _require(sums[0] > 0 && sums[1] > 0, IPolicyRegistry.Rule.WeightSum, 0);
        for (uint256 j = 0; j < shards; ++j) {
            for (uint256 segment = 0; segment < 2; ++segment) {
                uint256 weight = PolicyWord.wrap(policy.words[j]).weight(segment);
                _require(weight == 0 || weight * 1024 >= sums[segment], IPolicyRegistry.Rule.WeightShare, j);
            }
        }
    }

    function _checkFees(FeeWord word) private pure {
        _require(!word.feeHasStrayBits(), IPolicyRegistry.Rule.StrayBits, 0);
        _require(word.kind() < KINDS, IPolicyRegistry.Rule.Kind, 0);
        _require(word.feeMin() >= 1 && word.feeMin() <= word.feeMax(), IPolicyRegistry.Rule.Fees, 0);
    }

    function _checkShard(PolicyWord word, uint256 shard) private pure {
        _require(!word.hasStrayBits(), IPolicyRegistry.Rule.StrayBits, shard);
        _require(word.tau() > 0, IPolicyRegistry.Rule.Tau, shard);
        _require(
            word.reset() > 0 &&
                word.reset() <= word.trip() &&
                word.trip() <= word.limit() &&
                word.limit() < LIMIT_BOUND,
            IPolicyRegistry.Rule.Thresholds,
            shard
        );
        _require(word.skew() >= 8, IPolicyRegistry.Rule.Skew, shard);
    }

    function _require(bool ok, IPolicyRegistry.Rule rule, uint256 shard) private pure {
        if (!ok) revert IPolicyRegistry.PolicyInvalid(rule, shard);
    }
}
