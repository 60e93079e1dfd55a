import type { Timeline } from "../../../domain/documents/timeline.ts"

/** Which part of a trace is in view, and on which axis. Pure: the charts of a trace share one of these. */

export type AxisName = "time" | "row"
export interface Span {
  readonly min: number
  readonly max: number
}
export interface Viewport {
  readonly axis: AxisName
  readonly span: Span
  readonly whole: Readonly<Record<AxisName, Span>>
}

/** The narrowest span: microseconds, or rows. */
const narrowest: Readonly<Record<AxisName, number>> = { time: 20, row: 8 }

export const wholeTrace = (timeline: Timeline, rowCount: number): Viewport => {
  const { firstTimeUs, lastTimeUs } = timeline
  const whole = {
    time: { min: firstTimeUs, max: Math.max(lastTimeUs, firstTimeUs + narrowest.time) },
    row: { min: 0, max: Math.max(rowCount, narrowest.row) },
  }
  return { axis: "time", span: whole.time, whole }
}

/** The view of a span, moved into the trace and made as wide as it must be. */
export const showing = (view: Viewport, span: Span): Viewport => {
  const whole = view.whole[view.axis]
  const wholeWidth = whole.max - whole.min
  const width = Math.min(wholeWidth, Math.max(narrowest[view.axis], span.max - span.min))
  const middle = (span.min + span.max) / 2
  const min = Math.min(whole.max - width, Math.max(whole.min, middle - width / 2))
  return { ...view, span: { min, max: min + width } }
}

/** Zoomed by a factor, above 1 outwards, about a place that stays where it is. */
export const zoomed = (
  view: Viewport,
  factor: number,
  about = (view.span.min + view.span.max) / 2,
): Viewport => {
  const { min, max } = view.span
  return showing(view, { min: about - (about - min) * factor, max: about + (max - about) * factor })
}

/** Moved by a share of what is in view. */
export const panned = (view: Viewport, share: number): Viewport => {
  const by = (view.span.max - view.span.min) * share
  return showing(view, { min: view.span.min + by, max: view.span.max + by })
}

export const isWhole = ({ axis, span, whole }: Viewport): boolean =>
  span.min <= whole[axis].min && span.max >= whole[axis].max

/** A span with some room about it. */
export const around = (view: Viewport, { min, max }: Span): Viewport => {
  const room = Math.max(narrowest[view.axis], (max - min) * 0.15)
  return showing(view, { min: min - room, max: max + room })
}

/** The same place on the other axis, by the rows and times that the timeline holds. */
export const turned = (view: Viewport, axis: AxisName, timeline: Timeline): Viewport => {
  if (axis === view.axis) return view
  const turnedView = { ...view, axis, span: view.whole[axis] }
  if (isWhole(view)) return turnedView
  const knots = knotsOf(timeline, view)
  const from = view.axis === "time" ? knots.time : knots.row
  const to = axis === "time" ? knots.time : knots.row
  return showing(turnedView, {
    min: interpolated(from, to, view.span.min),
    max: interpolated(from, to, view.span.max),
  })
}

const knotsOf = ({ lanes }: Timeline, { whole }: Viewport) => {
  const pool = lanes[0]?.pool ?? { row: [], timeUs: [] }
  return {
    time: ascending([whole.time.min, ...pool.timeUs, whole.time.max]),
    row: ascending([whole.row.min, ...pool.row, whole.row.max]),
  }
}

/** The same numbers, none below the one before it: a recording's clock may step back, a deferred run's rows do. */
export const ascending = (values: ReadonlyArray<number>): Array<number> => {
  let highest = -Infinity
  return values.map((value) => (highest = Math.max(highest, value)))
}

/** The place of the last of some ascending numbers that is not above `value`; -1: all are. */
export const lastUpTo = (values: ArrayLike<number>, value: number): number => {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

const interpolated = (from: ReadonlyArray<number>, to: ReadonlyArray<number>, value: number): number => {
  const at = Math.min(from.length - 2, Math.max(0, lastUpTo(from, value)))
  const width = from[at + 1]! - from[at]!
  const share = width === 0 ? 0 : Math.min(1, Math.max(0, (value - from[at]!) / width))
  return to[at]! + share * (to[at + 1]! - to[at]!)
}
