import type { Lane } from "../../../domain/documents/timeline.ts"

/**
 * Puts waits that overlap below each other: for each lane the slot of each of its waits. A wait that both lanes have is in
 * the same slot of both, so that the eye finds it again.
 */
export const slotsOf = (lanes: ReadonlyArray<Lane>): ReadonlyArray<ReadonlyArray<number>> => {
  const slots = lanes.map(({ waits }) => waits.map(() => 0))
  const ends: Array<number> = []
  for (const { begin, end, members } of extents(lanes)) {
    const free = ends.findIndex((taken) => taken < begin)
    const slot = free === -1 ? ends.length : free
    ends[slot] = end
    for (const { lane, wait } of members) slots[lane]![wait] = slot
  }
  return slots
}

interface Extent {
  readonly begin: number
  readonly end: number
  readonly members: ReadonlyArray<{ readonly lane: number; readonly wait: number }>
}

/** Each wait once, over all of the rows that it takes in either lane, in the order in which they begin. */
const extents = (lanes: ReadonlyArray<Lane>): ReadonlyArray<Extent> =>
  lanes
    .flatMap(({ waits }, lane) =>
      waits.flatMap((one, wait): ReadonlyArray<Extent> => {
        const other = one.other === null ? undefined : lanes[1 - lane]?.waits[one.other]
        if (other === undefined) return [{ begin: one.beginRow, end: one.endRow, members: [{ lane, wait }] }]
        if (lane === 1) return []
        return [
          {
            begin: Math.min(one.beginRow, other.beginRow),
            end: Math.max(one.endRow, other.endRow),
            members: [
              { lane, wait },
              { lane: 1, wait: one.other! },
            ],
          },
        ]
      }),
    )
    .toSorted((a, b) => a.begin - b.begin)

/** Slots that hold something to show, pushed together: the line of each, counted from 0. */
export const linesOf = (shownSlots: Iterable<number>): ReadonlyMap<number, number> =>
  new Map([...new Set(shownSlots)].toSorted((a, b) => a - b).map((slot, line) => [slot, line]))
