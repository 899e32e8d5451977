// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {FIELD_MODULUS} from "../types/Bn254.sol";
import {IRoutingLedger} from "../interfaces/IRoutingLedger.sol";
import {Words} from "./Words.sol";

/// @title The published vector V in memory, and its evaluation (protocol, sections 4 and 9).
/// @dev The buffer is alpha's preimage: chainId, ledger, beneficiary, verifierId, D, then V. Behind it lie four words that are free to write (see `OrderTree`).
library StatementLib {
    /// @dev Words before V in the buffer.
    uint256 internal constant PREFIX = 5;

    /// @dev Scalars at V's start: keyCommit, seed, batchIndex, orderCounter, time, elapsed, stateBefore, stateAfter, count, feeWord.
    uint256 internal constant HEADER = 10;

    /// @dev Positions of the buffer's words up to the fees.
    uint256 internal constant CHAIN = 0;
    uint256 internal constant LEDGER = 1;
    uint256 internal constant BENEFICIARY = 2;
    uint256 internal constant VERIFIER_ID = 3;
    uint256 internal constant DIGEST = 4;
    uint256 internal constant KEY_COMMIT = 5;
    uint256 internal constant SEED = 6;
    uint256 internal constant INDEX = 7;
    uint256 internal constant ORDER_COUNTER = 8;
    uint256 internal constant TIME = 9;
    uint256 internal constant ELAPSED = 10;
    uint256 internal constant STATE_BEFORE = 11;
    uint256 internal constant STATE_AFTER = 12;
    uint256 internal constant COUNT = 13;
    uint256 internal constant FEE_WORD = 14;

    /// @notice Where V's parts begin, as positions in the buffer.
    struct Layout {
        uint256 fees;
        uint256 openMask;
        uint256 served;
        uint256 policy;
        uint256 commitments;
        uint256 assignments;
        uint256 end;
    }

    /// @notice The layout for S shards and N slots.
    function layoutOf(uint256 shards, uint256 slots) internal pure returns (Layout memory places) {
        unchecked {
            places.fees = PREFIX + HEADER;
            places.openMask = places.fees + (shards + 15) / 16;
            places.served = places.openMask + 1;
            places.policy = places.served + (shards + 5) / 6;
            places.commitments = places.policy + shards;
            places.assignments = places.commitments + slots;
            places.end = places.assignments + (slots + 30) / 31;
        }
    }

    /// @notice Memory for a buffer, with four words behind it; nothing of it is written.
    function allocate(Layout memory places) internal pure returns (uint256[] memory buffer) {
        unchecked {
            buffer = Words.allocate(places.end + 4);
        }
        uint256 length = places.end;
        assembly ("memory-safe") {
            mstore(buffer, length)
        }
    }

    /// @notice Copies calldata words into the buffer.
    function put(uint256[] memory buffer, uint256 position, uint256[] calldata words) internal pure {
        assembly ("memory-safe") {
            calldatacopy(add(add(buffer, 0x20), shl(5, position)), words.offset, shl(5, words.length))
        }
    }

    /// @notice Copies calldata words into a part of the buffer, with zeros up to the part's end.
    function putPadded(uint256[] memory buffer, uint256 position, uint256 end, uint256[] calldata words) internal pure {
        assembly ("memory-safe") {
            let at := add(add(buffer, 0x20), shl(5, position))
            let size := shl(5, words.length)
            calldatacopy(at, words.offset, size)
            // Reading past the end of calldata gives zeros.
            calldatacopy(add(at, size), calldatasize(), sub(shl(5, sub(end, position)), size))
        }
    }

    /// @notice A part of calldata words; the caller knows that it is there.
    function part(
        uint256[] calldata words,
        uint256 from,
        uint256 length
    ) internal pure returns (uint256[] calldata result) {
        assembly ("memory-safe") {
            result.offset := add(words.offset, shl(5, from))
            result.length := length
        }
    }

    /// @notice Requires that assignment words hold nothing past count or above the last of a word.
    /// @param assignments As many words as count asks for.
    function checkAssignments(uint256[] calldata assignments, uint256 count) internal pure {
        uint256 stray;
        assembly ("memory-safe") {
            let words := assignments.length
            if words {
                let at := assignments.offset
                let last := add(at, shl(5, sub(words, 1)))
                stray := shr(shl(3, sub(count, mul(31, sub(words, 1)))), calldataload(last))
                for {} lt(at, last) {
                    at := add(at, 0x20)
                } {
                    stray := or(stray, shr(248, calldataload(at)))
                }
            }
        }
        if (stray != 0) revert IRoutingLedger.StrayBits();
    }

    /// @notice What a batch is sealed by: keccak256(time, count, counter words …, commitments …).
    /// @param commitments Memory address of the first.
    function sealHash(
        uint256 time,
        uint256[] calldata counters,
        uint256 commitments,
        uint256 count
    ) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let work := mload(0x40)
            let size := shl(5, counters.length)
            mstore(work, time)
            mstore(add(work, 0x20), count)
            calldatacopy(add(work, 0x40), counters.offset, size)
            mcopy(add(add(work, 0x40), size), commitments, shl(5, count))
            result := keccak256(work, add(add(0x40, size), shl(5, count)))
        }
    }

    /// @notice Requires that words are below p; reverts with `WordOutOfField` otherwise.
    /// @dev Sixteen words a turn.
    /// @param first Position of the first.
    /// @param end Position behind the last.
    function requireInField(uint256[] memory buffer, uint256 first, uint256 end) internal pure {
        bool outside;
        uint256 largest = unfold(FIELD_MODULUS - 1);
        assembly ("memory-safe") {
            let at := add(add(buffer, 0x20), shl(5, first))
            end := add(add(buffer, 0x20), shl(5, end))
            for {
                let aligned := add(at, and(sub(end, at), 0x1e0))
            } lt(at, aligned) {
                at := add(at, 0x20)
            } {
                outside := or(outside, gt(mload(at), largest))
            }
            for {} lt(at, end) {
                at := add(at, 0x200)
            } {
                outside := or(
                    outside,
                    or(
                        or(
                            or(
                                or(
                                    or(
                                        or(
                                            or(
                                                or(
                                                    or(
                                                        or(
                                                            or(
                                                                or(
                                                                    or(
                                                                        or(
                                                                            or(
                                                                                gt(mload(at), largest),
                                                                                gt(mload(add(at, 0x20)), largest)
                                                                            ),
                                                                            gt(mload(add(at, 0x40)), largest)
                                                                        ),
                                                                        gt(mload(add(at, 0x60)), largest)
                                                                    ),
                                                                    gt(mload(add(at, 0x80)), largest)
                                                                ),
                                                                gt(mload(add(at, 0xa0)), largest)
                                                            ),
                                                            gt(mload(add(at, 0xc0)), largest)
                                                        ),
                                                        gt(mload(add(at, 0xe0)), largest)
                                                    ),
                                                    gt(mload(add(at, 0x100)), largest)
                                                ),
                                                gt(mload(add(at, 0x120)), largest)
                                            ),
                                            gt(mload(add(at, 0x140)), largest)
                                        ),
                                        gt(mload(add(at, 0x160)), largest)
                                    ),
                                    gt(mload(add(at, 0x180)), largest)
                                ),
                                gt(mload(add(at, 0x1a0)), largest)
                            ),
                            gt(mload(add(at, 0x1c0)), largest)
                        ),
                        gt(mload(add(at, 0x1e0)), largest)
                    )
                )
            }
        }
        if (outside) revert IRoutingLedger.WordOutOfField();
    }

    /// @notice The value, but as one that the optimizer does not know: it stays on the stack. A literal of 32 bytes would be fetched from code again at each use, for 32 gas instead of 3.
    function unfold(uint256 literal) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            // The zero slot of Solidity's memory.
            value := or(literal, mload(0x60))
        }
    }

    /// @notice `Σ V[k]·alpha^(n−1−k) mod p`, for words that are all below p.
    /// @dev Horner, eight words a turn. The sum after `mulmod` cannot wrap, as both terms are below p < 2^254.
    function evaluate(uint256[] memory buffer, uint256 alpha) internal pure returns (uint256 y) {
        uint256 p = unfold(FIELD_MODULUS);
        assembly ("memory-safe") {
            let at := add(buffer, add(0x20, shl(5, PREFIX)))
            let end := add(add(buffer, 0x20), shl(5, mload(buffer)))
            for {
                let aligned := add(at, and(sub(end, at), 0xe0))
            } lt(at, aligned) {
                at := add(at, 0x20)
            } {
                y := add(mulmod(y, alpha, p), mload(at))
            }
            for {} lt(at, end) {
                at := add(at, 0x100)
            } {
                y := add(
                    mulmod(
                        add(
                            mulmod(
                                add(
                                    mulmod(
                                        add(
                                            mulmod(
                                                add(
                                                    mulmod(
                                                        add(
                                                            mulmod(
                                                                add(
                                                                    mulmod(
                                                                        add(mulmod(y, alpha, p), mload(at)),
                                                                        alpha,
                                                                        p
                                                                    ),
                                                                    mload(add(at, 0x20))
                                                                ),
                                                                alpha,
                                                                p
                                                            ),
                                                            mload(add(at, 0x40))
                                                        ),
                                                        alpha,
                                                        p
                                                    ),
                                                    mload(add(at, 0x60))
                                                ),
                                                alpha,
                                                p
                                            ),
                                            mload(add(at, 0x80))
                                        ),
                                        alpha,
                                        p
                                    ),
                                    mload(add(at, 0xa0))
                                ),
                                alpha,
                                p
                            ),
                            mload(add(at, 0xc0))
                        ),
                        alpha,
                        p
                    ),
                    mload(add(at, 0xe0))
                )
            }
            y := mod(y, p)
        }
    }
}
