import type { CircuitInputs } from '../../witness/witness.ts'
import { ProverError } from '../error.ts'
import type { ProvenStatement, Prover, ProverHealth } from '../prover.ts'
import { type SelfProof, selfProve } from './self-proof.ts'

/** Failures that another backend, or a fresh process, may not have. What the inputs or the caller are to blame for is not among them. */
const RETRYABLE: readonly string[] = ['PROVER_CRASHED', 'PROVER_TIMEOUT', 'PROOF_FAILED', 'PROOF_INVALID']
/** So many failures in a row put a backend behind the others… */
const PATIENCE = 2
/** … for so long, ms. */
const REST_MS = 60_000

interface Candidate {
  readonly prover: Prover
  /** Wall time of its last proof, ms; unknown before the first. */
  proveMs: number | undefined
  failures: number
  failedAt: number
  /** Why it failed last, while it has not worked since. */
  code: string | undefined
}

/** How a job went to another backend. */
export type OnFailure = (failed: { readonly backend: string; readonly code: string; readonly next: string }) => void

/**
 * Several backends as one: each job goes to the fastest that works, and when that one crashes, hangs, or makes a proof that does not verify, once more
 * to the next (or to the same, restarted, when it is the only one).
 */
export class FallbackProver implements Prover {
  readonly #candidates: readonly Candidate[]
  readonly #onFailure: OnFailure

  /** @param provers at least one, in the order of preference; closed with this one. */
  constructor(provers: readonly Prover[], onFailure: OnFailure = () => {}) {
    this.#candidates = provers.map((prover) => ({
      prover,
      proveMs: undefined,
      failures: 0,
      failedAt: 0,
      code: undefined,
    }))
    this.#onFailure = onFailure
  }

  /** Of the backend that the next job goes to. */
  get name(): string {
    return this.#order()[0]?.prover.name ?? 'none'
  }

  /**
   * Tries the backends on the actual circuit, so that the fastest which works is known before a job comes: all but the last, and that one only when no other
   * works, as it is the slow one that always runs.
   * @throws ProverError PROVER_UNAVAILABLE when none works, with each one's reason.
   */
  async selfProve(circuit: string, inputs: CircuitInputs): Promise<void> {
    const last = this.#candidates.at(-1)
    for (const candidate of this.#candidates) {
      if (candidate === last && this.#candidates.some(({ proveMs }) => proveMs !== undefined)) return
      this.#note(candidate, await selfProve(candidate.prover, circuit, inputs))
    }
    const { ok, message } = this.health()
    if (!ok) throw new ProverError('PROVER_UNAVAILABLE', message)
  }

  async prove(
    circuit: string,
    inputs: CircuitInputs,
    options: { signal?: AbortSignal } = {},
  ): Promise<ProvenStatement> {
    const [first, second = first] = this.#order()
    if (!first || !second) throw new ProverError('PROVER_UNAVAILABLE', 'there is no backend')
    try {
      return await this.#attempt(first, circuit, inputs, options)
    } catch (error) {
      if (!(error instanceof ProverError) || !RETRYABLE.includes(error.code) || options.signal?.aborted) throw error
      this.#onFailure({ backend: first.prover.name, code: error.code, next: second.prover.name })
      return this.#attempt(second, circuit, inputs, options)
    }
  }

  health(): ProverHealth {
    const working = this.#order().find(({ code }) => code === undefined)
    if (!working) {
      const reasons = this.#candidates.map(({ prover, code }) => `${prover.name} ${code}`)
      return { ok: false, message: `no backend makes proofs: ${reasons.join(', ')}` }
    }
    const { prover, proveMs } = working
    return {
      ok: true,
      message: `${prover.name}, ${proveMs === undefined ? 'not tried yet' : `last proof ${Math.round(proveMs)} ms`}`,
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#candidates.map(({ prover }) => prover.close()))
  }

  async #attempt(
    candidate: Candidate,
    circuit: string,
    inputs: CircuitInputs,
    options: { signal?: AbortSignal },
  ): Promise<ProvenStatement> {
    try {
      const statement = await candidate.prover.prove(circuit, inputs, options)
      this.#note(candidate, { ok: true, totalMs: 0, ...statement })
      return statement
    } catch (error) {
      if (error instanceof ProverError && RETRYABLE.includes(error.code))
        this.#note(candidate, { ok: false, code: error.code, message: error.message })
      throw error
    }
  }

  #note(candidate: Candidate, outcome: SelfProof): void {
    if (outcome.ok) {
      Object.assign(candidate, { proveMs: outcome.proveMs, failures: 0, code: undefined })
    } else {
      Object.assign(candidate, { failures: candidate.failures + 1, failedAt: performance.now(), code: outcome.code })
    }
  }

  /** Rested ones first, those that failed their only try or keep failing last; by speed where it is known, else as they were given. */
  #order(): Candidate[] {
    const rests = ({ failures, failedAt, proveMs }: Candidate): boolean =>
      failures >= (proveMs === undefined ? 1 : PATIENCE) && performance.now() - failedAt < REST_MS
    const known = this.#candidates.filter(({ proveMs }) => proveMs !== undefined)
    const bySpeed = known.sort((a, b) => (a.proveMs ?? 0) - (b.proveMs ?? 0)).values()
    // Those not tried keep their places; the others share theirs by speed.
    const sorted = this.#candidates.map((candidate) =>
      candidate.proveMs === undefined ? candidate : (bySpeed.next().value ?? candidate),
    )
    return [...sorted.filter((candidate) => !rests(candidate)), ...sorted.filter(rests)]
  }
}
