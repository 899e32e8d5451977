// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPolicyRegistry} from "./interfaces/IPolicyRegistry.sol";
import {Blob} from "./lib/Blob.sol";
import {Operated} from "./lib/Operated.sol";
import {PolicyRules} from "./lib/PolicyRules.sol";
import {RetuneBand} from "./lib/RetuneBand.sol";
import {Roles} from "./lib/Roles.sol";
import {PolicyWord} from "./types/PolicyWord.sol";

/// @title Policies under a timelock; see the interface.
contract PolicyRegistry is IPolicyRegistry, Operated, Roles {
    /// @inheritdoc IPolicyRegistry
    uint64 public constant window = 14 days;
    /// @inheritdoc IPolicyRegistry
    uint256 public immutable shards;
    /// @inheritdoc IPolicyRegistry
    uint64 public immutable delay;

    /// @inheritdoc IPolicyRegistry
    uint64 public constant retuneInterval = 10 minutes;

    /// @inheritdoc IPolicyRegistry
    uint256 public proposals;
    /// @inheritdoc IPolicyRegistry
    uint64 public lastRetune;

    /// @dev What storage holds of a proposal; its status follows from these, the clock and the active id.
    struct Queued {
        bytes32 policyHash;
        address data;
        uint64 eta;
        bool cancelled;
        bool activated;
    }

    uint256 private _active;
    /// @dev Hash of the policy in force.
    bytes32 private _inForce;
    mapping(uint256 id => Queued) private _queue;
    mapping(bytes32 policyHash => address data) private _data;

    /// @param operator_ Operator, and first holder of every role.
    /// @param shards_ Shards of every policy, 1 … 64.
    /// @param delay_ Seconds between proposal and activation.
    constructor(address operator_, uint256 shards_, uint64 delay_) Operated(operator_) Roles(operator_) {
        if (shards_ == 0 || shards_ > 64) revert ShardsOutOfRange(shards_);
        shards = shards_;
        delay = delay_;
    }

    /// @inheritdoc IPolicyRegistry
    function propose(Policy calldata policy_) external onlyRole(Role.Proposer) returns (uint256 id) {
        bytes32 policyHash = _publish(policy_);
        uint64 eta = uint64(block.timestamp) + delay;
        id = ++proposals;
        _queue[id] = Queued(policyHash, _data[policyHash], eta, false, false);
        emit PolicyProposed(id, policyHash, eta);
    }

    /// @inheritdoc IPolicyRegistry
    function activate(uint256 id) external {
        Status status = _statusOf(id);
        if (status != Status.Ripe) revert WrongStatus(id, status);
        bytes32 policyHash = _queue[id].policyHash;
        _queue[id].activated = true;
        _active = id;
        _inForce = policyHash;
        emit PolicyActivated(id, policyHash);
    }

    /// @inheritdoc IPolicyRegistry
    function cancel(uint256 id) external {
        if (msg.sender != holderOf[Role.Guardian] && msg.sender != holderOf[Role.Proposer]) {
            revert NotInRole(Role.Guardian, msg.sender);
        }
        Status status = _statusOf(id);
        if (status != Status.Waiting && status != Status.Ripe) revert WrongStatus(id, status);
        _queue[id].cancelled = true;
        emit PolicyCancelled(id);
    }

    /// @inheritdoc IPolicyRegistry
    function retune(uint256[] calldata words) external onlyOperator {
        uint256 id = _active;
        if (id == 0) revert PolicyUnknown();
        uint64 earliest = lastRetune == 0 ? 0 : lastRetune + retuneInterval;
        if (block.timestamp < earliest) revert RetuneTooEarly(earliest);
        Policy memory tuned = policy(_queue[id].policyHash);
        uint256[] memory base = tuned.words;
        uint256[] memory current = Blob.read(_data[_inForce], 1, shards);
        tuned.words = words;
        // Before the band, as the rules check the lengths.
        bytes32 policyHash = _publish(tuned);
        for (uint256 j = 0; j < shards; ++j) {
            RetuneBand.check(j, PolicyWord.wrap(base[j]), PolicyWord.wrap(current[j]), PolicyWord.wrap(words[j]));
        }
        lastRetune = uint64(block.timestamp);
        _inForce = policyHash;
        emit PolicyRetuned(id, policyHash);
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
        return (id, _inForce, _data[_inForce]);
    }

    /// @inheritdoc IPolicyRegistry
    function policy(bytes32 policyHash) public view returns (Policy memory) {
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

    /// @dev Checks a policy, and keeps it when it is new.
    function _publish(Policy memory policy_) private returns (bytes32 policyHash) {
        PolicyRules.check(policy_, shards);
        uint256[] memory words = _encode(policy_);
        policyHash = keccak256(abi.encodePacked(words));
        if (_data[policyHash] != address(0)) return policyHash;
        _data[policyHash] = Blob.write(words);
        emit PolicyPublished(policyHash, policy_.feeWord, policy_.words, policy_.settlements, policy_.reportSigners);
    }

    /// @dev The hash's preimage: fee word, policy words, settlement addresses, report signers.
    function _encode(Policy memory policy_) private view returns (uint256[] memory words) {
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
