// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Policies under a timelock.
/// @notice The proposer proposes, everybody reads the queue, anybody activates once the delay has passed. One policy is active at a time, proposals become active in
/// their order, each at most once and within a window: nobody can hold a ripe policy back and switch to it at will. Proposer or guardian take a proposal back. Within
/// a band around the active policy's weights the operator retunes without the delay. Events tell all of it: storage can be rebuilt from them.
interface IPolicyRegistry {
    /// @notice Rules of the protocol's section 3, as `PolicyInvalid` names them.
    enum Rule {
        Lengths,
        StrayBits,
        Kind,
        Fees,
        Tau,
        Thresholds,
        Skew,
        WeightSum,
        WeightShare,
        ReportSigner
    }

    /// @notice Fate of a proposal. `Ripe` ones may be activated now.
    enum Status {
        Unknown,
        Waiting,
        Ripe,
        Expired,
        Cancelled,
        Superseded,
        Active,
        Replaced
    }

    /// @notice A queued or past policy.
    /// @param policyHash Names all that the policy says (protocol, section 9).
    /// @param data Contract whose code after its first byte is the hash's preimage.
    /// @param eta Time from which the policy may be activated, seconds since the Unix epoch.
    struct Proposal {
        bytes32 policyHash;
        address data;
        uint64 eta;
        Status status;
    }

    /// @notice A policy in full; the arrays go by shard.
    struct Policy {
        uint256 feeWord;
        uint256[] words;
        address[] settlements;
        address[] reportSigners;
    }

    /// @notice Thrown when a policy breaks a rule; `shard` is 0 for rules that belong to no shard.
    error PolicyInvalid(Rule rule, uint256 shard);

    /// @notice Thrown when a proposal is not in a status that allows the call.
    error WrongStatus(uint256 id, Status status);

    /// @notice Thrown for a hash that was never proposed, or when no policy is active.
    error PolicyUnknown();

    /// @notice Thrown at construction for a number of shards outside 1 … 64.
    error ShardsOutOfRange(uint256 shards);

    /// @notice Thrown when a retuned shard changes more than its weights, or a weight by more than band or step allow.
    error RetuneRefused(uint256 shard);

    /// @notice Thrown when the last retune is less than `retuneInterval` ago; the next may come at `earliest`, seconds since the Unix epoch.
    error RetuneTooEarly(uint64 earliest);

    /// @notice A policy was seen for the first time: what its hash stands for. It comes before the event that queues or retunes.
    /// @param policyHash keccak256 of the words and accounts that follow.
    /// @param feeWord feeMin, feeMax and kind, packed (protocol, section 9).
    /// @param words One a shard, packed (protocol, section 9).
    /// @param settlements Settlement contract of each shard.
    /// @param reportSigners Signer of each shard's reports; may be zero where it does not report.
    event PolicyPublished(
        bytes32 indexed policyHash,
        uint256 feeWord,
        uint256[] words,
        address[] settlements,
        address[] reportSigners
    );

    /// @notice A policy was queued; it may be activated from `eta` (seconds since the Unix epoch) on.
    /// @param id Its number, from 1.
    /// @param policyHash What was queued.
    /// @param eta Seconds since the Unix epoch.
    event PolicyProposed(uint256 indexed id, bytes32 indexed policyHash, uint64 eta);

    /// @notice A policy became the active one.
    /// @param id The proposal's number.
    /// @param policyHash What is in force from now on.
    event PolicyActivated(uint256 indexed id, bytes32 indexed policyHash);

    /// @notice Proposer or guardian took a proposal back before it was active.
    /// @param id The proposal's number.
    event PolicyCancelled(uint256 indexed id);

    /// @notice The operator retuned the weights of the active proposal; `policyHash` is in force from now on.
    /// @param id The active proposal's number.
    /// @param policyHash The active policy with the new weights.
    event PolicyRetuned(uint256 indexed id, bytes32 indexed policyHash);

    /// @notice Queues a policy. Proposer only.
    /// @return id Proposals are numbered from 1.
    function propose(Policy calldata policy) external returns (uint256 id);

    /// @notice Makes a ripe proposal the active policy; earlier ones that were not activated fall away. Anybody may call.
    function activate(uint256 id) external;

    /// @notice Takes a proposal back. Proposer or guardian only.
    function cancel(uint256 id) external;

    /// @notice Puts other weights in force, within band and step, no sooner than `retuneInterval` after the last time. Operator only.
    /// @param words All policy words; they differ from the active proposal's in their weights alone, and every rule of a policy holds.
    function retune(uint256[] calldata words) external;

    /// @notice Shards of every policy here.
    function shards() external view returns (uint256);

    /// @notice Seconds between proposal and activation.
    function delay() external view returns (uint64);

    /// @notice Seconds after `eta` in which a proposal can be activated.
    function window() external view returns (uint64);

    /// @notice Seconds between two retunes.
    function retuneInterval() external view returns (uint64);

    /// @notice Time of the last retune, seconds since the Unix epoch; 0 before the first.
    function lastRetune() external view returns (uint64);

    /// @notice Number of proposals so far; the queue is `proposal(1) … proposal(proposals())`.
    function proposals() external view returns (uint256);

    /// @notice One proposal, of any status.
    function proposal(uint256 id) external view returns (Proposal memory);

    /// @notice The active proposal, and the policy in force: the proposal's own, or as it was last retuned.
    /// @dev Reverts with `PolicyUnknown` when none is.
    function active() external view returns (uint256 id, bytes32 policyHash, address data);

    /// @notice A policy that was ever proposed or in force, in full.
    /// @dev Reverts with `PolicyUnknown` otherwise.
    function policy(bytes32 policyHash) external view returns (Policy memory);
}
