// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISeedSource} from "./interfaces/ISeedSource.sol";

/// @title Block hashes as seeds: the last 256 blocks by opcode, the last 8,191 from the history contract (EIP-2935).
contract BlockHashSeedSource is ISeedSource {
    /// @dev Address of the history contract, the same on every chain that has it. Source: EIP-2935.
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @inheritdoc ISeedSource
    function hashOf(uint256 blockNumber) external view returns (bytes32 hash) {
        if (blockNumber >= block.number) revert BlockNotYet(blockNumber);
        hash = blockhash(blockNumber);
        if (hash != 0) return hash;
        (bool found, bytes memory answer) = HISTORY.staticcall(abi.encode(blockNumber));
        if (found && answer.length == 32) hash = abi.decode(answer, (bytes32));
        if (hash == 0) revert BlockOutOfReach(blockNumber);
    }
}
