import { readFileSync } from 'node:fs'
import { FIELD_MODULUS } from '../../../src/base/field.ts'
import type { CircuitInputs } from '../../../src/witness/witness.ts'

/** What circom's WASM exports (circom 2 witness calculator). Values pass through a shared buffer, one uint32 at a time. */
interface Exports {
  init(check: number): void
  setInputSignal(hashHigh: number, hashLow: number, position: number): void
  writeSharedRWMemory(word: number, value: number): void
  readSharedRWMemory(word: number): number
  getWitnessSize(): number
  getWitness(wire: number): void
}

const WORDS = 8 // uint32s in a field element

/** The circuit has no witness for these inputs: one of its own checks failed while computing it. */
export class Unsatisfiable extends Error {}

/** Computes witnesses with a compiled circuit; compiled once, used for any number of inputs. */
export class Calculator {
  readonly #module: WebAssembly.Module
  #instance: Exports | undefined

  constructor(wasm: string) {
    this.#module = new WebAssembly.Module(readFileSync(wasm))
  }

  /** @returns the value of every wire. @throws Unsatisfiable. */
  witness(inputs: CircuitInputs): bigint[] {
    this.#instance ??= instantiate(this.#module)
    const wasm = this.#instance
    try {
      wasm.init(0)
      for (const [name, value] of Object.entries(inputs)) {
        const [high, low] = fnv(name)
        const values = typeof value === 'bigint' ? [value] : value
        values.forEach((element, position) => {
          write(wasm, element)
          wasm.setInputSignal(high, low, position)
        })
      }
      return Array.from({ length: wasm.getWitnessSize() }, (_, wire) => {
        wasm.getWitness(wire)
        return read(wasm)
      })
    } catch (error) {
      this.#instance = undefined // a stopped instance is not used again
      throw error
    }
  }
}

function instantiate(module: WebAssembly.Module): Exports {
  const runtime = {
    exceptionHandler(code: number) {
      throw new Unsatisfiable(`exception ${code}`)
    },
    printErrorMessage() {},
    writeBufferMessage() {},
    showSharedRWMemory() {},
  }
  // The exports are fixed by circom, which WebAssembly's types cannot know.
  return new WebAssembly.Instance(module, { runtime }).exports as unknown as Exports
}

function write(wasm: Exports, value: bigint): void {
  const reduced = ((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS
  for (let word = 0; word < WORDS; word++) {
    wasm.writeSharedRWMemory(word, Number((reduced >> BigInt(32 * word)) & 0xffff_ffffn))
  }
}

function read(wasm: Exports): bigint {
  let value = 0n
  for (let word = WORDS - 1; word >= 0; word--) value = (value << 32n) | BigInt(wasm.readSharedRWMemory(word) >>> 0)
  return value
}

/** 64-bit FNV-1a of a signal's name, by which the WASM knows it, in two halves. */
function fnv(name: string): [number, number] {
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(name)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return [Number(hash >> 32n), Number(hash & 0xffff_ffffn)]
}
