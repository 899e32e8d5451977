/** Lies about a ledger, one bent thing each. */
import { Interface, keccak256, Transaction, type TransactionLike, Wallet } from 'ethers'
import { z } from 'zod'
import { GROTH16_VERIFIER_ABI, POLICY_REGISTRY_ABI, ROUTING_LEDGER_ABI } from '../../src/chain/abi.ts'
import type { Lie, RpcRequest } from './lying-rpc.ts'

const contracts = [ROUTING_LEDGER_ABI, POLICY_REGISTRY_ABI, GROTH16_VERIFIER_ABI].map((abi) => new Interface(abi))

/** Flips one bit of 0x-prefixed hex. @param bit from the first byte's highest bit on, as one reads. */
export function flipBit(hex: string, bit: number): string {
  const at = 2 + Math.floor(bit / 4)
  const digit = Number.parseInt(hex.charAt(at), 16) ^ (8 >> (bit % 4))
  return hex.slice(0, at) + digit.toString(16) + hex.slice(at + 1)
}

/** Bits of a 0x-prefixed hex text. */
export const bitsOf = (hex: string): number => 4 * (hex.length - 2)

const Call = z.tuple([z.looseObject({ data: z.string().optional(), input: z.string().optional() })], z.unknown())

/** Whether a request is a call of a view. */
export function calls({ method, params }: RpcRequest, view: string): boolean {
  if (method !== 'eth_call') return false
  const [{ data, input }] = Call.parse(params)
  const selector = (data ?? input ?? '').slice(0, 10)
  return contracts.some((abi) => abi.getFunction(view)?.selector === selector)
}

/** Flips a bit in what a view answers. @param word which of its ABI words, @param bit of the word, 0 the highest. */
export const viewLie = (view: string, word: number, bit: number): Lie => ({
  say: (result, request) => (calls(request, view) ? flipBit(String(result), 256 * word + bit) : result),
})

/** Flips any bit of what a view answers, taken modulo the answer's length. */
export const anyBitLie = (view: string, bit: number): Lie => ({
  say: (result, request) => (calls(request, view) ? flipBit(String(result), bit % bitsOf(String(result))) : result),
})

const Log = z.looseObject({
  topics: z.array(z.string()),
  data: z.string(),
  transactionHash: z.string(),
})
type Log = z.infer<typeof Log>

/** Bends the logs of an event; those of queries for several batches are bent one and all but the given one left alone. */
export function logLie(event: string, bend: (log: Log) => object, which = 0): Lie {
  const topic = contracts[0]?.getEvent(event)?.topicHash
  return {
    say: (result, { method }) => {
      if (method !== 'eth_getLogs') return result
      const logs = z.array(Log).parse(result)
      const ofEvent = logs.filter(({ topics }) => topics[0] === topic)
      return logs.map((log) => (log === ofEvent[which] ? { ...log, ...bend(log) } : log))
    },
  }
}

const Sent = z.looseObject({ hash: z.string(), input: z.string() })

/** Bends a transaction's calldata and nothing else: its hash does not name it any more. */
export const calldataLie = (hash: string, bend: (calldata: string) => string): Lie => ({
  say: (result, { method }) => {
    const sent = method === 'eth_getTransactionByHash' ? Sent.parse(result) : undefined
    return sent?.hash === hash ? { ...sent, input: bend(sent.input) } : result
  },
})

const FORGER = new Wallet(keccak256('0x01'))

/**
 * A thorough liar: bends a transaction's calldata, signs what results with a key of its own, and tells of that transaction, by its own hash, wherever the real one is
 * told of. Nothing but what the calldata says is left to find it by.
 * @param raw the real transaction, signed, in hex.
 */
export function replacedTransactionLie(raw: string, bend: (calldata: string) => string): Lie {
  const real = Transaction.from(raw)
  const hash = String(real.hash)
  const { type, to, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas, value, chainId } = real
  const forged = Transaction.from({
    ...{ type, to, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas, value, chainId },
    data: bend(real.data),
  } satisfies TransactionLike)
  forged.signature = FORGER.signingKey.sign(forged.unsignedHash)
  const { signature } = forged
  const [there, here] = [hash, String(forged.hash)]
  const told = { hash: here, from: FORGER.address, input: forged.data, r: signature?.r, s: signature?.s }
  const parity = `0x${signature?.yParity ?? 0}`
  const replace = (value: unknown, from: string, to: string): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(from, to))
  return {
    ask: (request) => ({ ...request, params: z.array(z.unknown()).parse(replace(request.params, here, there)) }),
    say: (result, { method }) => {
      if (result === null || result === undefined) return result
      const sent = method === 'eth_getTransactionByHash' ? Sent.parse(result) : undefined
      if (sent?.hash === there) return { ...sent, ...told, v: parity, yParity: parity }
      return replace(result, there, here)
    },
  }
}
