// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICredits} from "../interfaces/ICredits.sol";

/// @title Payments that their owners fetch, so that no transfer can stop or re-enter anybody else's call.
abstract contract Credits is ICredits {
    /// @inheritdoc ICredits
    mapping(address account => uint256) public creditOf;

    /// @inheritdoc ICredits
    function collect(address to) external returns (uint256 amount) {
        amount = creditOf[msg.sender];
        if (amount == 0) revert NothingToCollect(msg.sender);
        creditOf[msg.sender] = 0;
        emit Collected(msg.sender, to, amount);
        (bool sent, ) = to.call{value: amount}("");
        if (!sent) revert TransferRefused(to);
    }

    function _credit(address account, uint256 amount) internal {
        creditOf[account] += amount;
    }
}
