// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Head} from "../types/Batch.sol";
import {Inclusion} from "../types/Inclusion.sol";
import {ICredits} from "./ICredits.sol";

/// @title Where a trader whom the router refuses posts an order that has to be taken.
/// @notice An order is posted with its opening and a fee, and queued. The oldest orders, up to `groupSize` of them, are due together; once they are due the operator has
/// `deadline` seconds of the ledger's uptime (the clock stands while no epoch is open) to have each included, even deferred, or to show that it was accepted before;
/// then the next ones are due. Past the deadline anybody freezes the ledger, which slashes the operator and pays back the fees of those who waited.
///
/// Half of a fee goes to the operator when the order is discharged. Half is burned at once, so that an operator cannot fill its own queue for nothing.
///
/// A posted order is public: whoever forces an order in gives its size, side and segment away.
interface IForcedInbox is ICredits {
    /// @notice Thrown when the value sent is not the fee.
    error FeeWrong(uint256 expected);

    /// @notice Thrown when the opening is that of another commitment, such as one of another segment.
    error CommitmentMismatch(uint256 found);

    /// @notice Thrown when the commitment waits already.
    error AlreadyQueued(uint64 number);

    /// @notice Thrown when the commitment does not wait.
    error NotQueued(uint256 commitment);

    /// @notice Thrown when orders before this one are due first.
    error NotYetDue(uint64 number);

    /// @notice Thrown when a deferral is older than the posting, which it therefore does not answer.
    error DeferredBefore(uint64 batchTime, uint64 postedAt);

    /// @notice Thrown when the head is not the batch's.
    error HeadMismatch(uint64 index);

    /// @notice Thrown when nothing is overdue; `dueAt` is the ledger's uptime at which it will be, 0 when nothing waits.
    error NotOverdue(uint64 dueAt);

    /// @notice Thrown when an epoch is to be abandoned that was not frozen.
    error NotFrozen();

    /// @notice Thrown at construction for a group of 0 or more than 32, or a deadline of 0.
    error InboxConfigInvalid();

    /// @notice An order has to be taken.
    /// @param number Place in the queue, from 0.
    /// @param commitment The order's commitment.
    /// @param trader Who posted it.
    /// @param size Whole lots.
    /// @param side 0 buy, 1 sell.
    /// @param segment 0 retail, 1 institutional, as registered.
    /// @param details Below the scalar field's modulus.
    event OrderForced(
        uint64 indexed number,
        uint256 indexed commitment,
        address indexed trader,
        uint32 size,
        uint8 side,
        uint8 segment,
        uint256 details
    );

    /// @notice Orders `from` up to, not including, `to` are due together.
    /// @param from The first.
    /// @param to Behind the last.
    /// @param dueAt The ledger's uptime by which they have to be discharged, seconds.
    event GroupDue(uint64 indexed from, uint64 to, uint64 dueAt);

    /// @notice An order was taken.
    /// @param number Place in the queue.
    /// @param index The batch that took it.
    /// @param slot Its slot.
    event OrderDischarged(uint64 indexed number, uint64 indexed index, uint16 slot);

    /// @notice The deadline passed with orders left, and the ledger was frozen.
    /// @param from The first order of the group.
    /// @param left How many were not taken.
    event Frozen(uint64 indexed from, uint64 left);

    /// @notice Posts an order. The value sent is the fee.
    /// @param commitment What the opening must hash to, with the segment that is registered for the caller.
    /// @return number Place in the queue.
    function post(
        uint32 size,
        uint8 side,
        uint256 details,
        uint256 commitment
    ) external payable returns (uint64 number);

    /// @notice Shows that a due order was taken. Anybody may call.
    /// @param head Head after the batch.
    function discharge(Inclusion calldata inclusion, Head calldata head) external;

    /// @notice Shows it for several due orders, in this order.
    function dischargeMany(Inclusion[] calldata inclusions, Head[] calldata heads) external;

    /// @notice Freezes the ledger when the deadline of what is due has passed. Anybody may call; half of what the operator loses is the caller's.
    function freeze() external;

    /// @notice Ends the epoch of a frozen ledger, so that another can begin. Anybody may call; it costs the operator once more.
    /// @param nextIndex The ledger's next index.
    function abandon(uint64 nextIndex) external;

    /// @notice Number of a commitment that waits.
    function numberOf(uint256 commitment) external view returns (bool waits, uint64 number);

    /// @notice What is due: orders `from` up to, not including, `to`, of which `left` are not discharged, by uptime `dueAt` (seconds).
    function due() external view returns (uint64 from, uint64 to, uint64 left, uint64 dueAt);

    /// @notice Whether the ledger can be frozen now.
    function isOverdue() external view returns (bool);

    /// @notice Orders posted so far.
    function posted() external view returns (uint64);

    /// @notice Wei an order.
    function fee() external view returns (uint256);

    /// @notice Seconds of uptime to take what is due.
    function deadline() external view returns (uint64);

    /// @notice Most orders that are due together.
    function groupSize() external view returns (uint64);
}
