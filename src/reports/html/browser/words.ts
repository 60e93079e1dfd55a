import type { LaneWait } from "../../../domain/documents/timeline.ts"

/** How things are said in the timeline. */

export const milliseconds = (timeUs: number): string => `${(timeUs / 1000).toFixed(3)} ms`

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** Whose wait it is: `<SPOE> a2 waits for req of s3`. */
export const subjectOf = ({ requester, requesterKind, appletName, buffer }: LaneWait): string =>
  `${appletName ?? requesterKind} ${requester} waits for ${buffer === "own" ? "its own buffer" : buffer}`

/** How it went: lines that stand below its subject. */
export const wentOf = (wait: LaneWait): ReadonlyArray<string> => [
  `${wait.ending}${wait.change === null ? "" : ` · ${wait.change}`}`,
  `rows ${wait.beginRow} to ${wait.endRow}`,
  `${milliseconds(wait.beginTimeUs)} to ${milliseconds(wait.endTimeUs)}: ${milliseconds(wait.endTimeUs - wait.beginTimeUs)}`,
  `${wait.waiter === wait.requester ? "queued itself" : `${wait.waiter} queued in its stead`}; ${counted(wait.wakes, "wake")}, ${wait.futileWakes} futile`,
]

/** Labels of the time axis: seconds or milliseconds, as many digits as the distance of the ticks needs. */
export const timeTicks = (ticksUs: ReadonlyArray<number>, stepUs: number): Array<string> => {
  const [unit, perUnit] = stepUs >= 500_000 ? (["s", 1e6] as const) : (["ms", 1e3] as const)
  const digits = Math.max(0, Math.ceil(-Math.log10(stepUs / perUnit) - 1e-9) + (isRound(stepUs) ? 0 : 1))
  return ticksUs.map((tick) => `${(tick / perUnit).toFixed(digits)} ${unit}`)
}

/** Steps are 1, 2, 2.5 or 5 of a power of ten; 2.5 needs one digit more. */
const isRound = (step: number): boolean => !step.toExponential().startsWith("2.5")
