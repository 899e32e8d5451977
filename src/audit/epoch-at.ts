/** The epoch of a batch: the last one that begins at or before its index. The time has no say. */
export const epochAt = <Epoch extends { readonly firstBatch: bigint }>(
  epochs: readonly Epoch[],
  index: bigint,
): Epoch | undefined => epochs.findLast(({ firstBatch }) => firstBatch <= index)
