// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Inclusion} from "../../../contracts/types/Inclusion.sol";
import {Receipt as OrderReceipt, Served} from "../../../contracts/types/Receipt.sol";
import {World} from "./World.sol";

/// @title An operator that does what the protocol asks of it: it signs once, sends what it signed, applies reports, takes forced orders and answers in time.
abstract contract HonestRouter is World {
    uint256 internal constant ROOM = 6;
    address internal constant TRADER = address(0x7A);
    /// @dev The open batch, its receipts as signed.
    uint256[] internal openCommitments;
    uint8[] internal openAssignments;
    uint64 internal openTime;
    uint64 internal openCounter;
    uint64 internal lastTime;
    mapping(uint256 commitment => bool) internal promised;
    /// @dev The shard's last report, and what was applied of it.
    Served internal report;
    OrderReceipt[] internal signedReceipts;
    /// @dev Deferred orders, which may be sent again.
    uint256[] internal deferred;
    uint256[] internal forced;
    uint256 internal forcedDone;
    uint256 internal orders;
    /// @dev Rises that somebody asks about: batch + 1; 0 when answered.
    uint64[] internal asked;

    function join(uint256 commitment, uint256 seed) internal {
        if (promised[commitment]) return;
        if (openCommitments.length == ROOM) send();
        for (uint256 i = 0; i < openCommitments.length; ++i) {
            if (openCommitments[i] == commitment) return;
        }
        if (openCommitments.length == 0) _openBatch();
        uint8 assignment = uint8(seed % 3);
        uint16 slot = uint16(openCommitments.length);
        openCommitments.push(commitment);
        openAssignments.push(assignment);
        if (assignment == 0) deferred.push(commitment);
        else promised[commitment] = true;
        uint64 epoch = ledger.latestEpoch();
        uint64 time = nowUs() > openTime ? nowUs() : openTime;
        signedReceipts.push(OrderReceipt(epoch, uint64(kept.length), slot, commitment, assignment, time));
    }

    /// @dev The open batch is accepted just as it was signed.
    function send() internal {
        if (openTime == 0) _openBatch();
        accept(ledger.latestEpoch(), openCommitments, openAssignments, openTime, openCounter);
        (lastTime, openTime) = (openTime, 0);
        delete openCommitments;
        delete openAssignments;
    }

    /// @dev Whatever would be late soon is done now.
    function keepUp() internal {
        if (openCommitments.length > 0) send();
        (uint64 from, uint64 to, uint64 left, ) = inbox.due();
        while (left > 0) {
            for (uint64 i = from; i < to; ++i) {
                _take(forced[i]);
            }
            (from, to, left, ) = inbox.due();
        }
        for (uint256 i = 0; i < asked.length; ++i) {
            if (asked[i] == 0) continue;
            uint64 index = asked[i] - 1;
            asked[i] = 0;
            Served memory fits = _reportFor(index);
            reports.showReport(index, 1, fits, signed(fits));
        }
    }

    /// @dev A shard's counter goes up, and it says so; the router keeps what it applies.
    function work(uint64 by) internal {
        (report.epoch, report.shard) = (ledger.latestEpoch(), 1);
        report.counter += by;
        report.time = nowUs();
    }

    function nextEpoch() internal {
        keepUp();
        if (kept.length == 0 || kept[kept.length - 1].head.epoch != ledger.latestEpoch()) return;
        ledger.begin();
        delete report;
    }

    function _openBatch() private {
        openTime = nowUs() > lastTime ? nowUs() : lastTime + 1;
        // What a batch applies is fixed when it opens; a later report has to wait for the next one.
        bool fresh = kept.length == 0 || kept[kept.length - 1].head.epoch != ledger.latestEpoch();
        if (fresh) openCounter = 0;
        if (report.epoch == ledger.latestEpoch()) openCounter = report.counter;
    }

    /// @dev The shard signs what it served by then.
    function _reportFor(uint64 index) private view returns (Served memory) {
        return Served(kept[index].head.epoch, 1, uint64(kept[index].head.counters[0] >> 64), kept[index].head.time);
    }

    /// @dev Takes a forced order in, or shows where it was taken before.
    function _take(uint256 commitment) private {
        (bool waits, ) = inbox.numberOf(commitment);
        if (!waits) return;
        for (uint64 index = 0; index < kept.length; ++index) {
            for (uint16 slot = 0; slot < kept[index].commitments.length; ++slot) {
                if (kept[index].commitments[slot] != commitment || kept[index].assignments[slot] == 0) continue;
                inbox.discharge(inclusionOf(index, slot), kept[index].head.packed());
                return;
            }
        }
        join(commitment, commitment);
        uint64 last = uint64(kept.length);
        uint16 place = uint16(openCommitments.length - 1);
        send();
        inbox.discharge(inclusionOf(last, place), kept[last].head.packed());
    }
}
