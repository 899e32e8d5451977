// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISegmentRegistry} from "./interfaces/ISegmentRegistry.sol";
import {Operated} from "./lib/Operated.sol";
import {Roles} from "./lib/Roles.sol";

/// @title Segments of accounts that force orders in; see the interface.
contract SegmentRegistry is ISegmentRegistry {
    /// @dev `next` holds from `from` on; 0 when nothing was ever registered.
    struct Entry {
        uint8 segment;
        uint8 next;
        uint64 from;
    }

    Operated public immutable ledger;
    Roles public immutable policyRegistry;
    /// @notice Seconds from a registration to its effect.
    uint64 public immutable delay;

    mapping(address account => Entry) private _entries;

    constructor(Operated ledger_, Roles policyRegistry_, uint64 delay_) {
        (ledger, policyRegistry, delay) = (ledger_, policyRegistry_, delay_);
    }

    /// @inheritdoc ISegmentRegistry
    function register(address account, uint8 segment) external {
        if (msg.sender != ledger.operator()) revert NotTheOperator(msg.sender);
        if (segment > 1) revert SegmentUnknown(segment);
        uint64 from = uint64(block.timestamp) + delay;
        _entries[account] = Entry(segmentOf(account), segment, from);
        emit SegmentRegistered(account, segment, from);
    }

    /// @inheritdoc ISegmentRegistry
    function takeBack(address account) external {
        if (msg.sender != policyRegistry.holderOf(Roles.Role.Guardian)) revert NotTheGuardian(msg.sender);
        if (block.timestamp >= _entries[account].from) revert NothingWaits(account);
        _entries[account].from = 0;
        _entries[account].next = _entries[account].segment;
        emit SegmentTakenBack(account);
    }

    /// @inheritdoc ISegmentRegistry
    function segmentOf(address account) public view returns (uint8) {
        Entry memory entry = _entries[account];
        return block.timestamp < entry.from ? entry.segment : entry.next;
    }
}
