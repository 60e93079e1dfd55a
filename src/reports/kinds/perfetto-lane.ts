import type { Lane, LaneWait, Timeline } from "../../domain/documents.ts"
import { inert } from "../../domain/text.ts"
import { wakeClasses } from "../../domain/wait.ts"

/**
 * An event of the Trace Event format, as far as Perfetto's importer reads it (google/perfetto src/trace_processor/importers/json).
 * `ts` and `dur` are microseconds. What else an event has depends on its phase.
 */
export interface TraceEvent {
  /** `M` names, `b` `e` begin and end an asynchronous slice, `n` `i` `X` are marks, `C` counts. */
  readonly ph: "M" | "b" | "e" | "n" | "i" | "X" | "C"
  readonly pid: number
  readonly tid?: number
  readonly ts?: number
  readonly dur?: number
  readonly cat?: "wait" | "wake" | "offer" | "departure"
  readonly name: string
  /** Of an asynchronous event: within its process and category. Perfetto puts a global `id` outside of all processes. */
  readonly id2?: { readonly local: string }
  /** Of an instant: whose it is, its process's. */
  readonly s?: "p"
  /** A flow goes from the one event with `flow_out` to each later one with `flow_in` and the same id, in the whole file. */
  readonly bind_id?: number
  readonly flow_out?: true
  readonly flow_in?: true
  readonly args?: Args
}
type Value = number | string | ReadonlyArray<string>
type Args = { readonly [Name in string]: Value }

/** The process of one lane: its number, and the number before that of its first flow. Both count through the file. */
export interface LanePlace {
  readonly pid: number
  readonly flow: number
}

/**
 * The events of one lane, in an order that the importer keeps among those of one time: an offer before its wakes. Each kind has
 * its own tracks: one a requester and buffer, one a woken entity (both of one entity are neighbours, for Perfetto sorts them by
 * name), one for all offers, one a counter.
 */
export function* laneEvents(timeline: Timeline, lane: Lane, place: LanePlace): Generator<TraceEvent> {
  const { pid } = place
  const entities = timeline.entities.map(inert)
  yield* counters(lane, pid)
  for (const wait of lane.waits) yield* waitEvents(wait, pid)
  yield { ph: "M", pid, tid: pid + 1, name: "thread_name", args: { name: "offers" } }
  yield* offers(lane.offers, entities, place)
  yield* wakes(lane, entities, place)
  if (lane.firstDepartureRow !== null) yield departure(timeline, lane, lane.firstDepartureRow, pid)
}

/** The counters `buffer pool used`, `buffer pool allocated` and `buffer wait queue length`: what changed, when it changed. */
function* counters({ pool }: Lane, pid: number): Generator<TraceEvent> {
  const columns = {
    "pool used": pool.used,
    "pool allocated": pool.allocated,
    "wait queue length": pool.queueLength,
  }
  for (const [at, ts] of pool.timeUs.entries()) {
    const changed = Object.entries(columns).filter(([, column]) => column[at] !== column[at - 1])
    const args = Object.fromEntries(changed.map(([name, column]) => [name, column[at]!]))
    if (changed.length > 0) yield { ph: "C", pid, ts, name: "buffer", args }
  }
}

/** Perfetto lays slices of one name on one track. Each has an id of its own, so that none is taken for the inner one of another. */
function* waitEvents(wait: LaneWait, pid: number): Generator<TraceEvent> {
  const requester = wait.appletName === null ? wait.requester : `${wait.requester} ${wait.appletName}`
  const buffer = wait.buffer === "own" ? "its own buffer" : wait.buffer
  const name = inert(`${requester} waits for ${buffer}`)
  const slice = { pid, cat: "wait", name, id2: { local: String(wait.number) } } as const
  yield { ph: "b", ...slice, ts: wait.beginTimeUs, args: waitArgs(wait) }
  // Clocks may step back, and a slice that ends before it begins would not end at all.
  yield { ph: "e", ...slice, ts: Math.max(wait.beginTimeUs, wait.endTimeUs) }
}

