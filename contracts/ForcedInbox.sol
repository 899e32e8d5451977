// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "./interfaces/IBond.sol";
import {IForcedInbox} from "./interfaces/IForcedInbox.sol";
import {IFreezable} from "./interfaces/IFreezable.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPoseidon2} from "./interfaces/IPoseidon2.sol";
import {ISegmentRegistry} from "./interfaces/ISegmentRegistry.sol";
import {Credits} from "./lib/Credits.sol";
import {HeadWords} from "./lib/HeadWords.sol";
import {Operated} from "./lib/Operated.sol";
import {OrderOpening} from "./lib/OrderOpening.sol";
import {OrderProof} from "./lib/OrderProof.sol";
import {Head} from "./types/Batch.sol";
import {Opening} from "./types/Evidence.sol";
import {Fault} from "./types/Fault.sol";
import {Inclusion} from "./types/Inclusion.sol";

/// @title Orders that have to be taken; see the interface.
contract ForcedInbox is IForcedInbox, Credits {
    using OrderOpening for Opening;
    using HeadWords for uint256[];

    /// @dev `postedAt` in seconds since the Unix epoch; 0 once discharged. `fee` in wei, what is left of it.
    struct Order {
        uint256 commitment;
        address trader;
        uint64 postedAt;
        uint256 fee;
    }

    uint256 private constant GROUP_MAX = 32;

    ILedgerReader public immutable ledger;
    IBond public immutable bond;
    IPoseidon2 public immutable poseidon;
    ISegmentRegistry public immutable segments;
    /// @inheritdoc IForcedInbox
    uint256 public immutable fee;
    /// @inheritdoc IForcedInbox
    uint64 public immutable deadline;
    /// @inheritdoc IForcedInbox
    uint64 public immutable groupSize;

    /// @inheritdoc IForcedInbox
    uint64 public posted;
    /// @dev Orders from … to are due; `_left` of them are not discharged. Nothing is due when from = to = posted.
    uint64 private _from;
    uint64 private _to;
    uint64 private _left;
    /// @dev Uptime of the ledger from which the group's deadline counts.
    uint64 private _since;

    mapping(uint64 number => Order) private _orders;
    /// @dev Number + 1 of a commitment that waits.
    mapping(uint256 commitment => uint64) private _numbers;

    constructor(
        ILedgerReader ledger_,
        IBond bond_,
        IPoseidon2 poseidon_,
        ISegmentRegistry segments_,
        uint256 fee_,
        uint64 deadline_,
        uint64 groupSize_
    ) {
        if (deadline_ == 0 || groupSize_ == 0 || groupSize_ > GROUP_MAX) revert InboxConfigInvalid();
        OrderOpening.requirePoseidon(poseidon_);
        (ledger, bond, poseidon, segments) = (ledger_, bond_, poseidon_, segments_);
        (fee, deadline, groupSize) = (fee_, deadline_, groupSize_);
    }

    /// @inheritdoc IForcedInbox
    function post(
        uint32 size,
        uint8 side,
        uint256 details,
        uint256 commitment
    ) external payable returns (uint64 number) {
        if (msg.value != fee) revert FeeWrong(fee);
        Opening memory opening = Opening(size, side, segments.segmentOf(msg.sender), details);
        uint256 found = opening.commitmentOf(poseidon);
        if (found != commitment) revert CommitmentMismatch(found);
        if (_numbers[commitment] != 0) revert AlreadyQueued(_numbers[commitment] - 1);
        number = posted++;
        _numbers[commitment] = number + 1;
        // The other half stays here for good.
        _orders[number] = Order(commitment, msg.sender, uint64(block.timestamp), msg.value / 2);
        emit OrderForced(number, commitment, msg.sender, size, side, opening.segment, details);
        if (_left == 0) _nextGroup();
    }

    /// @inheritdoc IForcedInbox
    function discharge(Inclusion calldata inclusion, Head calldata head) external {
        _discharge(inclusion, head);
    }

    /// @inheritdoc IForcedInbox
    function dischargeMany(Inclusion[] calldata inclusions, Head[] calldata heads) external {
        for (uint256 i = 0; i < inclusions.length; ++i) {
            _discharge(inclusions[i], heads[i]);
        }
    }

    /// @inheritdoc IForcedInbox
    function freeze() external {
        if (!isOverdue()) revert NotOverdue(_left == 0 ? 0 : _since + deadline);
        (uint64 from, uint64 left, uint64 since) = (_from, _left, _since);
        for (uint64 number = from; number < _to; ++number) {
            Order memory order = _orders[number];
            if (order.postedAt == 0) continue;
            _orders[number].fee = 0;
            _credit(order.trader, order.fee);
        }
        // The same orders are due again once the ledger runs: its uptime stands while it is frozen.
        _since = ledger.uptime();
        emit Frozen(from, left);
        IFreezable(address(ledger)).freeze();
        bond.slash(Fault.ForcedIgnored, keccak256(abi.encode(from, since)), msg.sender);
    }

    /// @inheritdoc IForcedInbox
    function abandon(uint64 nextIndex) external {
        if (!ledger.frozen()) revert NotFrozen();
        IFreezable(address(ledger)).abandonForced(nextIndex, msg.sender);
    }

    /// @inheritdoc IForcedInbox
    function numberOf(uint256 commitment) external view returns (bool waits, uint64 number) {
        uint64 found = _numbers[commitment];
        return found == 0 ? (false, 0) : (true, found - 1);
    }

    /// @inheritdoc IForcedInbox
    function due() external view returns (uint64 from, uint64 to, uint64 left, uint64 dueAt) {
        return (_from, _to, _left, _left == 0 ? 0 : _since + deadline);
    }

    /// @inheritdoc IForcedInbox
    function isOverdue() public view returns (bool) {
        return _left != 0 && ledger.uptime() > _since + deadline;
    }

    function _discharge(Inclusion calldata inclusion, Head calldata head) private {
        (uint256 commitment, uint8 assignment) = OrderProof.orderOf(ledger, inclusion);
        uint64 number = _numbers[commitment];
        if (number == 0) revert NotQueued(commitment);
        --number;
        if (number >= _to) revert NotYetDue(number);
        Order memory order = _orders[number];
        if (assignment == 0) {
            if (HeadWords.load(head).hash() != inclusion.record.head) revert HeadMismatch(inclusion.index);
            if (head.scalars.time() < uint256(order.postedAt) * 1_000_000)
                revert DeferredBefore(head.scalars.time(), order.postedAt);
        }
        delete _numbers[commitment];
        delete _orders[number];
        if (order.fee != 0) _credit(Operated(address(ledger)).operator(), order.fee);
        emit OrderDischarged(number, inclusion.index, inclusion.slot);
        if (--_left == 0) _nextGroup();
    }

    /// @dev What comes next in the queue is due from now on.
    function _nextGroup() private {
        uint64 count = posted - _to;
        if (count > groupSize) count = groupSize;
        (_from, _to, _left) = (_to, _to + count, count);
        if (count == 0) return;
        _since = ledger.uptime();
        emit GroupDue(_from, _to, _since + deadline);
    }
}
