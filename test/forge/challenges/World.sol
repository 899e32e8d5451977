// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {Bond} from "../../../contracts/Bond.sol";
import {ForcedInbox} from "../../../contracts/ForcedInbox.sol";
import {PolicyRegistry} from "../../../contracts/PolicyRegistry.sol";
import {ReceiptChallenges} from "../../../contracts/ReceiptChallenges.sol";
import {Redemption} from "../../../contracts/Redemption.sol";
import {ReportChallenges} from "../../../contracts/ReportChallenges.sol";
import {SegmentRegistry} from "../../../contracts/SegmentRegistry.sol";
import {IPolicyRegistry} from "../../../contracts/interfaces/IPolicyRegistry.sol";
import {IPoseidon2} from "../../../contracts/interfaces/IPoseidon2.sol";
import {Operated} from "../../../contracts/lib/Operated.sol";
import {OpenedBatch, Signature} from "../../../contracts/types/Evidence.sol";
import {FAULTS} from "../../../contracts/types/Fault.sol";
import {Inclusion, RecordPreimage, Terms} from "../../../contracts/types/Inclusion.sol";
import {Receipt as OrderReceipt, Served} from "../../../contracts/types/Receipt.sol";
import {PlainHead} from "../PlainHead.sol";
import {PlainTree} from "../PlainTree.sol";
import {LedgerDouble} from "./LedgerDouble.sol";

