import type { Lane, LaneWait } from "../../../domain/documents/timeline.ts"
import type { AxisName, Span } from "./viewport.ts"

/** Which wait: the place of its lane, and its own place in there. */
export interface WaitPlace {
  readonly lane: number
  readonly wait: number
}

type Lanes = ReadonlyArray<Lane>

/** Undefined where there is none: a link may name any. */
export const waitAt = (lanes: Lanes, { lane, wait }: WaitPlace): LaneWait | undefined =>
  lanes[lane]?.waits[wait]

/** The place of the same wait in a lane: its own, or the other one's; null: that lane has none. */
export const sameIn = (lanes: Lanes, place: WaitPlace, lane: number): number | null =>
  lane === place.lane ? place.wait : (waitAt(lanes, place)?.other ?? null)

/** From where to where a wait lasts. */
export const extentOf = (wait: LaneWait, axis: AxisName): Span =>
  axis === "time" ? { min: wait.beginTimeUs, max: wait.endTimeUs } : { min: wait.beginRow, max: wait.endRow }

export const overlap = (one: Span, other: Span): boolean => one.max >= other.min && one.min <= other.max
