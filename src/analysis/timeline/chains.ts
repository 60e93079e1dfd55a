import type { ChainEvent, Lane, LaneWait, Timeline } from "../../domain/documents/timeline.ts"
import type { Wait } from "../../domain/wait.ts"
import type { Happening } from "../../replay/observer.ts"
import { Projection } from "../../replay/projection.ts"
import type { Choice } from "../../semantics/semantics.ts"
import { Folding } from "../explain/fold.ts"
import type { Shown } from "../explain/group.ts"
import { Timeline as Telling } from "../explain/timeline.ts"
import { WaitNumbers, type BegunWait } from "../explain/waits.ts"
import type { Tape } from "../tape.ts"
import { defaultBounds } from "./bounds.ts"
import { worstFirst, type Kept } from "./kept-waits.ts"
import type { Choices } from "./recorder.ts"

/** A timeline with the causal chains of its worst waits, as `explain` tells them: one more replay for each lane. */
export const withChains = (
  timeline: Timeline,
  tape: Tape,
  choices: Choices,
  count: number = defaultBounds.chains,
): Timeline => {
  const told = worst(timeline.lanes, count)
  const lanes = timeline.lanes.map((lane, at) => {
    const numbers = new Set(
      told.flatMap((pair) => [at === 0 ? pair.from : pair.to].flatMap((wait) => wait?.number ?? [])),
    )
    return laneWithChains(lane, chains(tape, choices[at]!, numbers))
  })
  return { ...timeline, lanes }
}

/** The worst waits of a timeline; one that both lanes have counts once. */
const worst = (lanes: ReadonlyArray<Lane>, count: number): ReadonlyArray<Kept<LaneWait>> => {
  const [first, second] = lanes
  const pairs = [
    ...first!.waits.map((from) => ({
      change: from.change ?? "same",
      from,
      to: from.other === null ? undefined : second?.waits[from.other],
    })),
    ...(second?.waits ?? [])
      .filter(({ other }) => other === null)
      .map((to) => ({ change: to.change!, from: undefined, to })),
  ]
  return pairs.toSorted(worstFirst(lanes.length)).slice(0, count)
}

const laneWithChains = (lane: Lane, chainOf: ReadonlyMap<number, ReadonlyArray<ChainEvent>>): Lane => ({
  ...lane,
  waits: lane.waits.map((wait) => ({ ...wait, chain: chainOf.get(wait.number) ?? null })),
  leftOut: { ...lane.leftOut, chains: lane.waits.length - chainOf.size },
})

/** Replays a trace under one semantics and tells of some of its waits, by number. */
const chains = (
  { head, batches }: Tape,
  choice: Choice,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, ReadonlyArray<ChainEvent>> => {
  const chainOf = new Map<number, ReadonlyArray<ChainEvent>>()
  const numbers = new WaitNumbers(head)
  const underWay = new Map<number, { readonly telling: Telling; readonly folding: Folding }>()
  const begins = (begun: BegunWait): void => {
    const folding = new Folding()
    // It hears of this wait from its very begin: for it, there is no earlier one.
    const telling = new Telling(head, replay.machine, { ...begun, nth: 1 }, (told) => folding.add(told))
    underWay.set(begun.number, { telling, folding })
  }
  const closed = (): void => {
    for (const [number, { telling, folding }] of underWay) {
      if (telling.isOpen) continue
      chainOf.set(number, folding.folded().map(chainEvent))
      underWay.delete(number)
    }
  }
  const observer = (happening: Happening): void => {
    const begun = numbers.begun(happening)
    if (begun !== undefined && wanted.has(begun.number)) begins(begun)
    if (underWay.size === 0) return
    for (const { telling } of underWay.values()) telling.observe(happening)
    closed()
  }
  const ended = (wait: Wait): void => {
    numbers.ended(wait)
    for (const { telling } of underWay.values()) telling.ended(wait)
  }
  const replay: Projection = new Projection(head, choice.after, ended, head.preamble, observer)
  for (const batch of batches) replay.run(batch)
  replay.end()
  for (const { telling } of underWay.values()) telling.finish()
  closed()
  return chainOf
}

const chainEvent = ({ event: { row, timeUs, kind, text, count, last }, own }: Shown): ChainEvent => ({
  row,
  timeUs,
  kind,
  text,
  own,
  ...(count === undefined ? {} : { count }),
  ...(last === undefined ? {} : { lastRow: last.row }),
})
