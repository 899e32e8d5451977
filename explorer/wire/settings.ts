import { z } from 'zod'

/** Whom the explorer asks. An empty text leaves the choice to the explorer. */
export const Settings = z.strictObject({
  /** The service's root; the page's own origin when empty. */
  service: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** An RPC endpoint of the chain; the service passes calls on when empty. */
  rpc: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** The ledger's address; the service says when empty. */
  ledger: z.union([
    z.literal(''),
    z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address, 0x and 40 hex digits'),
  ]),
  /** Block from which to look for events. */
  fromBlock: z.int().min(0),
  /** Contracts that judge receipts and reports, where they cannot be derived from the ledger; they count only if its bond lets them slash. */
  challenges: z
    .union([
      z.literal(''),
      z.string().regex(/^0x[0-9a-fA-F]{40},0x[0-9a-fA-F]{40}$/, 'expected two addresses with a comma between'),
    ])
    .default(''),
})
export type Settings = z.infer<typeof Settings>

export const NO_SETTINGS: Settings = { service: '', rpc: '', ledger: '', fromBlock: 0, challenges: '' }
