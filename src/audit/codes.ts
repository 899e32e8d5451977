/**
 * The steps of an audit and the codes of each: what a check is named after. Names are stable: scripts match on them. A code belongs to one step, and a step reports its
 * own codes alone, which the compiler holds it to.
 */
export const STEPS = {
  records: {
    title: 'Chain records',
    codes: {
      'chain-records': 'the endpoint tells what the contracts can have written',
      'batch-event': "the event's beneficiary and count are those of the calldata",
      'ledger-head': "the ledger's head is the one that the last batch left",
      'bundle-chain': 'the chain accepted this batch, with this record',
    },
  },
  epochs: {
    title: 'Epochs and seeds',
    codes: {
      'epoch-sequence': 'epochs are numbered from 1 and each begins after the one before',
      'epoch-key': 'the epoch names a signer and a key commitment in the field',
      'epoch-seed': "the seed follows from the epoch's announced block",
      'epoch-announced': 'the epoch is the one that its announcement told of',
      'batch-epoch': 'the batch belongs to the open epoch that its index selects',
      'bundle-epoch': "the bundle's signer, key commitment, seed and policy are those of the batch's epoch",
    },
  },
  policy: {
    title: 'Policy, timelock and guard rails',
    codes: {
      'policy-rules': 'the published policy keeps every rule of the protocol',
      'policy-hash': 'the published policy has the hash that the epoch names',
      'policy-words':
        "the words that batches are proven under are those of the published policy, weights times the epoch's multipliers",
      'epoch-multipliers':
        'the epoch multiplies weights by what reputation had concluded by then, two epochs late and inside its bounds',
      'reputation-steps':
        'reputation concludes epoch after epoch, and moves each multiplier by at most 8, within 128 … 256',
      'policy-published': 'every policy that the registry names was published in full before',
      'policy-timelock': 'a policy was queued, waited its delay, and was activated in its window and its order',
      'policy-guard-rails': 'a retune changed weights alone, inside band, step and interval',
      'policy-in-force': 'the epoch was announced under the policy that was in force',
      'fee-range': 'every fee lies between feeMin and feeMax',
      'assignment-range': 'every assignment names a shard that exists, or none',
    },
  },
  keys: {
    title: 'Verifying keys',
    codes: {
      'verifier-id': "the verifier's id is the hash of its circuit's shape and key",
      'verifier-key': "the verifier's key is made of valid points, and proofs under it cannot be forged",
      'verifier-shape': "the verifier proves the epoch's kind of policy for the ledger's shards",
      'batch-verifier': "the batch was proven with one of its epoch's verifiers",
      'bundle-circuit': "circuit and verifier id name one of the epoch's verifiers",
    },
  },
  continuity: {
    title: 'Continuity of state, time and counters',
    codes: {
      'genesis-state': "the ledger's genesis state is the hash of S idle shards",
      'batch-index': 'batches follow each other without a gap',
      'previous-head': 'the batch continues the head that the last one left',
      'batch-time': 'at least minInterval after the last batch, and not ahead of its block',
    },
  },
  served: {
    title: 'Served work',
    codes: {
      'served-counters': 'service counters never go back, and those of shards that do not report never move',
    },
  },
  statement: {
    title: 'The published vector V',
    codes: {
      'statement-form': 'V is well-formed: fields in range, no stray bits, empty slots empty',
      'bundle-form': 'the bundle is well-formed, in canonical text',
      'bundle-counts': "the bundle's index, time and counts are those of its statement",
    },
  },
  duplicates: {
    title: 'Duplicates',
    codes: {
      'commitment-unique': 'no commitment appears twice in the batch',
      'accepted-once': 'no commitment was accepted in an earlier batch',
    },
  },
  roots: {
    title: 'Hashes and roots',
    codes: {
      'statement-hash': 'the rebuilt V has the hash that was published',
      'order-root': 'the order tree of the batch has the published root',
      'bundle-terms': "the bundle's terms are those of its statement",
      'batch-head': 'the published head is what the batch leaves',
      'batch-record': 'the stored record opens to order root, V hash, head and terms',
      'batch-seal': 'a sealed batch is what was sealed before anybody knew its seed',
    },
  },
  signer: {
    title: 'Signer',
    codes: {
      'batch-signature': "the epoch's signer signed the batch",
    },
  },
  proofs: {
    title: 'Proofs',
    codes: {
      'statement-digest': 'D is the sponge of the rebuilt V',
      'bundle-binding': "the proof's public signals are those of the statement, ledger, beneficiary and verifier",
      proof: 'the proof verifies for D, alpha and y of the rebuilt V',
    },
  },
  receipts: {
    title: 'Receipts',
    codes: {
      'receipt-form': 'the receipt is one, with its signature, in canonical text',
      'receipt-signature': "the signer of the receipt's epoch signed it",
      'receipt-kept': 'the accepted batch says what the receipt promised',
      'receipt-once': 'no two receipts contradict each other',
      'receipt-overdue': "the receipt's batch was accepted within the ledger's deadline, or given up with its epoch",
    },
  },
  forced: {
    title: 'Forced orders',
    codes: {
      'forced-queue': 'forced orders are queued, due and discharged in their order',
      'forced-taken': 'every group of forced orders was taken by its deadline',
      'forced-discharge': 'the batch that an order was discharged with holds its commitment',
    },
  },
} as const

export type StepName = keyof typeof STEPS
type Codes = { readonly [Step in StepName]: keyof (typeof STEPS)[Step]['codes'] & string }
/** The closed union of a step's codes. */
export type CodeOf<Step extends StepName> = Codes[Step]
/** The codes of all steps: what a report names its checks by. */
export type CheckName = Codes[StepName]

/** The names of the steps, in the order in which an audit makes them. */
// Object.keys loses the names that STEPS fixes.
export const STEP_NAMES = Object.keys(STEPS) as readonly StepName[]

/** Every check by name, with what holds when it passes. */
// Object.fromEntries loses the names that STEPS fixes.
export const CHECKS = Object.fromEntries(STEP_NAMES.flatMap((step) => Object.entries(STEPS[step].codes))) as Readonly<
  Record<CheckName, string>
>

const STEP_BY_CODE: ReadonlyMap<string, StepName> = new Map(
  STEP_NAMES.flatMap((step) => Object.keys(STEPS[step].codes).map((code) => [code, step] as const)),
)

/** The step that a code belongs to. */
export function stepOf(name: CheckName): StepName {
  // Every code stands in the table that the map is made of.
  return STEP_BY_CODE.get(name) as StepName
}
