import type { ChallengeEvent } from '../../src/chain/challenge-history.ts'
import { secondsText } from './text.ts'

/** Ether of wei, as exact as it is. */
export function etherText(wei: bigint): string {
  const places = `${wei % 10n ** 18n}`.padStart(18, '0').replace(/0+$/, '')
  return `${wei / 10n ** 18n}${places === '' ? '' : `.${places}`} ETH`
}

/** Classes of faults, as people call them. */
const FAULTS: Readonly<Record<string, string>> = {
  contradiction: 'a receipt that the batch contradicts',
  equivocation: 'two receipts that contradict each other',
  duplicate: 'an order accepted twice',
  overdue: 'a batch that did not come',
  unreported: 'work that no report shows',
  reportIgnored: 'a report that was not applied',
  forcedIgnored: 'forced orders that were not taken',
  abandoned: 'an epoch given up',
  seedMissed: 'a seed’s block missed',
  sealedWithheld: 'a sealed batch not delivered',
}

/** What an event is called, whether it speaks against the operator, and what it says. */
export interface ChallengeText {
  readonly name: string
  readonly kind: 'good' | 'bad' | 'busy' | 'plain'
  readonly says: string
}

/** An event in words. */
export function challengeText(event: ChallengeEvent): ChallengeText {
  switch (event.kind) {
    case 'slashed': {
      const lost = etherText(event.burned + event.reward)
      return { name: 'slashed', kind: 'bad', says: `${FAULTS[event.fault] ?? event.fault}: ${lost} lost` }
    }
    case 'noticed': {
      const until = `${secondsText(event.untilTimeS)} and block ${event.untilBlock}`
      return {
        name: 'overdue',
        kind: 'busy',
        says: `batch ${event.batch} of epoch ${event.epoch} has time until ${until}`,
      }
    }
    case 'demanded': {
      const until = `${secondsText(event.untilTimeS)} and block ${event.untilBlock}`
      const asked = `the report of shard ${event.shard} behind batch ${event.batch}`
      return { name: 'report demanded', kind: 'busy', says: `${asked}, to be shown until ${until}` }
    }
    case 'shown':
      return { name: 'report shown', kind: 'good', says: `of shard ${event.shard}, for batch ${event.batch}` }
    case 'report-posted': {
      const due = `to be applied from ${secondsText(event.dueTimeS)}`
      return { name: 'report posted', kind: 'plain', says: `${event.counter} ticks of shard ${event.shard}, ${due}` }
    }
    case 'forced':
      return { name: 'order forced', kind: 'plain', says: `number ${event.number} of the queue` }
    case 'discharged':
      return { name: 'forced order taken', kind: 'good', says: `number ${event.number}, by batch ${event.batch}` }
    case 'frozen':
      return { name: 'frozen', kind: 'bad', says: `${event.left} forced orders were not taken in time` }
    case 'abandoned':
      return {
        name: 'epoch abandoned',
        kind: 'bad',
        says: `epoch ${event.epoch} ended before batch ${event.nextIndex}: ${event.reason}`,
      }
    case 'seed-missed':
      return { name: 'seed missed', kind: 'bad', says: `nobody opened epoch ${event.epoch} in time` }
  }
}
