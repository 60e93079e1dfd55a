import type { Lane, Timeline } from "../../domain/documents.ts"
import type { RunView } from "../view.ts"
import { json } from "./markup.ts"

/** A timeline that has room in the page, and what was left out of it for that; null: all of it. */
export interface Fitted {
  readonly timeline: Timeline | null
  readonly leftOut: string | null
}

/** What is left out while the page is too long, in this order, each of the last trace first. */
const steps: ReadonlyArray<{
  readonly what: string
  readonly of: (run: RunView) => boolean
  readonly without: (timeline: Timeline) => Timeline | null
}> = [
  { what: "the causal chains", of: passed, without: inLanes(withoutChains) },
  { what: "the causal chains, the offers and the wakes", of: passed, without: inLanes(withoutMarks) },
  {
    what: "the causal chains of waits that are the same",
    of: notPassed,
    without: inLanes(withoutSameChains),
  },
  { what: "the timeline", of: passed, without: () => null },
  { what: "the causal chains", of: notPassed, without: inLanes(withoutChains) },
  { what: "the causal chains, the offers and the wakes", of: notPassed, without: inLanes(withoutMarks) },
  { what: "the timeline", of: notPassed, without: () => null },
]

/** The runs' timelines, cut down until they take `room` bytes; the same for the same runs, always. */
export const fitted = (runs: ReadonlyArray<RunView>, room: number): ReadonlyArray<Fitted> => {
  const all: Array<Fitted> = runs.map(({ timeline }) => ({ timeline, leftOut: null }))
  const sizes = all.map(({ timeline }) => sizeOf(timeline))
  let total = sizes.reduce((sum, size) => sum + size, 0)
  for (const { what, of, without } of steps) {
    for (let at = runs.length - 1; at >= 0 && total > room; at -= 1) {
      const { timeline } = all[at]!
      if (timeline === null || !of(runs[at]!)) continue
      all[at] = { timeline: without(timeline), leftOut: what }
      total -= sizes[at]!
      sizes[at] = sizeOf(all[at]!.timeline)
      total += sizes[at]!
    }
  }
  return all
}

/** Markup of a timeline, and a note on what it lacks, take this at most beside the data. */
const sectionBytes = 4000
const sizeOf = (timeline: Timeline | null): number =>
  timeline === null ? sectionBytes : Buffer.byteLength(json(timeline).html) + sectionBytes

function passed({ outcome }: RunView): boolean {
  return outcome === "passed"
}
function notPassed({ outcome }: RunView): boolean {
  return outcome !== "passed"
}

function inLanes(change: (lane: Lane) => Lane): (timeline: Timeline) => Timeline {
  return (timeline) => ({ ...timeline, lanes: timeline.lanes.map(change) })
}

function withoutSameChains(lane: Lane): Lane {
  return withoutChainsOf(lane, ({ change }) => change === "same")
}
function withoutChains(lane: Lane): Lane {
  return withoutChainsOf(lane, () => true)
}

function withoutChainsOf(lane: Lane, which: (wait: Lane["waits"][number]) => boolean): Lane {
  const gone = lane.waits.filter((wait) => wait.chain !== null && which(wait)).length
  return {
    ...lane,
    waits: lane.waits.map((wait) => (which(wait) ? { ...wait, chain: null } : wait)),
    leftOut: { ...lane.leftOut, chains: lane.leftOut.chains + gone },
  }
}

function withoutMarks(lane: Lane): Lane {
  const offerCount = lane.offers.count.reduce((sum, count) => sum + count, 0)
  const { leftOut, ...rest } = withoutChains(lane)
  return {
    ...rest,
    offers: {
      row: [],
      timeUs: [],
      by: [],
      avail: [],
      threshold: [],
      woken: [],
      skipped: [],
      queueLength: [],
      count: [],
    },
    wakes: { row: [], timeUs: [], entity: [], by: [], classes: [] },
    leftOut: {
      ...leftOut,
      offers: leftOut.offers + offerCount,
      wakes: leftOut.wakes + lane.wakes.row.length,
    },
  }
}
