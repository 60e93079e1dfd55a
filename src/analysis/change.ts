import { changeNames, type Change, type Ending, type Wait } from "../domain/wait.ts"

/** One wait under two semantics; under one of them it may not exist. */
export interface WaitChange<W extends Ordered = Wait> {
  readonly change: Change
  readonly from: W | undefined
  readonly to: W | undefined
}

/** What of a wait says which is worse. */
export type Ordered = Pick<Wait, "requester" | "buffer" | "beginRow" | "ending">

const lost: ReadonlySet<Ending> = new Set<Ending>(["starved", "undefined"])
const poor: ReadonlySet<Ending> = new Set<Ending>(["starved", "undefined", "served indirectly"])

/** How a wait changed from one semantics to the other: `outcomes.md`, "A diff". At least one of the two exists. */
export const changeOf = (from: Wait | undefined, to: Wait | undefined): Change => {
  if (from === undefined) return "appeared"
  if (to === undefined) return "vanished"
  if (from.ending === to.ending && from.endRow === to.endRow && from.waiter === to.waiter) return "same"
  if (poor.has(from.ending) && to.ending === "served directly") return "fixed"
  if (from.ending === "served directly" && poor.has(to.ending)) return "regressed"
  if (to.endRow < from.endRow) return "sooner"
  if (to.endRow > from.endRow) return "later"
  return "changed"
}

/**
 * How grave a change is, 0 the gravest: what starves or is undefined under the second semantics, then what the second
 * semantics made worse, then what starved under the first, then the others in the order of `changes`.
 */
const gravity = ({ change, from, to }: WaitChange<Ordered>): number => {
  const rank = changeNames.indexOf(change)
  if (to !== undefined && lost.has(to.ending)) return rank
  if (change === "regressed") return 10
  if (from !== undefined && lost.has(from.ending)) return 20 + rank
  return 30 + rank
}

/** Worst first; then by row, requester and buffer: an order that depends on nothing but the trace. */
export const compareFindings = (a: WaitChange<Ordered>, b: WaitChange<Ordered>): number => {
  const one = (a.from ?? a.to)!
  const other = (b.from ?? b.to)!
  return (
    gravity(a) - gravity(b) ||
    one.beginRow - other.beginRow ||
    compareTexts(one.requester, other.requester) ||
    compareTexts(one.buffer, other.buffer)
  )
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
