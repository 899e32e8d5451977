// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Inclusion, RecordPreimage, Terms} from "../types/Inclusion.sol";
import {ICredits} from "./ICredits.sol";

/// @title What shards earn, and what their weight is multiplied by.
/// @notice A shard's settlement contract pays the fee in force for each assignment that it settles: feeMin of it comes back to the shard, the rest, the congestion
/// surplus, goes to the insurance fund. After an epoch a sample of its batches, drawn from a block that nobody knew before, is tallied: how much of the surplus due on
/// what a shard was assigned did it pay? Against the median of the shards that gives its multiplier: 256 at or above the median, in proportion below it, never less
/// than 128, and no step over 8.
///
/// Only the surplus counts, as only that is lost to whoever pays it: a share that is bought costs at least what it can earn (docs/design/challenges.md). For the same
/// reason a shard on which too little surplus was due (less than `evidence` times feeMin an order) keeps its multiplier, whatever it paid.
interface IReputation is ICredits {
    /// @notice Thrown when the caller is not the settlement contract of the shard that the order was assigned to.
    error NotTheShard(uint8 assignment, address caller);

    /// @notice Thrown when the value sent is not the fee in force.
    error FeeWrong(uint256 expected);

    /// @notice Thrown when the assignment was settled before.
    error AlreadySettled(uint256 commitment);

    /// @notice Thrown when terms or record are not those of the batch.
    error BatchMismatch(uint64 index);

    /// @notice Thrown when the epoch is not the next one to close or conclude, or is not over.
    error NotNextEpoch(uint64 epoch);

    /// @notice Thrown for a sample that was tallied, or is none.
    error SampleRefused(uint256 sample);

    /// @notice Thrown when an epoch has no draw to keep or to replace: it is not closed, is tallied whole, or its draw is kept.
    error NothingToDraw(uint64 epoch);

    /// @notice Thrown when the drawn block's hash can still be had, or is still to come.
    error DrawInReach(uint256 blockNumber);

    /// @notice Thrown when samples are missing.
    error TallyIncomplete(uint64 epoch);

    /// @notice Thrown at construction for no unit, no samples or more than 64, or no insurance fund.
    error ReputationConfigInvalid();

    /// @notice An assignment was settled.
    /// @param commitment The order.
    /// @param shard Its shard.
    /// @param index The batch that assigned it.
    /// @param fee The fee in force; feeMin of it is the shard's.
    event Settled(uint256 indexed commitment, uint8 indexed shard, uint64 indexed index, uint256 fee);

    /// @notice An epoch is over; what is settled from now on does not count for it. Its sample comes from a block to come.
    /// @param epoch The epoch.
    /// @param drawBlock The block.
    event EpochClosed(uint64 indexed epoch, uint256 drawBlock);

    /// @notice The hash of an epoch's drawn block is kept: its sample stays what it is.
    /// @param epoch The epoch.
    /// @param blockHash The hash.
    event SampleDrawn(uint64 indexed epoch, bytes32 blockHash);

    /// @notice Nobody had the hash of the drawn block kept while it could be had: another block draws.
    /// @param epoch The epoch.
    /// @param missed Number of the block whose hash is lost.
    /// @param drawBlock Number of the block that draws instead.
    event SampleRedrawn(uint64 indexed epoch, uint64 missed, uint64 drawBlock);

    /// @notice The multipliers that follow from an epoch, of 256; they count for epochs announced from `epoch + 2` on.
    /// @param epoch The epoch.
    /// @param multipliers By shard.
    event Concluded(uint64 indexed epoch, uint256[] multipliers);

    /// @notice Pays the fee of an assignment, once. The shard's settlement contract only; the value sent is fee × unit.
    /// @param terms The preimage of the record's terms.
    /// @return commitment The order's commitment.
    function settle(Inclusion calldata inclusion, Terms calldata terms) external payable returns (uint256 commitment);

    /// @notice Closes the next epoch, once the one after it has begun or it was abandoned. Anybody may call.
    function close(uint64 epoch) external;

    /// @notice Keeps the hash of a closed epoch's drawn block, once that is past: then its sample can be tallied at any time. Anybody may call; the first tally does it too.
    function draw(uint64 epoch) external;

    /// @notice Draws a closed epoch's sample from another block to come, when the drawn block's hash is out of reach and nobody had it kept. Anybody may call. No tally is
    /// lost by that, as there is none without a kept draw.
    function redraw(uint64 epoch) external;

    /// @notice Tallies one batch of a closed epoch's sample. Anybody may call: all of it is in the calldata of the batch.
    /// @param sample 0 … samples − 1.
    /// @param assignments 31 bytes a word, as the ledger took them.
    function tally(
        uint64 epoch,
        uint256 sample,
        RecordPreimage calldata record,
        Terms calldata terms,
        uint256[] calldata commitments,
        uint256[] calldata assignments
    ) external;

    /// @notice Works the multipliers out once the whole sample is tallied. Anybody may call.
    function conclude(uint64 epoch) external;

    /// @notice Which batch a sample is. Reverts before the drawn block is there, and when its hash is lost.
    function sampleOf(uint64 epoch, uint256 sample) external view returns (uint64 index);

    /// @notice Multipliers for an epoch, of 256, by shard: what followed from the last one concluded that is at least two before it. The ledger asks when it announces the epoch.
    function multipliersFor(uint64 epoch) external view returns (uint256[] memory);
}
