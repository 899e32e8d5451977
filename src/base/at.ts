import { ShapeError } from './error.ts'

/** `list[index]`, for an index that is known to lie inside. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new ShapeError('SHAPE_MISMATCH', `no item ${index}`)
  return item
}
