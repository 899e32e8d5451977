import { TypedDataEncoder } from 'ethers'
import { z } from 'zod'
import { modField } from '../base/field.ts'
import { Address, Bytes32, Uint } from '../base/schema.ts'
import { type SigningDomain, typedDomain } from './domain.ts'

/** The terms of an order that the router never sees (protocol, section 1). Prices and fees are in the settlement contract's units. */
export const OrderDetails = z.strictObject({
  account: Address,
  market: Bytes32,
  price: Uint(256),
  /** Seconds since the Unix epoch. */
  expiry: Uint(64),
  nonce: Uint(64),
  /** 0 good till cancelled, 1 immediate or cancel, 2 fill or kill. */
  timeInForce: z.int().min(0).max(2),
  maxFee: Uint(256),
  /** At least 128 random bits: without them a commitment could be guessed. */
  salt: Bytes32,
})
export type OrderDetails = z.infer<typeof OrderDetails>

const TYPES = {
  OrderDetails: [
    { name: 'account', type: 'address' },
    { name: 'market', type: 'bytes32' },
    { name: 'price', type: 'uint256' },
    { name: 'expiry', type: 'uint64' },
    { name: 'nonce', type: 'uint64' },
    { name: 'timeInForce', type: 'uint8' },
    { name: 'maxFee', type: 'uint256' },
    { name: 'salt', type: 'bytes32' },
  ],
}

/** The field element that enters the commitment: the EIP-712 digest, with chain and ledger in its domain, mod p. */
export const detailsOf = (domain: SigningDomain, details: OrderDetails): bigint =>
  modField(BigInt(TypedDataEncoder.hash(typedDomain(domain), TYPES, details)))
