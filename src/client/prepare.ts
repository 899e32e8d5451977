import { hexlify } from 'ethers'
import { z } from 'zod'
import { modField } from '../base/field.ts'
import { jsonOf, jsonText } from '../base/json.ts'
import type { Hex32 } from '../base/keccak.ts'
import { FieldElement } from '../base/schema.ts'
import { detailsOf, OrderDetails } from '../order/details.ts'
import type { SigningDomain } from '../order/domain.ts'
import { commitmentOf, Order, type Segment } from '../order/order.ts'
import { ClientError } from './error.ts'

/** An order's terms, which the router never sees; the client adds the salt. Prices and fees in the settlement contract's units, expiry in s. */
export type OrderTerms = Omit<OrderDetails, 'salt'>

/** What a trader asks for: terms, or `details` made elsewhere (a field element that hides at least 128 random bits). `size` in whole lots. */
export type NewOrder = Pick<Order, 'size' | 'side'> &
  ({ readonly terms: OrderTerms; readonly details?: never } | { readonly details: bigint; readonly terms?: never })

/** An order that is ready to be sent, with all that opens its commitment. Private: keep it, for without it the order cannot be settled. */
export interface PreparedOrder extends Readonly<Order> {
  readonly commitment: bigint
  /** The terms with their salt; absent when `details` came from elsewhere. */
  readonly terms?: Readonly<OrderDetails>
}

/**
 * Makes an order: salts the terms, hashes them, commits. Nothing is sent.
 * @param domain the ledger at which the order can be settled; enters the details.
 * @throws ClientError `ORDER_INVALID`.
 */
export function prepareOrder(order: NewOrder, segment: Segment, domain: SigningDomain): PreparedOrder {
  const { size, side, terms: given } = order
  if (given === undefined) return committed({ size, side, segment, details: order.details })
  const terms = parse(OrderDetails, { ...written(given), salt: randomSalt() })
  return committed({ size, side, segment, details: detailsOf(domain, terms) }, terms)
}

/** 256 random bits of the platform's own generator. */
export const randomSalt = (): Hex32 => hexlify(crypto.getRandomValues(new Uint8Array(32)))

/** Details that stand for no terms: for trials, and for orders that are settled by other means. */
export const randomDetails = (): bigint => modField(BigInt(randomSalt()))

/** The order as JSON text, to be kept where only its owner reads. The inverse of {@link orderFromJson}. */
export const orderToJson = (order: PreparedOrder): string => jsonText(order)

const SavedOrder = z.strictObject({ ...Order.shape, commitment: FieldElement, terms: OrderDetails.optional() })

/** Reads an order that was kept. @throws ClientError `ORDER_INVALID`, also when the commitment is not the order's. */
export function orderFromJson(text: string): PreparedOrder {
  const { commitment, terms, ...order } = parse(SavedOrder, jsonOf(text))
  const prepared = committed(order, terms)
  if (prepared.commitment !== commitment) throw invalid(['commitment'])
  return prepared
}

function committed(order: Order, terms?: OrderDetails): PreparedOrder {
  const checked = parse(Order, written(order))
  return { ...checked, commitment: commitmentOf(checked), ...(terms && { terms }) }
}

/** Integers as schemas read them, from the wire: in decimal digits. */
const written = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
  )

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = schema.safeParse(value)
  if (error) throw invalid(error.issues.map(({ path }) => path.join('.')))
  return data
}

/** Names the places only: an order's values are private. */
const invalid = (fields: string[]): ClientError =>
  new ClientError('ORDER_INVALID', `the order does not have the form: ${fields.join(', ')}`, { details: { fields } })
