import { endingNames, type Change } from "../../domain/wait.ts"
import { changeOf, compareFindings, type Ordered, type WaitChange } from "../change.ts"
import { WaitPairs } from "../pairs.ts"
import type { LaneWait } from "./lane.ts"

/** A wait under one semantics, or under two: then with how it changed. */
export type Kept<W extends Ordered> = WaitChange<W>

/** Of one replay alone: the worst ending first. */
const compareEndings = (a: Kept<Ordered>, b: Kept<Ordered>): number =>
  endingNames.indexOf(b.from!.ending) - endingNames.indexOf(a.from!.ending) || compareFindings(a, b)

/** Worst first: what {@link KeptWaits} keeps longest, and whose chain is told first. */
export const worstFirst = (laneCount: number): ((a: Kept<Ordered>, b: Kept<Ordered>) => number) =>
  laneCount === 1 ? compareEndings : compareFindings

/** Keeps the worst waits of one replay, or of two side by side; a pair counts once. */
export class KeptWaits {
  readonly pairs: WaitPairs<LaneWait>
  readonly #laneCount: number
  readonly #bound: number
  #kept: Array<Kept<LaneWait>> = []

  constructor(laneCount: number, bound: number) {
    this.#laneCount = laneCount
    this.#bound = bound
    this.pairs = new WaitPairs((from, to) => this.#add(changeOf(from, to), from, to))
  }

  /** A lane has ended a wait. */
  ended(wait: LaneWait, lane: number): void {
    if (this.#laneCount === 1) this.#add("same", wait, undefined)
    else this.pairs.ended(wait, lane === 0 ? 0 : 1)
  }

  /** When all lanes have ended: worst first. */
  finish(): ReadonlyArray<Kept<LaneWait>> {
    this.pairs.finish()
    this.#cut()
    return this.#kept
  }

  #add(change: Change, from: LaneWait | undefined, to: LaneWait | undefined): void {
    this.#kept.push({ change, from, to })
    // Sorting now and then keeps the list short.
    if (this.#kept.length > 4 * this.#bound + 100) this.#cut()
  }

  #cut(): void {
    const order = worstFirst(this.#laneCount)
    this.#kept.sort(
      (a, b) => order(a, b) || numberOf(a.from) - numberOf(b.from) || numberOf(a.to) - numberOf(b.to),
    )
    this.#kept.length = Math.min(this.#kept.length, this.#bound)
  }
}

const numberOf = (wait: LaneWait | undefined): number => wait?.number ?? 0
