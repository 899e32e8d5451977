// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Roles with one holder each, an account or a multisig, handed over in two steps so that a typing error cannot lose one.
abstract contract Roles {
    /// @notice Who may do what: proposers queue policies, guardians (and proposers) take them back. Operators see `Operated`.
    enum Role {
        Proposer,
        Guardian
    }

    /// @notice Thrown when somebody else calls what only the holder of a role (or the one nominated) may.
    error NotInRole(Role role, address caller);

    /// @notice A holder named a successor, who must accept.
    /// @param role Proposer or guardian.
    /// @param nominee Who may accept; zero takes a nomination back.
    event RoleNominated(Role indexed role, address indexed nominee);

    /// @notice A role has a new holder.
    /// @param role Proposer or guardian.
    /// @param holder Its new holder.
    event RoleChanged(Role indexed role, address indexed holder);

    /// @notice Holder of a role.
    mapping(Role role => address) public holderOf;
    mapping(Role role => address) private _nominees;

    /// @param holder First holder of every role.
    constructor(address holder) {
        _assign(Role.Proposer, holder);
        _assign(Role.Guardian, holder);
    }

    modifier onlyRole(Role role) {
        if (msg.sender != holderOf[role]) revert NotInRole(role, msg.sender);
        _;
    }

    /// @notice Names a successor; the zero address takes a nomination back. The role's holder only.
    function nominate(Role role, address nominee) external onlyRole(role) {
        _nominees[role] = nominee;
        emit RoleNominated(role, nominee);
    }

    /// @notice Takes a role over. Nominee only.
    function accept(Role role) external {
        if (msg.sender != _nominees[role]) revert NotInRole(role, msg.sender);
        delete _nominees[role];
        _assign(role, msg.sender);
    }

    function _assign(Role role, address holder) private {
        holderOf[role] = holder;
        emit RoleChanged(role, holder);
    }
}
