import { catalogNames, costsWhatIsPinned } from './full-batch.ts'

/** Compiles every circuit of the catalog: minutes. */
describe('the catalog', function () {
  this.timeout(600_000)

  for (const name of catalogNames(false)) it(`${name} costs what is pinned`, () => costsWhatIsPinned(name))
})
