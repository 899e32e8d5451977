// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {RoutingLedger} from "../../../contracts/RoutingLedger.sol";
import {PolicyRegistry} from "../../../contracts/PolicyRegistry.sol";
import {IEpochBook} from "../../../contracts/interfaces/IEpochBook.sol";
import {IPolicyRegistry} from "../../../contracts/interfaces/IPolicyRegistry.sol";
import {IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {Claim} from "../../../contracts/interfaces/IVerifier.sol";
import {FactoryDouble} from "../../../contracts/mocks/VerifierDouble.sol";
import {RecordPreimage} from "../../../contracts/types/Inclusion.sol";
import {FIELD_MODULUS} from "../../../contracts/types/Bn254.sol";
import {PlainHead} from "../PlainHead.sol";
import {PenaltyDouble, RegisteredVerifier, SeedDouble} from "./Doubles.sol";
import {Batch, PlainBatch} from "./PlainBatch.sol";
import {PlainWords} from "./PlainWords.sol";

/// @title Runs a ledger as its operator would, with the protocol's hashes written out plainly: nothing here comes from the contracts' libraries.
/// @dev Deployed from artifacts, as `new` would put all of their code into every test contract. Two shards; shard 1 reports.
contract HonestOperator is Test, PlainBatch, PlainWords {
    uint256 internal constant SLOTS = 9;
    uint256 internal constant SIGNER_KEY = 0xA11CE;
    uint256 internal constant REPORT_KEY = 0x5E87ED;
    uint256 internal constant FEE_WORD = 1 | (30_000 << 15);
    uint256 internal constant KEY_COMMIT = 12345;
    uint64 internal constant MIN_INTERVAL = 100_000;
    uint64 internal constant DEADLINE = 600;
    uint256 internal constant RESET_STATE = 222;

    RoutingLedger public ledger;
    PolicyRegistry public registry;
    RegisteredVerifier public verifier;
    SeedDouble public seedSource;
    PenaltyDouble public penalties;

    /// @dev What an honest operator remembers.
    PlainHead public head;
    bytes32[] public records;
    uint64[] public firstBatches;
    uint256[] public seeds;

    bool[] public abandoned;
    bool[] internal fromReset;
    bool public isFrozen;
    /// @dev Seed of the sealed batch that is built next; 0 for that of its epoch.
    uint256 internal sealedSeed;
    /// @dev What opens the record of the batch that was built last.
    RecordPreimage internal lastRecord;
    uint256[] internal lastV;

    constructor() {
        seedSource = new SeedDouble();
        penalties = new PenaltyDouble();
        registry = PolicyRegistry(deployCode("PolicyRegistry.sol", abi.encode(address(this), SHARDS, 0)));
        FactoryDouble factory = new FactoryDouble();
        verifier = new RegisteredVerifier(SHARDS, SLOTS);
        factory.vouch(verifier);
        RoutingLedger.Config memory config = RoutingLedger.Config(
            address(this),
            registry,
            seedSource,
            factory,
            111,
            RESET_STATE,
            DEADLINE,
            2,
            MIN_INTERVAL,
            2,
            address(this),
            penalties,
            IReputation(address(reputation))
        );
        ledger = RoutingLedger(deployCode("RoutingLedger.sol", abi.encode(config)));
        IPolicyRegistry.Policy memory policy = IPolicyRegistry.Policy(
            FEE_WORD,
            new uint256[](SHARDS),
            new address[](SHARDS),
            new address[](SHARDS)
        );
        for (uint256 j = 0; j < SHARDS; ++j) {
            uint256 thresholds = (8e6 << 40) | (7e6 << 80) | (4e6 << 120) | (6e6 << 160) | (2e6 << 200);
            policy.words[j] = 5 | (6 << 12) | ((100 + j) << 24) | thresholds | (j << 240);
            policy.reportSigners[j] = vm.addr(REPORT_KEY);
        }
        policyWords = policy.words;
        registry.propose(policy);
        registry.activate(1);
        (head.state, head.counters) = (111, new uint256[](1));
    }

    function accepted() public view returns (uint256) {
        return records.length;
    }

    /// @dev The epoch of an index: the last that begins at or before it. Numbers start from 1; 0 when there is none.
    function epochOf(uint64 index) public view returns (uint64 epoch) {
        for (uint256 i = 0; i < firstBatches.length; ++i) {
            if (firstBatches[i] <= index) epoch = uint64(i + 1);
        }
    }

    function isOpen(uint64 index) public view returns (bool) {
        uint64 epoch = epochOf(index);
        return epoch != 0 && seeds[epoch - 1] != 0 && !abandoned[epoch - 1] && !isFrozen;
    }

    function announcement(uint64 firstBatch) internal view returns (IEpochBook.Announcement memory a) {
        (, bytes32 policyHash, ) = registry.active();
        address[] memory verifiers = new address[](1);
        verifiers[0] = address(verifier);
        return
            IEpochBook.Announcement(firstBatch, KEY_COMMIT, vm.addr(SIGNER_KEY), policyHash, verifiers, false, false);
    }

    /// @dev The next batch on top of `before`, signed and with its claim registered, and the head behind it with its record.
    function build(
        PlainHead memory before,
        uint256 salt
    ) internal returns (Batch memory s, PlainHead memory next, bytes32 record) {
        uint64 epoch = epochOf(before.nextIndex);
        uint64 elapsed = uint64(bound(uint256(keccak256(abi.encode(salt, "elapsed"))), MIN_INTERVAL, 5e6));
        s.time = before.time + elapsed;
        if (before.time == 0) (s.time, elapsed) = (elapsed, elapsed);
        s.beneficiary = address(uint160(salt));
        s.stateAfter = uint256(keccak256(abi.encode(salt, "state"))) % FIELD_MODULUS;
        s.openMask = 3;
        s.digest = uint256(keccak256(abi.encode(salt, "digest"))) % FIELD_MODULUS;
        s.fees = new uint256[](1);
        s.fees[0] = 1 + (salt % 1000);
        uint64 applied = before.epoch == epoch ? uint64(before.counters[0] >> 64) : 0;
        uint64 servedWork = uint64(salt % 1e6);
        s.counters = new uint256[](1);
        s.counters[0] = uint256(applied + servedWork) << 64;
        s.commitments = new uint256[](salt % (SLOTS + 1));
        s.assignments = new uint256[](s.commitments.length == 0 ? 0 : 1);
        for (uint256 i = 0; i < s.commitments.length; ++i) {
            s.commitments[i] = uint256(keccak256(abi.encode(salt, i))) % FIELD_MODULUS;
            s.assignments[0] |= (s.commitments[i] % (SHARDS + 1)) << (8 * i);
        }
        uint256[] memory v = statement(before, epoch, s, elapsed, elapsed | (uint256(servedWork) << 40));
        bytes32 statementHash = keccak256(abi.encodePacked(v));
        bind(s, v);
        sign(s, epoch, before.nextIndex, statementHash);
        next = PlainHead(
            epoch,
            before.nextIndex + 1,
            s.stateAfter,
            s.time,
            before.orderCounter + uint64(s.commitments.length),
            s.counters
        );
        lastRecord = RecordPreimage(rootOf(s), statementHash, next.hashOf(), termsHash(s));
        lastV = v;
        record = keccak256(abi.encode(lastRecord));
    }

    function statement(
        PlainHead memory before,
        uint64 epoch,
        Batch memory s,
        uint256 elapsed,
        uint256 served
    ) private view returns (uint256[] memory v) {
        v = new uint256[](10 + 3 + SHARDS + SLOTS + 1);
        uint256 seed = sealedSeed != 0 ? sealedSeed : seeds[epoch - 1];
        (v[0], v[1], v[2], v[3], v[4]) = (KEY_COMMIT, seed, before.nextIndex, before.orderCounter, s.time);
        uint256 state = before.epoch != epoch && fromReset[epoch - 1] ? RESET_STATE : before.state;
        (v[5], v[6], v[7], v[8], v[9]) = (elapsed, state, s.stateAfter, s.commitments.length, FEE_WORD);
        (v[10], v[11], v[12], v[13], v[14]) = (
            s.fees[0],
            s.openMask,
            served,
            epochWords[epoch - 1][0],
            epochWords[epoch - 1][1]
        );
        for (uint256 i = 0; i < s.commitments.length; ++i) {
            v[15 + i] = s.commitments[i];
        }
        if (s.assignments.length > 0) v[15 + SLOTS] = s.assignments[0];
    }

    /// @dev Registers the claim that the ledger must come to by itself.
    function bind(Batch memory s, uint256[] memory v) private {
        bytes32 preimage = keccak256(
            abi.encodePacked(
                block.chainid,
                uint256(uint160(address(ledger))),
                uint256(uint160(s.beneficiary)),
                verifier.verifierId(),
                s.digest,
                v
            )
        );
        uint256 alpha = uint256(preimage) % FIELD_MODULUS;
        uint256 y = 0;
        for (uint256 k = 0; k < v.length; ++k) {
            y = addmod(mulmod(y, alpha, FIELD_MODULUS), v[k], FIELD_MODULUS);
        }
        s.proof[0] = uint256(keccak256(abi.encode(v))) >> 3;
        verifier.register(Claim([s.digest, alpha, y], s.proof));
    }

    function sign(Batch memory s, uint64 epoch, uint64 index, bytes32 statementHash) private view {
        bytes32 typeHash = keccak256("Batch(uint64 epoch,uint64 index,bytes32 statementHash)");
        (s.r, s.vs) = signed(SIGNER_KEY, keccak256(abi.encode(typeHash, epoch, index, statementHash)));
    }

    /// @dev EIP-712 in the ledger's domain; r and vs (EIP-2098).
    function signed(uint256 key, bytes32 message) internal view returns (bytes32 r, bytes32 vs) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Fairlead"),
                keccak256("1"),
                block.chainid,
                address(ledger)
            )
        );
        uint8 parity;
        (parity, r, vs) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", separator, message)));
        vs |= bytes32(uint256(parity - 27) << 255);
    }

    /// @dev Announces and opens an epoch at the next index, as the contract's own operator.
    function beginEpoch(bool sealedMode) internal {
        IEpochBook.Announcement memory a = announcement(head.nextIndex);
        a.sealedMode = sealedMode;
        uint64 epoch = ledger.announceEpoch(a);
        vm.roll(block.number + 5);
        ledger.openEpoch();
        noteWords();
        firstBatches.push(head.nextIndex);
        seeds.push(ledger.epochOf(epoch).seed);
        abandoned.push(false);
        fromReset.push(false);
    }

    function headHash() external view returns (bytes32) {
        return head.hashOf();
    }
}
