import { multipliedWords } from '../policy/multiplied.ts'
import type { EpochRecord } from './records.ts'

/** The words that an epoch's batches are proven under: those of its policy as published, with weights multiplied. */
export const epochWords = ({
  policy,
  multipliers = [],
}: {
  readonly policy: { readonly words: readonly bigint[] }
  readonly multipliers?: EpochRecord['multipliers']
}): bigint[] => multipliedWords(policy.words, multipliers)
