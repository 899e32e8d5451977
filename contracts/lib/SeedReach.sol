// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISeedSource} from "../interfaces/ISeedSource.sol";

/// @title Whether a block's hash is lost for good.
library SeedReach {
    /// @notice The source must say so by name: a call that ran out of gas says nothing, nor does a block that is still to come.
    function isLost(ISeedSource source, uint64 blockNumber) internal view returns (bool) {
        try source.hashOf(blockNumber) {
            return false;
        } catch (bytes memory reason) {
            return bytes4(reason) == ISeedSource.BlockOutOfReach.selector;
        }
    }
}
