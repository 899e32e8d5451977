import type { MinedCall } from '../../chain/contract-caller.ts'

/** `sent     inbox.post in block 7, 90000 gas, 0x…` */
export const sentLine = ({ contract, method, transaction, block, gasUsed }: MinedCall): string =>
  `sent     ${contract}.${method} in block ${block}, ${gasUsed} gas, ${transaction}`
