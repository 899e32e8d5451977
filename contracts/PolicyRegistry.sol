// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {Blob} from "./lib/Blob.sol";
import {Operated} from "./lib/Operated.sol";
import {PolicyRules} from "./lib/PolicyRules.sol";

/// @title Policies under a timelock; see the interface.
contract PolicyRegistry is IPolicyRegistry, Operated {
    /// @inheritdoc IPolicyRegistry
    uint64 public constant window = 14 days;
    /// @inheritdoc IPolicyRegistry
    uint256 public immutable shards;
    /// @inheritdoc IPolicyRegistry
    uint64 public immutable delay;

    /// @inheritdoc IPolicyRegistry
    uint256 public proposals;

    /// @dev What storage holds of a proposal; its status follows from these, the clock and the active id.
    struct Queued {
        bytes32 policyHash;
        address data;
        uint64 eta;
        bool cancelled;
        bool activated;
    }

    uint256 private _active;
    mapping(uint256 id => Queued) private _queue;
    mapping(bytes32 policyHash => address data) private _data;

    /// @param shards_ Shards of every policy, 1 … 64.
    /// @param delay_ Seconds between proposal and activation.
    constructor(address operator_, uint256 shards_, uint64 delay_) Operated(operator_) {
        if (shards_ == 0 || shards_ > 64) revert ShardsOutOfRange(shards_);
        shards = shards_;
        delay = delay_;
    }

    /// @inheritdoc IPolicyRegistry
    function propose(Policy calldata policy_) external onlyOperator returns (uint256 id) {
        PolicyRules.check(policy_, shards);
        uint256[] memory words = _encode(policy_);
        bytes32 policyHash = keccak256(abi.encodePacked(words));
        uint64 eta = uint64(block.timestamp) + delay;
        address data = _data[policyHash];
        if (data == address(0)) {
            data = Blob.write(words);
            _data[policyHash] = data;
        }
        id = ++proposals;
        _queue[id] = Queued(policyHash, data, eta, false, false);
        emit PolicyProposed(id, policyHash, eta);
    }

    /// @inheritdoc IPolicyRegistry
    function activate(uint256 id) external {
        Status status = _statusOf(id);
        if (status != Status.Ripe) revert WrongStatus(id, status);
        _queue[id].activated = true;
        _active = id;
        emit PolicyActivated(id, _queue[id].policyHash);
    }

    /// @inheritdoc IPolicyRegistry
    function cancel(uint256 id) external onlyOperator {
        Status status = _statusOf(id);
        if (status != Status.Waiting && status != Status.Ripe) revert WrongStatus(id, status);
        _queue[id].cancelled = true;
        emit PolicyCancelled(id);
    }

    /// @inheritdoc IPolicyRegistry
    function proposal(uint256 id) external view returns (Proposal memory) {
        Queued memory queued = _queue[id];
        return Proposal(queued.policyHash, queued.data, queued.eta, _statusOf(id));
    }

    /// @inheritdoc IPolicyRegistry
    function active() external view returns (uint256 id, bytes32 policyHash, address data) {
        id = _active;
        if (id == 0) revert PolicyUnknown();
        return (id, _queue[id].policyHash, _queue[id].data);
    }

    /// @inheritdoc IPolicyRegistry
    function policy(bytes32 policyHash) external view returns (Policy memory) {
        address data = _data[policyHash];
        if (data == address(0)) revert PolicyUnknown();
        uint256[] memory accounts = Blob.read(data, 1 + shards, 2 * shards);
        address[] memory settlements = new address[](shards);
        address[] memory reportSigners = new address[](shards);
        for (uint256 j = 0; j < shards; ++j) {
            settlements[j] = address(uint160(accounts[j]));
            reportSigners[j] = address(uint160(accounts[shards + j]));
        }
        return Policy(Blob.read(data, 0, 1)[0], Blob.read(data, 1, shards), settlements, reportSigners);
    }

    /// @dev The hash's preimage: fee word, policy words, settlement addresses, report signers.
    function _encode(Policy calldata policy_) private view returns (uint256[] memory words) {
        words = new uint256[](1 + 3 * shards);
        words[0] = policy_.feeWord;
        for (uint256 j = 0; j < shards; ++j) {
            words[1 + j] = policy_.words[j];
            words[1 + shards + j] = uint160(policy_.settlements[j]);
            words[1 + 2 * shards + j] = uint160(policy_.reportSigners[j]);
        }
    }

    function _statusOf(uint256 id) private view returns (Status) {
        Queued memory queued = _queue[id];
        if (queued.data == address(0)) return Status.Unknown;
        if (queued.cancelled) return Status.Cancelled;
        if (queued.activated) return id == _active ? Status.Active : Status.Replaced;
        if (id < _active) return Status.Superseded;
        if (block.timestamp < queued.eta) return Status.Waiting;
        return block.timestamp < uint256(queued.eta) + window ? Status.Ripe : Status.Expired;
    }
}
