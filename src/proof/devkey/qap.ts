import { FIELD_MODULUS as P } from '../../base/field.ts'
import { ArtifactError } from '../error.ts'
import { forEachTerm, type R1cs } from '../r1cs.ts'
import { inverse, invertAll, power, rootOfUnity, ScalarWriter, TWO_ADICITY } from './arithmetic.ts'
import { CoefficientTable } from './coefficients.ts'
import type { ToxicWaste } from './waste.ts'

/** The discrete logarithms of a proving key's points, 32 little-endian bytes each, in wire order. */
export interface KeyScalars {
  /** A_i(tau), every wire. */
  readonly a: SharedArrayBuffer
  /** B_i(tau), every wire. */
  readonly b: SharedArrayBuffer
  /** (beta·A_i + alpha·B_i + C_i)(tau) / gamma for the constant and the public wires. */
  readonly ic: SharedArrayBuffer
  /** (beta·A_i + alpha·B_i + C_i)(tau) / delta for the other wires. */
  readonly c: SharedArrayBuffer
  /** L_(2i+1)(tau) / delta over the domain of size 2n: what the quotient's odd-coset values are multiplied by. */
  readonly h: SharedArrayBuffer
}

/** log2 of the evaluation domain: the smallest that holds every constraint and one more row for the constant and each public wire. */
export function domainLog2(r1cs: { readonly constraints: number; readonly publics: number }): number {
  const rows = r1cs.constraints + r1cs.publics + 1
  const log2 = Math.ceil(Math.log2(rows))
  if (log2 >= TWO_ADICITY)
    throw new ArtifactError('R1CS_INVALID', `${rows} rows need a domain of 2^${log2}, over the field's limit`)
  return log2
}

/**
 * Evaluates the quadratic arithmetic program at tau, in snarkjs's convention: Lagrange basis over the n-th roots of unity, constraint k
 * at root k, and rows behind the constraints that bind wire j to A with coefficient 1 for the constant and each public wire.
 * @throws ArtifactError R1CS_INVALID; KEY_UNSAFE when a secret is 0 or tau is a root of unity (probability about 2^-225).
 */
export function evaluateQap(r1cs: R1cs, waste: ToxicWaste): KeyScalars {
  const log2 = domainLog2(r1cs)
  const size = 2 ** log2
  const { tau, alpha, beta, gamma, delta } = waste
  if (tau * alpha * beta * gamma * delta === 0n || power(tau, BigInt(2 * size)) === 1n || gamma === delta) {
    throw new ArtifactError('KEY_UNSAFE', 'this seed gives degenerate secrets; take another')
  }
  const basis = lagrange(log2, tau, 1n, rootOfUnity(log2), size)
  const coefficients = new CoefficientTable()
  const zeros = (): bigint[] => new Array<bigint>(r1cs.wires).fill(0n)
  const columns = [zeros(), zeros(), zeros()] as const
  const [a, b, c] = columns
  forEachTerm(r1cs, (matrix, constraint, wire, offset) => {
    const { signed } = coefficients.at(r1cs.body, offset)
    // forEachTerm names no others.
    const column = columns[matrix as 0 | 1 | 2]
    column[wire] = (column[wire] ?? 0n) + signed * (basis[constraint] ?? 0n)
  })
  for (let wire = 0; wire <= r1cs.publics; wire++) a[wire] = (a[wire] ?? 0n) + (basis[r1cs.constraints + wire] ?? 0n)

  const scalars = {
    a: new ScalarWriter(r1cs.wires),
    b: new ScalarWriter(r1cs.wires),
    ic: new ScalarWriter(r1cs.publics + 1),
    c: new ScalarWriter(r1cs.wires - r1cs.publics - 1),
    h: new ScalarWriter(size),
  }
  const [perGamma, perDelta] = [inverse(gamma), inverse(delta)]
  for (let wire = 0; wire < r1cs.wires; wire++) {
    const [ai, bi] = [reduce(a[wire] ?? 0n), reduce(b[wire] ?? 0n)]
    const sum = reduce(beta * ai + alpha * bi + (c[wire] ?? 0n))
    scalars.a.push(ai)
    scalars.b.push(bi)
    if (wire <= r1cs.publics) scalars.ic.push((sum * perGamma) % P)
    else scalars.c.push((sum * perDelta) % P)
  }
  const root = rootOfUnity(log2 + 1)
  for (const value of lagrange(log2 + 1, tau, root, (root * root) % P, size)) scalars.h.push((value * perDelta) % P)
  return { a: scalars.a.buffer, b: scalars.b.buffer, ic: scalars.ic.buffer, c: scalars.c.buffer, h: scalars.h.buffer }
}

/**
 * Lagrange polynomials over the domain of 2^log2 roots of unity, at tau: `x·(tau^m − 1) / (m·(tau − x))` for the `count` roots
 * x = first, first·step, first·step², …
 */
function lagrange(log2: number, tau: bigint, first: bigint, step: bigint, count: number): bigint[] {
  const size = 2n ** BigInt(log2)
  const points: bigint[] = []
  for (let x = first; points.length < count; x = (x * step) % P) points.push(x)
  const values = points.map((x) => tau - x)
  invertAll(values)
  const factor = reduce((power(tau, size) - 1n) * inverse(size))
  return values.map((value, i) => reduce(((factor * value) % P) * (points[i] ?? 0n)))
}

function reduce(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}