const waitArgs = (wait: LaneWait): Args => ({
  ending: wait.ending,
  ...(wait.change === null ? {} : { change: wait.change }),
  requester: inert(wait.requester),
  "requester kind": wait.requesterKind,
  ...(wait.appletName === null ? {} : { applet: inert(wait.appletName) }),
  waiter: inert(wait.waiter),
  "first row": wait.beginRow,
  "last row": wait.endRow,
  wakes: wait.wakes,
  "futile wakes": wait.futileWakes,
  ...(wait.chain === null ? {} : { why: wait.chain.map(({ row, text }) => inert(`row ${row}: ${text}`)) }),
  explain: inert(wait.command),
})

/** The offers on one thread; those that woke somebody have another name, and so another colour. */
function* offers(marks: Lane["offers"], entities: Entities, place: LanePlace): Generator<TraceEvent> {
  const times = apart(marks.timeUs)
  const { pid } = place
  let { flow } = place
  for (const [at, row] of marks.row.entries()) {
    const woken = marks.woken[at]!
    const count = marks.count[at]!
    yield {
      ph: "X",
      pid,
      tid: pid + 1,
      ts: times[at]!,
      dur: 0,
      cat: "offer",
      name: woken > 0 ? "offer that wakes" : "offer that wakes nobody",
      ...(woken > 0 ? { bind_id: ++flow, flow_out: true } : {}),
      args: {
        row,
        ...from(entities[marks.by[at]!]),
        avail: marks.avail[at]!,
        threshold: marks.threshold[at]!,
        woken,
        skipped: marks.skipped[at]!,
        "queue length": marks.queueLength[at]!,
        ...(count > 1 ? { "offers in this mark": count } : {}),
      },
    }
  }
}

/** The wakes, each on the track of whom it woke. An offer's wakes are the next `woken` ones: both are in the replay's order. */
function* wakes(
  { offers: made, wakes: marks }: Lane,
  entities: Entities,
  place: LanePlace,
): Generator<TraceEvent> {
  const offerTimes = apart(made.timeUs)
  const { pid } = place
  let { flow } = place
  let [offer, left] = [-1, 0]
  for (const [at, row] of marks.row.entries()) {
    while (left === 0 && offer + 1 < made.woken.length) {
      left = made.woken[++offer]!
      if (left > 0) flow++
    }
    const isOffered = left > 0
    if (isOffered) left--
    const timeUs = marks.timeUs[at]!
    const entity = marks.entity[at]!
    yield {
      ph: "n",
      pid,
      // A flow cannot go back in time, though the clock of offers that share a mark may.
      ts: isOffered ? Math.max(offerTimes[offer]!, timeUs) : timeUs,
      cat: "wake",
      name: `${entities[entity]!} is woken`,
      id2: { local: String(entity) },
      ...(isOffered ? { bind_id: flow, flow_in: true } : {}),
      args: { row, ...from(entities[marks.by[at]!]), classes: classNames(marks.classes[at]!) },
    }
  }
}

/** Marks of one microsecond a nanosecond apart, which keeps their order: Perfetto would lay them on top of each other. */
const apart = (timesUs: ReadonlyArray<number>): ReadonlyArray<number> => {
  let nth = 0
  return timesUs.map((timeUs, at) => {
    nth = timeUs === timesUs[at - 1] ? Math.min(nth + 1, 999) : 0
    return (timeUs * 1000 + nth) / 1000
  })
}

/** How many flow ids a lane takes. */
export const flowCount = ({ offers: { woken } }: Lane): number => woken.filter((count) => count > 0).length

/** Ids, made inert, by place. */
type Entities = ReadonlyArray<string>

const from = (releaser: string | undefined): Args => (releaser === undefined ? {} : { from: releaser })

const classNames = (bits: number): string => {
  const names = wakeClasses.filter((_, bit) => (bits & (1 << bit)) !== 0).map(({ name }) => name)
  return names.length === 0 ? "none" : names.join(", ")
}

/** Where the replay leaves the recording: at the time of the last point of the curve up to that row. */
const departure = ({ firstTimeUs }: Timeline, { pool }: Lane, row: number, pid: number): TraceEvent => {
  const at = pool.row.findLastIndex((pointRow) => pointRow <= row)
  return {
    ph: "i",
    pid,
    ts: pool.timeUs[at] ?? firstTimeUs,
    s: "p",
    cat: "departure",
    name: "first departure from the recording",
    args: { row },
  }
}
