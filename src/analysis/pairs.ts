import type { Wait } from "../domain/wait.ts"
import type { WaitIdentity } from "../replay/waits.ts"

/** What makes two waits of two replays the same: requester, buffer and the row at which it began. */
const keyOf = ({ requester, buffer, beginRow, invented }: WaitIdentity): string =>
  `${requester}/${buffer}/${beginRow}/${invented ? "invented" : "recorded"}`

/** How many waits without a partner are let pile up before it is asked whether they can still get one. */
const patience = 1024

/**
 * Matches the waits of two replays of one trace, as they end: `outcomes.md`, "A diff". Each is handed on once, with its partner
 * if it has one, at the latest in the end.
 */
export class WaitPairs<W extends Wait> {
  readonly #onPair: (from: W | undefined, to: W | undefined) => void
  /** Waits that the other replay has not ended yet: those of one key in the order in which they ended. */
  readonly #unmatched: readonly [Map<string, Array<W>>, Map<string, Array<W>>] = [new Map(), new Map()]
  #settleAt = patience

  constructor(onPair: (from: W | undefined, to: W | undefined) => void) {
    this.#onPair = onPair
  }

  /** One of the two replays, 0 or 1, has ended a wait. */
  ended(wait: W, side: 0 | 1): void {
    const key = keyOf(wait)
    const others = this.#unmatched[1 - side]!
    const other = others.get(key)
    if (other !== undefined) {
      const partner = other.shift()!
      if (other.length === 0) others.delete(key)
      if (side === 0) this.#onPair(wait, partner)
      else this.#onPair(partner, wait)
      return
    }
    const same = this.#unmatched[side].get(key)
    if (same === undefined) this.#unmatched[side].set(key, [wait])
    else same.push(wait)
  }

  /**
   * Both replays stand at the same row: what only one of them has ended, and the other does not wait for now, has no partner. This is
   * asked now and then, so that memory does not grow with the trace; it changes nothing but when a wait is handed on.
   */
  settle(underWay: () => ReadonlyArray<ReadonlyArray<WaitIdentity>>): void {
    const [from, to] = this.#unmatched
    if (from.size + to.size < this.#settleAt) return
    const [fromOpen, toOpen] = underWay().map((waits) => new Set(waits.map(keyOf)))
    this.#alone(0, toOpen!)
    this.#alone(1, fromOpen!)
    // Looking through the waits that go on is work too: not before as many have ended.
    this.#settleAt = 2 * (from.size + to.size) + fromOpen!.size + toOpen!.size + patience
  }

  /** Both replays have ended: whoever has no partner has none. */
  finish(): void {
    const none: ReadonlySet<string> = new Set()
    this.#alone(0, none)
    this.#alone(1, none)
  }

  #alone(side: 0 | 1, open: ReadonlySet<string>): void {
    for (const [key, waits] of this.#unmatched[side]) {
      if (open.has(key)) continue
      this.#unmatched[side].delete(key)
      for (const wait of waits) {
        if (side === 0) this.#onPair(wait, undefined)
        else this.#onPair(undefined, wait)
      }
    }
  }
}
