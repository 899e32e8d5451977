/*
 * ethers drops the high bits of a value that is narrower than its word, so that many texts read as one. Contracts write one text only: whatever was not written
 * by them must not read like it.
 */
import { type EventLog, getAddress, type Interface, type Result } from 'ethers'
import { ChainError } from './error.ts'

/** Decodes what a view answered. @throws ChainError `CHAIN_RECORD_INVALID` for anything but what the contract can have written. */
export function decodeAnswer(abi: Interface, view: string, answer: string): Result {
  return written(`the answer to ${view} is not one of the contract`, () => {
    const fields = abi.decodeFunctionResult(view, answer)
    return abi.encodeFunctionResult(view, fields) === answer.toLowerCase() && fields
  })
}

/** The arguments of an event. @throws ChainError `CHAIN_RECORD_INVALID` unless `emitter` can have written exactly this log. */
export function decodeEvent(log: EventLog, emitter: string): Result {
  return written(`a log of ${log.eventName} is not one of the contract`, () => {
    const { topics, data } = log.interface.encodeEventLog(log.fragment, log.args)
    const same = data === log.data.toLowerCase() && `${topics}` === `${log.topics}`.toLowerCase()
    return same && getAddress(log.address) === getAddress(emitter) && log.args
  })
}

/** Runs a decoder; its `false` and its errors are ours. */
function written(message: string, decode: () => Result | false): Result {
  let fields: Result | false
  try {
    fields = decode()
  } catch (cause) {
    throw new ChainError('CHAIN_RECORD_INVALID', message, { cause })
  }
  if (!fields) throw new ChainError('CHAIN_RECORD_INVALID', message)
  return fields
}
