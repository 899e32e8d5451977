// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title One operator, handed over in two steps so that a typing error cannot lose the contract.
abstract contract Operated {
    /// @notice Thrown when somebody else calls what only the operator (or the one nominated) may.
    error NotOperator(address caller);

    /// @notice The operator named a successor, who must accept.
    /// @param nominee Who may accept; zero takes a nomination back.
    event OperatorNominated(address indexed nominee);

    /// @notice The successor took over.
    /// @param operator The new operator.
    event OperatorChanged(address indexed operator);

    address private _operator;
    address private _nominee;

    constructor(address operator_) {
        if (operator_ == address(0)) revert NotOperator(operator_);
        _operator = operator_;
        emit OperatorChanged(operator_);
    }

    modifier onlyOperator() {
        if (msg.sender != _operator) revert NotOperator(msg.sender);
        _;
    }

    /// @notice The account in charge.
    function operator() external view returns (address) {
        return _operator;
    }

    /// @notice Names a successor; the zero address takes a nomination back. Operator only.
    function nominateOperator(address nominee) external onlyOperator {
        _nominee = nominee;
        emit OperatorNominated(nominee);
    }

    /// @notice Takes over. Nominee only.
    function acceptOperator() external {
        if (msg.sender != _nominee) revert NotOperator(msg.sender);
        _operator = msg.sender;
        _nominee = address(0);
        emit OperatorChanged(msg.sender);
    }
}
