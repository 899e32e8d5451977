import { BatchBundleView } from './batches.ts'

/** A batch's view once all of it is there, without its state. */
export const BundleView = BatchBundleView.omit({ state: true })
  .required()
  .meta({ id: 'Bundle', description: 'An accepted batch as auditors take it. No order can be read from it.' })
