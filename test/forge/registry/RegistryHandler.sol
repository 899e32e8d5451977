// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test, Vm} from "forge-std/Test.sol";
import {PolicyRegistry} from "../../../contracts/PolicyRegistry.sol";
import {IPolicyRegistry} from "../../../contracts/interfaces/IPolicyRegistry.sol";
import {Operated} from "../../../contracts/lib/Operated.sol";
import {Roles} from "../../../contracts/lib/Roles.sol";

/// @title Calls a registry as anybody may, and keeps the books of an indexer that reads nothing but events.
contract RegistryHandler is Test {
    uint256 internal constant SHARDS = 3;
    uint64 internal constant DELAY = 1 days;

    /// @dev A proposal as events tell it.
    struct Entry {
        bytes32 policyHash;
        uint64 eta;
        bool cancelled;
        bool activated;
    }

    PolicyRegistry public registry;
    address[4] internal actors = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];

    Entry[] public entries;
    uint256 public active;
    bytes32 public inForce;
    uint64 public retunedAt;
    address public operator;
    mapping(uint8 role => address) public holder;
    mapping(bytes32 policyHash => bytes32) public contentOf;
    bytes32[] public published;
    /// @dev Reached by the run; the invariants' author wants to see them grow.
    uint256 public retunes;

    constructor() {
        vm.recordLogs();
        registry = PolicyRegistry(deployCode("PolicyRegistry.sol", abi.encode(actors[0], SHARDS, DELAY)));
        _index();
    }

    modifier as_(uint256 seed) {
        vm.recordLogs();
        vm.startPrank(actors[seed % 4]);
        _;
        vm.stopPrank();
        _index();
    }

    function wait(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 3 days));
    }

    function propose(uint256 actor, uint256 salt) external as_(actor) {
        try registry.propose(_policy(salt)) {} catch {}
    }

    function activate(uint256 actor, uint256 id) external as_(actor) {
        try registry.activate(bound(id, 0, entries.length + 1)) {} catch {}
    }

    function cancel(uint256 actor, uint256 id) external as_(actor) {
        try registry.cancel(bound(id, 0, entries.length + 1)) {} catch {}
    }

    function retune(uint256 actor, uint256 salt, bool wild) external {
        if (active == 0) return;
        uint256[] memory words = registry.policy(inForce).words;
        for (uint256 j = 0; j < SHARDS; ++j) {
            uint256 dice = uint256(keccak256(abi.encode(salt, j)));
            uint256 by = wild ? dice % 400 : dice % 20;
            uint256 weight = words[j] & 0xfff;
            weight = dice & (1 << 100) == 0 ? weight + by : weight - (by < weight ? by : weight);
            words[j] = (words[j] & ~uint256(0xfff)) | (weight & 0xfff);
        }
        _retune(actor, words);
    }

    function handOver(uint256 actor, uint8 what, uint256 to) external as_(actor) {
        address nominee = actors[to % 4];
        what %= 3;
        if (what == 2) try registry.nominateOperator(nominee) {} catch {}
        else try registry.nominate(Roles.Role(what), nominee) {} catch {}
    }

    function takeOver(uint256 actor, uint8 what) external as_(actor) {
        what %= 3;
        if (what == 2) try registry.acceptOperator() {} catch {}
        else try registry.accept(Roles.Role(what)) {} catch {}
    }

    function entriesLength() external view returns (uint256) {
        return entries.length;
    }

    function publishedLength() external view returns (uint256) {
        return published.length;
    }

    function _retune(uint256 actor, uint256[] memory words) private as_(actor) {
        try registry.retune(words) {
            ++retunes;
        } catch {
            // forge keeps the logs of calls that were undone; a chain does not.
            vm.getRecordedLogs();
        }
    }

    function _policy(uint256 salt) private view returns (IPolicyRegistry.Policy memory policy) {
        policy = IPolicyRegistry.Policy(
            1 | (30_000 << 15),
            new uint256[](SHARDS),
            new address[](SHARDS),
            new address[](SHARDS)
        );
        for (uint256 j = 0; j < SHARDS; ++j) {
            uint256 thresholds = (8e6 << 40) | (7e6 << 80) | (4e6 << 120) | (6e6 << 160) | (2e6 << 200);
            uint256 weights = (200 + (salt % 100)) | ((300 + j) << 12);
            // Tau 0 now and then: a policy that the rules refuse.
            policy.words[j] = weights | ((salt % 5) << 24) | thresholds;
            policy.settlements[j] = actors[j];
        }
    }

    function _index() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32[] memory t = logs[i].topics;
            if (t[0] == IPolicyRegistry.PolicyPublished.selector) {
                contentOf[t[1]] = keccak256(logs[i].data);
                published.push(t[1]);
            } else if (t[0] == IPolicyRegistry.PolicyProposed.selector) {
                require(uint256(t[1]) == entries.length + 1, "ids count up");
                entries.push(Entry(t[2], abi.decode(logs[i].data, (uint64)), false, false));
            } else if (t[0] == IPolicyRegistry.PolicyActivated.selector) {
                (active, inForce) = (uint256(t[1]), t[2]);
                entries[active - 1].activated = true;
                require(block.timestamp >= entries[active - 1].eta, "no sooner than eta");
            } else if (t[0] == IPolicyRegistry.PolicyCancelled.selector) {
                entries[uint256(t[1]) - 1].cancelled = true;
            } else if (t[0] == IPolicyRegistry.PolicyRetuned.selector) {
                (inForce, retunedAt) = (t[2], uint64(block.timestamp));
            } else if (t[0] == Operated.OperatorChanged.selector) {
                operator = address(uint160(uint256(t[1])));
            } else if (t[0] == Roles.RoleChanged.selector) {
                holder[uint8(uint256(t[1]))] = address(uint160(uint256(t[2])));
            }
        }
    }
}
