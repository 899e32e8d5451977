import { AbiCoder, Interface, keccak256 } from 'ethers'
import type { Hex32 } from '../base/keccak.ts'
import { readArtifact } from './artifact.ts'
import { poseidonCode } from './poseidon-contract.ts'
import { FAULTS, type SystemConfig } from './system-config.ts'
import type { SystemAddresses, SystemContract } from './system-contracts.ts'

/** State hashes and shards, which follow from the circuits. */
export interface SystemShape {
  readonly shards: number
  readonly genesisState: bigint
  readonly resetState: bigint
}

/** One contract of the plan. */
export interface PlannedContract {
  readonly key: SystemContract
  /** Name in `build/contracts`; `undefined` for Poseidon, whose code is generated. */
  readonly contract: string | undefined
  readonly args: readonly unknown[]
  /** Creation code with arguments. */
  readonly initCode: string
  /** What its views must answer once it is there. */
  readonly answers: readonly Answer[]
  /** A contract that it makes for itself, and what that must answer. */
  readonly part?: PlannedPart
}

/** Part of a contract that has code of its own. */
export interface PlannedPart {
  /** View of the whole that tells where it is. */
  readonly view: string
  /** Name in `build/contracts`. */
  readonly contract: string
  readonly answers: readonly Answer[]
}

/** What a view must answer; `what` names it in errors. */
export interface Answer {
  readonly what: string
  readonly view: string
  readonly args: readonly unknown[]
  readonly expected: unknown
}

/** Answers of views without arguments. */
export const gettersAnswer = (getters: Readonly<Record<string, unknown>>): Answer[] =>
  Object.entries(getters).map(([view, expected]) => ({ what: view, view, args: [], expected }))

/** The whole system as transactions, in their order. */
export function planSystem(
  root: string,
  config: SystemConfig,
  shape: SystemShape,
  operator: string,
  at: SystemAddresses,
): PlannedContract[] {
  const { ledger, bond, challenges, inbox, redemption, reputation } = config
  const insurance = reputation.insurance ?? operator
  const { registry, seedSource, verifierFactory, poseidon, segments } = at
  const { answerTimeS, answerBlocks, challengeBond } = challenges
  const windows = { answerTime: BigInt(answerTimeS), answerBlocks: BigInt(answerBlocks) }
  const both = { ledger: at.ledger, bond: at.bond }
  const amounts = FAULTS.map((fault) => bond.amounts[fault])
  const slashers = [at.receiptChallenges, at.reportChallenges, at.inbox]
  const bondConfig = {
    ledger: at.ledger,
    slashers,
    pot: at.redemption,
    withdrawalDelay: bond.withdrawalDelayS,
    minimum: bond.minimum,
    amounts,
  }
  const ledgerConfig = {
    operator,
    registry,
    seedSource,
    verifierFactory,
    genesisState: shape.genesisState,
    resetState: shape.resetState,
    deadline: ledger.deadlineS,
    finalityDepth: ledger.finalityDepth,
    minInterval: ledger.minIntervalUs,
    seedDelay: ledger.seedDelay,
    inbox: at.inbox,
    penalty: at.bond,
    reputation: at.reputation,
  }
  const plan = (
    key: SystemContract,
    contract: string | undefined,
    args: readonly unknown[],
    getters: Readonly<Record<string, unknown>> = {},
    more: readonly Answer[] = [],
    part?: PlannedPart,
  ): PlannedContract => {
    const answers = [...gettersAnswer(getters), ...more]
    return { key, contract, args, initCode: initCodeOf(root, contract, args), answers, ...(part && { part }) }
  }
  const shards = BigInt(shape.shards)
  const terms = gettersAnswer({ registry, verifierFactory, reputation: at.reputation, shards })
  return [
    plan('registry', 'PolicyRegistry', [operator, shape.shards, config.policyDelayS], {
      shards,
      delay: BigInt(config.policyDelayS),
    }),
    plan('seedSource', 'BlockHashSeedSource', []),
    plan('verifierFactory', 'VerifierFactory', []),
    plan('poseidon', undefined, []),
    plan('segments', 'SegmentRegistry', [at.ledger, registry, config.segmentDelayS], {
      ledger: at.ledger,
      policyRegistry: registry,
      delay: BigInt(config.segmentDelayS),
    }),
    plan(
      'bond',
      'Bond',
      [bondConfig],
      {
        ledger: at.ledger,
        pot: at.redemption,
        withdrawalDelay: BigInt(bond.withdrawalDelayS),
        minimum: bond.minimum,
      },
      // Amounts and slashers are in storage, which code and immutables do not show.
      [
        ...FAULTS.map((fault, i) => ({ what: fault, view: 'amountOf', args: [i], expected: bond.amounts[fault] })),
        ...slashers.map((slasher) => ({
          what: `isSlasher ${slasher}`,
          view: 'isSlasher',
          args: [slasher],
          expected: true,
        })),
      ],
    ),
    plan('receiptChallenges', 'ReceiptChallenges', [at.ledger, at.bond, answerTimeS, answerBlocks], {
      ...both,
      ...windows,
    }),
    plan(
      'reportChallenges',
      'ReportChallenges',
      [at.ledger, at.bond, registry, challengeBond, answerTimeS, answerBlocks],
      { ...both, ...windows, registry, challengeBond },
    ),
    plan(
      'inbox',
      'ForcedInbox',
      [at.ledger, at.bond, poseidon, segments, inbox.fee, inbox.deadlineS, inbox.groupSize],
      {
        ...both,
        poseidon,
        segments,
        fee: inbox.fee,
        deadline: BigInt(inbox.deadlineS),
        groupSize: BigInt(inbox.groupSize),
      },
    ),
    plan(
      'redemption',
      'Redemption',
      [at.ledger, at.bond, poseidon, redemption.perReceipt, redemption.cap, redemption.claimWindowS],
      {
        ...both,
        poseidon,
        perReceipt: redemption.perReceipt,
        cap: redemption.cap,
        claimWindow: BigInt(redemption.claimWindowS),
      },
    ),
    plan(
      'ledger',
      'RoutingLedger',
      [ledgerConfig],
      {
        registry,
        seedSource,
        verifierFactory,
        genesisState: shape.genesisState,
        resetState: shape.resetState,
        deadline: BigInt(ledger.deadlineS),
        finalityDepth: BigInt(ledger.finalityDepth),
        minInterval: BigInt(ledger.minIntervalUs),
        seedDelay: BigInt(ledger.seedDelay),
        inbox: at.inbox,
        penalty: at.bond,
        reputation: at.reputation,
      },
      [],
      { view: 'epochTerms', contract: 'EpochTerms', answers: terms },
    ),
    plan(
      'reputation',
      'Reputation',
      [at.ledger, registry, seedSource, insurance, reputation.unit, reputation.samples, reputation.evidence],
      {
        ledger: at.ledger,
        registry,
        seedSource,
        insurance,
        unit: reputation.unit,
        samples: BigInt(reputation.samples),
        evidence: BigInt(reputation.evidence),
      },
    ),
  ]
}

/** Names what the plan makes, addresses of its own contracts included: the same config compiled from the same sources. */
export function configHash(plan: readonly PlannedContract[]): Hex32 {
  return keccak256(AbiCoder.defaultAbiCoder().encode(['bytes[]'], [plan.map(({ initCode }) => initCode)]))
}

function initCodeOf(root: string, contract: string | undefined, args: readonly unknown[]): string {
  if (contract === undefined) return poseidonCode()
  const { abi, bytecode } = readArtifact(root, contract)
  return bytecode + new Interface(abi).encodeDeploy(args).slice(2)
}
