import type { RowBatch, TraceHead } from "../../domain/batch.ts"
import { NONE } from "../../domain/entity.ts"
import { Result, Side, sideNames } from "../../domain/vocabulary.ts"
import type { Wait } from "../../domain/wait.ts"
import type { Happening } from "../../replay/observer.ts"
import { Projection, type Departures } from "../../replay/projection.ts"
import type { Choice } from "../../semantics/semantics.ts"
import type { Tape } from "../tape.ts"

/** A wait with what tells it from all others of its replay. */
export interface NumberedWait {
  readonly wait: Wait
  /** 1 for the wait that begins first. */
  readonly number: number
  readonly requester: number
  readonly owner: number
  readonly side: number
  /** 1 for the first wait of this requester for a buffer of this side. */
  readonly nth: number
}

/** Every wait of one replay, in the order in which they begin. */
export interface WaitBook {
  readonly choice: Choice
  readonly waits: ReadonlyArray<NumberedWait>
  readonly departures: Departures
}

/** A wait that has begun: what is known of it then. */
export type BegunWait = Omit<NumberedWait, "wait">

/**
 * Numbers the waits of one replay as they begin. It is told of each happening, and of each wait that ends: a replay keeps one wait
 * for each requester and side at a time.
 */
export class WaitNumbers {
  #count = 0
  readonly #head: TraceHead
  readonly #underWay = new Map<number, BegunWait>()
  readonly #counts = new Map<number, number>()

  constructor(head: TraceHead) {
    this.#head = head
  }

  /** The wait that begins with this, if one does. */
  begun({ kind, entity, owner, side, result }: Happening): BegunWait | undefined {
    if (kind !== "attempt" || result !== Result.fail) return undefined
    const key = waitKey(entity, side)
    if (this.#underWay.has(key)) return undefined
    const nth = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, nth)
    const wait = { number: ++this.#count, requester: entity, owner, side, nth }
    this.#underWay.set(key, wait)
    return wait
  }

  /** Which one has ended. */
  ended(wait: Wait): BegunWait {
    const key = waitKey(this.#head.entities.find(wait.requester), sideNames.indexOf(sideOf(wait)))
    const begun = this.#underWay.get(key)!
    this.#underWay.delete(key)
    return begun
  }
}

const waitKey = (requester: number, side: number): number => requester * 4 + side

/** Replays a trace under a semantics and keeps its waits. */
export const waitBook = ({ head, batches }: Tape, choice: Choice): WaitBook => {
  const waits: Array<NumberedWait> = []
  const numbers = new WaitNumbers(head)
  const ended = (wait: Wait): void => {
    const begun = numbers.ended(wait)
    waits[begun.number - 1] = { ...begun, wait }
  }
  const observer = (happening: Happening): void => void numbers.begun(happening)
  const replay = new Projection(head, choice.after, ended, head.preamble, observer)
  for (const batch of batches) replay.run(batch)
  replay.end()
  return { choice, waits, departures: replay.departures }
}

const sideOf = ({ buffer }: Wait): (typeof sideNames)[number] =>
  sideNames[[Side.own, Side.req, Side.res].find((side) => buffer.startsWith(sideNames[side]!))!]!

/** The same wait of another replay: requester, buffer and the row at which it began. */
export const sameWait = (book: WaitBook, { wait }: NumberedWait): NumberedWait | undefined =>
  book.waits.find(
    (other) =>
      other.wait.requester === wait.requester &&
      other.wait.buffer === wait.buffer &&
      other.wait.beginRow === wait.beginRow &&
      other.wait.invented === wait.invented,
  )

/** The batch and the place in it that hold a row; undefined where the trace has no such row. */
export const findRow = ({ batches }: Tape, row: number): readonly [RowBatch, number] | undefined => {
  const batch = batches.find(({ firstRow, rowCount }) => row >= firstRow && row < firstRow + rowCount)
  return batch && [batch, row - batch.firstRow]
}

/** The entities that a row names: its own, and the one that it acts for. */
export const namedBy = (batch: RowBatch, at: number): ReadonlyArray<number> =>
  [batch.entity[at]!, batch.owner[at]!].filter((entity) => entity !== NONE)
