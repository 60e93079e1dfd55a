/** Timelines made by hand. */
import type { Lane, LaneWait, Timeline } from "../../src/domain/documents.ts"

const lengthUs = 10_000

export const laneWait = (number: number, fields: Partial<LaneWait> = {}): LaneWait => ({
  number,
  requester: `s${number}`,
  requesterKind: "stream",
  appletName: null,
  buffer: `req of s${number}`,
  waiter: `s${number}`,
  beginRow: number * 10,
  beginTimeUs: number * 100,
  endRow: 1000,
  endTimeUs: lengthUs,
  ending: "pending",
  wakes: 1,
  futileWakes: 1,
  change: "same",
  other: number - 1,
  chain: [
    { row: number * 10, timeUs: number * 100, kind: "attempt", text: `s${number} fails`, own: true },
    { row: 500, timeUs: 5000, kind: "offer", text: "4 offers", own: false, count: 4, lastRow: 900 },
  ],
  command: `wakediff explain --wait ${number} t.csv`,
  ...fields,
})

const counting = (length: number, of: (at: number) => number) => Array.from({ length }, (_, at) => of(at))

/** A lane with `markCount` offers and as many wakes and points of its curves, evenly spread. */
export const lane = (under: string, waits: ReadonlyArray<LaneWait>, markCount = 20): Lane => {
  const row = counting(markCount, (at) => Math.floor((at * 1000) / markCount))
  const timeUs = counting(markCount, (at) => Math.floor((at * lengthUs) / markCount))
  const by = row.map(() => 0)
  return {
    under,
    fidelity: 1,
    firstDepartureRow: null,
    waits,
    offers: {
      row,
      timeUs,
      by,
      avail: row.map((_, at) => (at % 3) - 1),
      threshold: row.map(() => 0),
      woken: row.map((_, at) => at % 2),
      skipped: row.map(() => 0),
      queueLength: row.map((_, at) => at % 4),
      count: row.map(() => 1),
    },
    wakes: { row, timeUs, entity: by, by, classes: row.map((_, at) => 1 << (at % 5)) },
    pool: {
      row,
      timeUs,
      used: row.map((_, at) => at % 5),
      allocated: row.map(() => 5),
      queueLength: row.map((_, at) => at % 4),
      stride: 1,
    },
    leftOut: { waits: 0, offers: 0, wakes: 0, chains: 0 },
  }
}

export const timeline = (lanes: ReadonlyArray<Lane>): Timeline => ({
  firstTimeUs: 0,
  lastTimeUs: lengthUs,
  limit: 5,
  reserve: 2,
  entities: ["s1", "s2", "a7"],
  lanes,
})

/** Two lanes: the first wait is fixed, the second the same; each lane has one that the other has not. */
export const twoLanes = (markCount = 20): Timeline =>
  timeline([
    lane(
      "before",
      [
        laneWait(1, {
          requester: "a7",
          requesterKind: "applet",
          appletName: "<SPOE>",
          ending: "starved",
          change: "fixed",
        }),
        laneWait(2),
        laneWait(3, {
          ending: "served indirectly",
          endTimeUs: 4000,
          endRow: 400,
          change: "vanished",
          other: null,
        }),
      ],
      markCount,
    ),
    lane(
      "after",
      [
        laneWait(1, {
          requester: "a7",
          requesterKind: "applet",
          appletName: "<SPOE>",
          ending: "served directly",
          endRow: 200,
          endTimeUs: 2000,
          change: "fixed",
          chain: [{ row: 10, timeUs: 100, kind: "attempt", text: "a7 itself is queued", own: true }],
        }),
        laneWait(2),
        laneWait(4, { change: "appeared", other: null, chain: null }),
      ],
      markCount,
    ),
  ])

/** The same with one text in the place of every one that comes out of a trace. */
export const saying = (text: string, { lanes, ...rest }: Timeline): Timeline => ({
  ...rest,
  entities: rest.entities.map(() => text),
  lanes: lanes.map((one) => ({
    ...one,
    under: text,
    waits: one.waits.map((wait) => ({
      ...wait,
      requester: text,
      appletName: text,
      buffer: text,
      waiter: text,
      command: text,
      chain: wait.chain === null ? null : wait.chain.map((event) => ({ ...event, text })),
    })),
  })),
})
