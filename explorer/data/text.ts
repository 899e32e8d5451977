/** Values as people read them. */

/** µs since the Unix epoch as a date and time of this place. */
export const timeText = (micros: bigint): string => instant(Number(micros / 1000n))

/** Seconds since the Unix epoch as a date and time of this place. */
export const secondsText = (seconds: bigint | number): string => instant(Number(seconds) * 1000)

const instant = (ms: number): string =>
  new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A duration of seconds, in its largest whole unit. */
export function durationText(seconds: bigint): string {
  for (const [unit, size] of [
    ['day', 86_400n],
    ['hour', 3_600n],
    ['minute', 60n],
  ] as const)
    if (seconds >= size && seconds % size === 0n) return counted(Number(seconds / size), unit)
  return counted(Number(seconds), 'second')
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

export const number = (value: number | bigint): string => value.toLocaleString()

/** A share of 1 in percent. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`

/** Beginning and end of a long text. */
export const shortened = (text: string, ends = 6): string =>
  text.length <= 2 * ends + 4 ? text : `${text.slice(0, ends + 2)}…${text.slice(-ends)}`
