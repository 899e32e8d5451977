import { FIELD_MODULUS, isFieldElement } from '../base/field.ts'
import type { CircuitInputs } from '../witness/witness.ts'
import { fromLittleEndian, toLittleEndian } from './bytes.ts'
import { ProverError } from './error.ts'

/** What circom 2's generated WASM exports, as far as it is used here. Signals are named by the two halves of a hash. */
interface CircomExports {
  readonly memory: WebAssembly.Memory
  /** Where in memory the 32 bytes (little endian) lie through which elements go in and out. */
  getSharedRWMemoryStart(): number
  init(sanityCheck: number): void
  getInputSize(): number
  getInputSignalSize(hashHigh: number, hashLow: number): number
  setInputSignal(hashHigh: number, hashLow: number, index: number): void
  getWitnessSize(): number
  getWitness(index: number): void
  getMessageChar(): number
}

/** The exception code for a constraint or `assert` that does not hold. */
const ASSERT_FAILED = 4

/** Computes witnesses of one circuit in its WASM, kept instantiated between calls. Nothing that a circuit logs is passed on. */
export class WitnessCalculator {
  readonly #module: WebAssembly.Module
  #exports: CircomExports | undefined
  /** Templates and lines of the last failed check, innermost first, such as `Error in template Num2Bits_0 line: 38`. */
  #trace: string[] = []

  private constructor(module: WebAssembly.Module) {
    this.#module = module
  }

  /** @param code the .wasm file that circom 2 wrote. */
  static async create(code: Uint8Array<ArrayBuffer>): Promise<WitnessCalculator> {
    return new WitnessCalculator(await WebAssembly.compile(code))
  }

  /**
   * The witness as a .wtns file (version 2), all wires in order.
   * @throws ProverError WITNESS_INPUT_INVALID with the signal's name; WITNESS_UNSATISFIED with the templates and lines that refused, and no value.
   */
  calculate(inputs: CircuitInputs): Uint8Array<ArrayBuffer> {
    this.#exports ??= this.#instantiate()
    try {
      this.#setInputs(this.#exports, inputs)
      return readWitness(this.#exports)
    } catch (error) {
      this.#exports = undefined // its state is half set
      throw error
    } finally {
      this.#trace = []
    }
  }

  #setInputs(wasm: CircomExports, inputs: CircuitInputs): void {
    const values = Object.entries(inputs).map(([name, value]) => ({
      name,
      hash: signalHash(name),
      elements: typeof value === 'bigint' ? [value] : value,
    }))
    wasm.init(0)
    const given = values.reduce((sum, { elements }) => sum + elements.length, 0)
    for (const { name, hash, elements } of values) {
      const size = wasm.getInputSignalSize(...hash)
      if (size < 0) throw invalid(`${name} is no input of the circuit`, name)
      if (size !== elements.length) throw invalid(`${name} has ${elements.length} elements, not ${size}`, name)
      if (!elements.every(isFieldElement)) throw invalid(`${name} is not below the field's modulus`, name)
    }
    if (given !== wasm.getInputSize()) throw invalid(`${given} elements given, not ${wasm.getInputSize()}`)
    for (const { hash, elements } of values) {
      elements.forEach((element, index) => {
        new Uint8Array(wasm.memory.buffer, wasm.getSharedRWMemoryStart(), 32).set(toLittleEndian(element))
        wasm.setInputSignal(...hash, index)
      })
    }
  }

  #instantiate(): CircomExports {
    const message = (): string => {
      let text = ''
      for (let char = exports.getMessageChar(); char !== 0; char = exports.getMessageChar())
        text += String.fromCharCode(char)
      return text
    }
    const runtime = {
      exceptionHandler: (code: number) => {
        if (code !== ASSERT_FAILED)
          throw new ProverError('PROOF_FAILED', `witness calculation failed with code ${code}`)
        throw new ProverError('WITNESS_UNSATISFIED', 'these inputs do not satisfy the circuit', {
          details: { trace: this.#trace },
        })
      },
      printErrorMessage: () => {
        this.#trace.push(message().trim())
      },
      writeBufferMessage: () => {
        message()
      },
      showSharedRWMemory: () => {},
    }
    // The exports' shape is circom's; a module from elsewhere fails at its first call.
    const exports = new WebAssembly.Instance(this.#module, { runtime }).exports as unknown as CircomExports
    return exports
  }
}

/** Bytes before the elements of a .wtns file: head, section 1 (element size, modulus, count), head of section 2. */
const WTNS_HEAD = 76

/** The first `count` public signals of a .wtns file as {@link WitnessCalculator} writes it: the wires behind the constant 1. */
export const publicSignalsOf = (witness: Uint8Array, count: number): bigint[] =>
  Array.from({ length: count }, (_, i) => {
    const at = WTNS_HEAD + 32 * (i + 1)
    return fromLittleEndian(witness.subarray(at, at + 32))
  })

function readWitness(wasm: CircomExports): Uint8Array<ArrayBuffer> {
  const count = wasm.getWitnessSize()
  const file = Buffer.alloc(WTNS_HEAD + 32 * count)
  file.write('wtns', 'latin1')
  file.writeUInt32LE(2, 4)
  file.writeUInt32LE(2, 8)
  file.writeUInt32LE(1, 12)
  file.writeBigUInt64LE(40n, 16)
  file.writeUInt32LE(32, 24)
  toLittleEndian(FIELD_MODULUS).copy(file, 28)
  file.writeUInt32LE(count, 60)
  file.writeUInt32LE(2, 64)
  file.writeBigUInt64LE(BigInt(32 * count), 68)
  const start = wasm.getSharedRWMemoryStart()
  let element = new Uint8Array(wasm.memory.buffer, start, 32)
  for (let wire = 0; wire < count; wire++) {
    wasm.getWitness(wire)
    if (element.length === 0) element = new Uint8Array(wasm.memory.buffer, start, 32) // the memory has grown
    file.set(element, WTNS_HEAD + 32 * wire)
  }
  return new Uint8Array(file.buffer, file.byteOffset, file.length)
}

/** FNV-1a of 64 bits, in halves: how circom names signals. */
function signalHash(name: string): [high: number, low: number] {
  let hash = 0xcbf29ce484222325n
  for (const char of name) hash = BigInt.asUintN(64, (hash ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n)
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)]
}

function invalid(message: string, signal?: string): ProverError {
  return new ProverError('WITNESS_INPUT_INVALID', message, signal === undefined ? {} : { details: { signal } })
}
