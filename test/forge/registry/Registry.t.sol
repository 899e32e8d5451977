// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {PolicyRegistry} from "../../../contracts/PolicyRegistry.sol";
import {IPolicyRegistry} from "../../../contracts/interfaces/IPolicyRegistry.sol";
import {Roles} from "../../../contracts/lib/Roles.sol";
import {RegistryHandler} from "./RegistryHandler.sol";

/// @title A registry rebuilt from its events alone is the registry.
contract RegistryInvariants is Test {
    RegistryHandler private handler;
    PolicyRegistry private registry;

    function setUp() public {
        vm.warp(1_700_000_000);
        handler = new RegistryHandler();
        registry = handler.registry();
        targetContract(address(handler));
    }

    function invariant_queueIsWhatEventsTell() public view {
        uint256 count = handler.entriesLength();
        assertEq(registry.proposals(), count);
        for (uint256 id = 1; id <= count; ++id) {
            (bytes32 policyHash, uint64 eta, , ) = handler.entries(id - 1);
            IPolicyRegistry.Proposal memory proposal = registry.proposal(id);
            assertEq(proposal.policyHash, policyHash);
            assertEq(proposal.eta, eta);
            assertEq(uint256(proposal.status), uint256(_statusOf(id)));
        }
        assertEq(uint256(registry.proposal(count + 1).status), uint256(IPolicyRegistry.Status.Unknown));
    }

    function invariant_policyInForceIsWhatEventsTell() public view {
        assertEq(registry.lastRetune(), handler.retunedAt());
        if (handler.active() == 0) return;
        (uint256 id, bytes32 policyHash, ) = registry.active();
        assertEq(id, handler.active());
        assertEq(policyHash, handler.inForce());
    }

    function invariant_policiesAreWhatEventsTell() public view {
        for (uint256 i = 0; i < handler.publishedLength(); ++i) {
            bytes32 policyHash = handler.published(i);
            IPolicyRegistry.Policy memory p = registry.policy(policyHash);
            bytes memory told = abi.encode(p.feeWord, p.words, p.settlements, p.reportSigners);
            assertEq(keccak256(told), handler.contentOf(policyHash));
            assertEq(keccak256(abi.encodePacked(p.feeWord, p.words, p.settlements, p.reportSigners)), policyHash);
        }
    }

    function invariant_rolesAreWhatEventsTell() public view {
        assertEq(registry.operator(), handler.operator());
        assertEq(registry.holderOf(Roles.Role.Proposer), handler.holder(0));
        assertEq(registry.holderOf(Roles.Role.Guardian), handler.holder(1));
    }

    /// @dev A quarter of the timelocked weight, however many steps were taken.
    function invariant_weightsStayInTheBandAroundTheTimelock() public view {
        if (handler.active() == 0) return;
        (bytes32 baseHash, , , ) = handler.entries(handler.active() - 1);
        uint256[] memory base = registry.policy(baseHash).words;
        uint256[] memory current = registry.policy(handler.inForce()).words;
        for (uint256 j = 0; j < base.length; ++j) {
            assertEq(base[j] >> 24, current[j] >> 24);
            for (uint256 shift = 0; shift <= 12; shift += 12) {
                uint256 fixed_ = (base[j] >> shift) & 0xfff;
                uint256 now_ = (current[j] >> shift) & 0xfff;
                assertLe(now_ > fixed_ ? now_ - fixed_ : fixed_ - now_, fixed_ / 4);
            }
        }
    }

    function _statusOf(uint256 id) private view returns (IPolicyRegistry.Status) {
        (, uint64 eta, bool cancelled, bool activated) = handler.entries(id - 1);
        if (cancelled) return IPolicyRegistry.Status.Cancelled;
        uint256 active = handler.active();
        if (activated) return id == active ? IPolicyRegistry.Status.Active : IPolicyRegistry.Status.Replaced;
        if (id < active) return IPolicyRegistry.Status.Superseded;
        if (block.timestamp < eta) return IPolicyRegistry.Status.Waiting;
        return block.timestamp < eta + 14 days ? IPolicyRegistry.Status.Ripe : IPolicyRegistry.Status.Expired;
    }
}
