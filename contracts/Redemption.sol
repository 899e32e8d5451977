// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBond} from "./interfaces/IBond.sol";
import {ILedgerReader} from "./interfaces/ILedgerReader.sol";
import {IPoseidon2} from "./interfaces/IPoseidon2.sol";
import {IRedemption} from "./interfaces/IRedemption.sol";
import {Credits} from "./lib/Credits.sol";
import {OrderOpening} from "./lib/OrderOpening.sol";
import {ReceiptSignature} from "./lib/ReceiptSignature.sol";
import {Opening, OrderDetails, Signature} from "./types/Evidence.sol";
import {Receipt} from "./types/Receipt.sol";

/// @title Pays void receipts out of the stake; see the interface.
contract Redemption is IRedemption, Credits {
    using OrderOpening for Opening;
    using OrderOpening for OrderDetails;

    /// @dev `until` is 0 before claims are opened. `settled` goes with `share`.
    struct Pot {
        uint64 until;
        uint64 claims;
        bool settled;
        uint256 share;
    }

    ILedgerReader public immutable ledger;
    IBond public immutable bond;
    IPoseidon2 public immutable poseidon;
    /// @inheritdoc IRedemption
    uint256 public immutable perReceipt;
    /// @inheritdoc IRedemption
    uint256 public immutable cap;
    /// @inheritdoc IRedemption
    uint64 public immutable claimWindow;

    mapping(uint64 epoch => Pot) public potOf;
    /// @notice Who claimed for a place; the zero address when nobody did.
    mapping(uint64 epoch => mapping(uint64 batch => mapping(uint16 slot => address))) public claimantOf;
    mapping(uint64 epoch => mapping(uint64 batch => mapping(uint16 slot => bool))) private _redeemed;

    constructor(
        ILedgerReader ledger_,
        IBond bond_,
        IPoseidon2 poseidon_,
        uint256 perReceipt_,
        uint256 cap_,
        uint64 claimWindow_
    ) {
        if (perReceipt_ == 0 || claimWindow_ == 0 || bond_.withdrawalDelay() <= claimWindow_) {
            revert RedemptionConfigInvalid();
        }
        OrderOpening.requirePoseidon(poseidon_);
        (ledger, bond, poseidon) = (ledger_, bond_, poseidon_);
        (perReceipt, cap, claimWindow) = (perReceipt_, cap_, claimWindow_);
    }

    /// @notice Takes what the bond pays into the pot.
    receive() external payable {
        if (msg.sender != address(bond)) revert NotTheBond(msg.sender);
    }

    /// @inheritdoc IRedemption
    function open(uint64 epoch) external {
        (, uint64 end) = ledger.rangeOf(epoch);
        if (!ledger.isVoid(epoch, end)) revert NotAbandoned(epoch);
        if (potOf[epoch].until != 0) revert AlreadyOpened(epoch);
        uint64 until = uint64(block.timestamp) + claimWindow;
        potOf[epoch].until = until;
        emit ClaimsOpened(epoch, until);
    }

    /// @inheritdoc IRedemption
    function claim(
        Receipt calldata receipt,
        Signature calldata signature,
        Opening calldata opening,
        OrderDetails calldata details
    ) external {
        if (block.timestamp > potOf[receipt.epoch].until) revert ClaimsClosed(receipt.epoch);
        if (receipt.assignment == 0 || !ledger.isVoid(receipt.epoch, receipt.batch)) revert NothingPromised();
        bytes32 separator = ledger.domainSeparator();
        address signer = ReceiptSignature.signerOf(separator, receipt, signature.r, signature.vs);
        if (signer == address(0) || signer != ledger.signerOf(receipt.epoch)) revert SignatureRefused();
        uint256 found = opening.commitmentOf(poseidon);
        if (found != receipt.commitment || details.fieldOf(separator) != opening.details) {
            revert CommitmentMismatch(found);
        }
        if (details.account != msg.sender) revert NotTheTrader(details.account);
        if (claimantOf[receipt.epoch][receipt.batch][receipt.slot] != address(0)) {
            revert AlreadyClaimed(receipt.batch, receipt.slot);
        }
        claimantOf[receipt.epoch][receipt.batch][receipt.slot] = msg.sender;
        ++potOf[receipt.epoch].claims;
        emit Claimed(receipt.epoch, receipt.batch, receipt.slot, msg.sender);
    }

    /// @inheritdoc IRedemption
    function settle(uint64 epoch) external {
        Pot storage pot = potOf[epoch];
        uint64 claims = pot.claims;
        if (pot.settled || claims == 0 || block.timestamp <= pot.until) revert NotSettled(epoch);
        pot.settled = true;
        uint256 wanted = claims * perReceipt;
        uint256 share = bond.fillPot(wanted < cap ? wanted : cap) / claims;
        pot.share = share;
        emit Settled(epoch, claims, share);
        if (share != 0) bond.collect(address(this));
    }

    /// @inheritdoc IRedemption
    function redeem(uint64 epoch, uint64 batch, uint16 slot) external {
        address account = claimantOf[epoch][batch][slot];
        if (!potOf[epoch].settled || account == address(0)) revert NotSettled(epoch);
        if (_redeemed[epoch][batch][slot]) revert AlreadyClaimed(batch, slot);
        _redeemed[epoch][batch][slot] = true;
        _credit(account, potOf[epoch].share);
    }
}
