import type { Migration } from 'kysely'
import { lane } from './0001-lane.ts'
import { edge } from './0002-edge.ts'
import { checked } from './0003-checked.ts'
import { erasure } from './0004-erasure.ts'
import { access } from './0005-access.ts'
import { events } from './0006-events.ts'
import { together } from './0007-together.ts'
import { epochs } from './0008-epochs.ts'
import { reports } from './0009-reports.ts'
import { sealed } from './0010-sealed.ts'
import { epochEnd } from './0011-epoch-end.ts'

/** Every migration by name; they run in the order of their names, each once, and are never changed afterwards. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-lane': lane,
  '0002-edge': edge,
  '0003-checked': checked,
  '0004-erasure': erasure,
  '0005-access': access,
  '0006-events': events,
  '0007-together': together,
  '0008-epochs': epochs,
  '0009-reports': reports,
  '0010-sealed': sealed,
  '0011-epoch-end': epochEnd,
}
