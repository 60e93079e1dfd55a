import type { Lane } from "../../domain/documents/timeline.ts"
import { firstOf, highest, Marks } from "./marks.ts"

/** The pool's counters and the queue's length after a row. */
interface Level {
  readonly row: number
  readonly timeUs: number
  readonly used: number
  readonly allocated: number
  readonly queueLength: number
}

/** The pool and the queue as a step curve: a point for each row that leaves them otherwise than it found them. */
export class PoolCurve {
  readonly #points: Marks<keyof Level>
  /** The last point, and the row under way, which may change them again. */
  #last: Level | undefined = undefined
  #current: Level | undefined = undefined

  constructor(bound: number) {
    const values = { used: highest, allocated: highest, queueLength: highest }
    this.#points = new Marks({ row: firstOf, timeUs: firstOf, ...values }, bound)
  }

  /** The state in which something at a row has left the pool and the queue. */
  note(level: Level): void {
    const before = this.#current
    if (before !== undefined && isSame(before, level)) return
    if (before !== undefined && before.row !== level.row) this.#keep(before)
    this.#current = level
  }

  finish(): Lane["pool"] {
    if (this.#current !== undefined) this.#keep(this.#current)
    return { ...this.#points.columns, stride: this.#points.stride }
  }

  #keep(level: Level): void {
    if (this.#last === undefined || !isSame(this.#last, level)) this.#points.add(level)
    this.#last = level
  }
}

const isSame = (a: Level, b: Level): boolean =>
  a.used === b.used && a.allocated === b.allocated && a.queueLength === b.queueLength