/// @title An operator's bond with everything that can slash it, over a ledger that accepts what it is told to. This contract is the operator.
/// @dev Deployed from artifacts, as `new` would put all of their code into every test contract. Two shards; shard 1 reports. Hashes are written out plainly: none comes from the contracts' libraries.
abstract contract World is Test {
    /// @dev feeMin 10.
    uint256 internal constant FEE_WORD = 10 | (30_000 << 15);
    uint256 internal constant SIGNER_KEY = 0xA11CE;
    uint256 internal constant SHARD_KEY = 0x5A5A;
    uint256 internal constant AMOUNT = 1 ether;
    uint256 internal constant STAKE = 100 ether;
    uint256 internal constant CHALLENGE_BOND = 0.05 ether;
    uint256 internal constant FEE = 0.01 ether;
    uint64 internal constant ANSWER_TIME = 300;
    uint64 internal constant ANSWER_BLOCKS = 20;
    uint64 internal constant INBOX_DEADLINE = 120;
    uint64 internal constant GROUP = 2;
    uint64 internal constant CLAIM_WINDOW = 1 days;

    LedgerDouble public ledger;
    PolicyRegistry public registry;
    IPoseidon2 public poseidon;
    SegmentRegistry public segments;
    Bond public bond;
    ReceiptChallenges public receipts;
    ReportChallenges public reports;
    ForcedInbox public inbox;
    Redemption public redemption;

    /// @dev The ledger's, kept so that signing calls no contract.
    bytes32 internal separator;

    /// @dev What the accepted batches hold.
    struct Kept {
        RecordPreimage record;
        PlainHead head;
        uint256[] commitments;
        uint8[] assignments;
    }
    Kept[] internal kept;
    uint256[2] internal fees = [uint256(30), 40];

    constructor() {
        vm.warp(1_700_000_000);
        registry = PolicyRegistry(deployCode("PolicyRegistry.sol", abi.encode(address(this), 2, 0)));
        IPolicyRegistry.Policy memory policy = _policy();
        registry.propose(policy);
        registry.activate(1);
        (, bytes32 policyHash, ) = registry.active();
        ledger = LedgerDouble(deployCode("LedgerDouble.sol", abi.encode(vm.addr(SIGNER_KEY), policyHash, FEE_WORD)));
        separator = ledger.domainSeparator();
        poseidon = IPoseidon2(_poseidon());
        segments = SegmentRegistry(deployCode("SegmentRegistry.sol", abi.encode(ledger, registry, 1 days)));
        uint64 nonce = vm.getNonce(address(this));
        address[] memory slashers = new address[](3);
        for (uint64 i = 0; i < 3; ++i) {
            slashers[i] = vm.computeCreateAddress(address(this), nonce + 1 + i);
        }
        address pot = vm.computeCreateAddress(address(this), nonce + 4);
        uint256[] memory amounts = new uint256[](FAULTS);
        for (uint256 i = 0; i < FAULTS; ++i) {
            amounts[i] = AMOUNT;
        }
        bond = Bond(
            deployCode(
                "Bond.sol:Bond",
                abi.encode(Bond.Config(Operated(address(ledger)), slashers, pot, 7 days, 10 ether, amounts))
            )
        );
        receipts = ReceiptChallenges(
            deployCode("ReceiptChallenges.sol", abi.encode(ledger, bond, ANSWER_TIME, ANSWER_BLOCKS))
        );
        reports = ReportChallenges(
            deployCode(
                "ReportChallenges.sol",
                abi.encode(ledger, bond, registry, CHALLENGE_BOND, ANSWER_TIME, ANSWER_BLOCKS)
            )
        );
        inbox = ForcedInbox(
            deployCode("ForcedInbox.sol", abi.encode(ledger, bond, poseidon, segments, FEE, INBOX_DEADLINE, GROUP))
        );
        redemption = Redemption(
            payable(deployCode("Redemption.sol", abi.encode(ledger, bond, poseidon, 0.5 ether, 3 ether, CLAIM_WINDOW)))
        );
        ledger.wire(address(inbox), bond);
        vm.deal(address(this), STAKE);
        bond.deposit{value: STAKE}();
        ledger.begin();
    }

    receive() external payable {}

    /// @dev The clock in µs, as receipts and batches have it.
    function nowUs() public view returns (uint64) {
        return uint64(vm.getBlockTimestamp() * 1e6);
    }

    function accept(uint256[] memory commitments, uint8[] memory assignments) internal returns (uint64) {
        return accept(ledger.latestEpoch(), commitments, assignments, nowUs(), 0);
    }

    function accept(
        uint64 epoch,
        uint256[] memory commitments,
        uint8[] memory assignments,
        uint64 time,
        uint64 counter
    ) internal returns (uint64 index) {
        index = ledger.nextIndex();
        uint64 orders = index == 0 ? 0 : kept[index - 1].head.orderCounter;
        Kept storage batch = kept.push();
        uint256[] memory counters = new uint256[](1);
        counters[0] = uint256(counter) << 64;
        orders += uint64(commitments.length);
        batch.head = PlainHead(epoch, index + 1, uint256(keccak256(abi.encode(index))), time, orders, counters);
        batch.commitments = commitments;
        batch.assignments = assignments;
        bytes32 terms = _termsHash(termsOf(index));
        batch.record = RecordPreimage(
            PlainTree.rootOf(commitments, assignments),
            keccak256("V"),
            batch.head.hashOf(),
            terms
        );
        ledger.accept(batch.record);
    }

    /// @dev Fees in force of both shards, all open, for a prover.
    function termsOf(uint64 index) internal view returns (Terms memory) {
        Kept storage batch = kept[index];
        uint256[] memory packed = new uint256[](1);
        packed[0] = fees[0] | (fees[1] << 15);
        return Terms(packed, 3, batch.head.time, uint32(batch.commitments.length), address(0xBE));
    }

    /// @dev What makes a batch count: sighted, and the chain goes on.
    function finalize(uint64 index) internal {
        receipts.sight(index);
        reports.sight(index);
        vm.roll(vm.getBlockNumber() + 2);
    }

    function opened(uint64 index) internal view returns (OpenedBatch memory) {
        return OpenedBatch(kept[index].record, kept[index].head.packed());
    }

    function inclusionOf(uint64 index, uint16 slot) internal view returns (Inclusion memory inclusion) {
        Kept storage batch = kept[index];
        uint256 first = slot - (slot % 4);
        (inclusion.index, inclusion.slot, inclusion.record) = (index, slot, batch.record);
        for (uint256 i = 0; i < 4; ++i) {
            if (first + i >= batch.commitments.length) continue;
            inclusion.commitments[i] = batch.commitments[first + i];
            inclusion.assignments[i] = batch.assignments[first + i];
        }
        inclusion.path = PlainTree.pathOf(batch.commitments, batch.assignments, slot);
    }

    /// @dev What the router signs for a slot of a batch that it is going to send as it says.
    function receiptFor(uint64 index, uint16 slot) internal view returns (OrderReceipt memory) {
        Kept storage batch = kept[index];
        return
            OrderReceipt(
                batch.head.epoch,
                index,
                slot,
                batch.commitments[slot],
                batch.assignments[slot],
                batch.head.time + slot
            );
    }

    function signed(OrderReceipt memory r) internal view returns (Signature memory) {
        bytes32 typeHash = keccak256(
            "Receipt(uint64 epoch,uint64 batch,uint16 slot,uint256 commitment,uint8 assignment,uint64 time)"
        );
        return
            sign(
                SIGNER_KEY,
                keccak256(abi.encode(typeHash, r.epoch, r.batch, r.slot, r.commitment, r.assignment, r.time))
            );
    }

    function signed(Served memory r) internal view returns (Signature memory) {
        bytes32 typeHash = keccak256("Served(uint64 epoch,uint8 shard,uint64 counter,uint64 time)");
        return sign(SHARD_KEY, keccak256(abi.encode(typeHash, r.epoch, r.shard, r.counter, r.time)));
    }

    function sign(uint256 key, bytes32 message) internal view returns (Signature memory) {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", separator, message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return Signature(r, s | bytes32(uint256(v - 27) << 255));
    }

    function words(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory list) {
        list = new uint256[](
            c != 0
                ? 3
                : b != 0
                    ? 2
                    : a != 0
                        ? 1
                        : 0
        );
        if (a != 0) list[0] = a;
        if (b != 0) list[1] = b;
        if (c != 0) list[2] = c;
    }

    function bytesOf(uint8 a, uint8 b, uint8 c, uint256 count) internal pure returns (uint8[] memory list) {
        list = new uint8[](count);
        if (count > 0) list[0] = a;
        if (count > 1) list[1] = b;
        if (count > 2) list[2] = c;
    }

    /// @dev Commitments that follow each other.
    function series(uint256 first, uint256 count) internal pure returns (uint256[] memory list) {
        list = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = first + i;
        }
    }

    function assigned(bytes memory list) internal pure returns (uint8[] memory assignments) {
        assignments = new uint8[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            assignments[i] = uint8(list[i]);
        }
    }

    /// @dev Settlement contract of a shard.
    function settlementOf(uint256 shard) internal pure returns (address) {
        return address(uint160(0x5E77 + shard));
    }

    function _policy() private view returns (IPolicyRegistry.Policy memory policy) {
        policy = IPolicyRegistry.Policy(FEE_WORD, new uint256[](2), new address[](2), new address[](2));
        for (uint256 j = 0; j < 2; ++j) {
            uint256 thresholds = (8e6 << 40) | (7e6 << 80) | (4e6 << 120) | (6e6 << 160) | (2e6 << 200);
            policy.words[j] = 5 | (6 << 12) | (100 << 24) | thresholds | (j << 240);
            policy.reportSigners[j] = vm.addr(SHARD_KEY);
            policy.settlements[j] = settlementOf(j);
        }
    }

    function _poseidon() private returns (address deployed) {
        bytes memory code = vm.parseJsonBytes(vm.readFile("test/vectors/poseidon-contract.json"), ".code");
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
    }

    function _termsHash(Terms memory t) private pure returns (bytes32) {
        uint256 last = t.time + (uint256(t.count) << 64) + (uint256(uint160(t.beneficiary)) << 96);
        return keccak256(abi.encode(t.fees[0], t.openMask, last));
    }
}
