// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Test} from "forge-std/Test.sol";
import {Bond} from "../../../contracts/Bond.sol";
import {BondHandler} from "./BondHandler.sol";

/// @title Every wei that was ever staked is stake, burned, owed or paid; at least half of every slash is burned.
contract BondInvariants is Test {
    BondHandler private handler;
    Bond private bond;

    function setUp() public {
        handler = new BondHandler();
        bond = handler.bond();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = BondHandler.deposit.selector;
        selectors[1] = BondHandler.request.selector;
        selectors[2] = BondHandler.withdraw.selector;
        selectors[3] = BondHandler.slash.selector;
        selectors[4] = BondHandler.penalize.selector;
        selectors[5] = BondHandler.fillPot.selector;
        selectors[6] = BondHandler.collect.selector;
        selectors[7] = BondHandler.wait.selector;
        targetSelector(FuzzSelector(address(handler), selectors));
        targetContract(address(handler));
    }

    /// @dev One campaign for all of them.
    function invariant_everyWeiIsAccountedFor() public view {
        uint256 gone = handler.withdrawn() + handler.slashed() + handler.potted();
        assertEq(bond.stake(), handler.deposited() - gone);
        assertEq(address(bond).balance, bond.stake() + bond.burned() + handler.credits());
        assertEq(address(bond).balance, handler.deposited() - handler.collected());
        // At least half of every slash.
        assertGe(bond.burned() * 2, handler.slashed());
        assertLe(bond.burned(), handler.slashed());
        // What leaves is no cover.
        assertLe(bond.covered(), bond.stake());
        if (bond.readyAt() != 0 && bond.leaving() < bond.stake())
            assertEq(bond.covered(), bond.stake() - bond.leaving());
    }
}
