import type { Undefined } from "../../domain/verdict.ts"
import { Verifier } from "../../replay/verifier.ts"
import { bitOf } from "../../semantics/registry.ts"
import { packed, unpacked, type PackedTape, type Tape } from "../tape.ts"

/** What a trace says to one choice of parts. */
export interface Answer {
  /** The choice that was replayed: a bit mask of the parts that are after. */
  readonly after: number
  /** The parts whose choice could have mattered: every choice that agrees on these gets the same answer. */
  readonly matters: number
  readonly conforms: boolean
  /** The first row that this choice does not explain; behind the last one where it explains all. */
  readonly row: number
  readonly undefined: Undefined | undefined
}

/** Who can say whether one choice of parts explains what was recorded: a trace, or several. */
export interface Oracle {
  /** Whether the choice explains it. */
  readonly conforms: (after: number) => boolean
  /** The work so far, in rows replayed: what a budget counts, for time is not the same on two machines. */
  readonly work: () => number
}

/** Tries as plain data, which can be sent to another thread. */
export interface PackedTries {
  readonly tape: PackedTape
  readonly answers: ReadonlyArray<Answer>
  readonly work: number
}

/** What a try costs beside its rows, in rows: a verifier to make, and an answer to go through at every question to come. */
const tryCost = 1000

/** Parts that decide whether a replay is undefined where its walk reaches a waiter. */
const deaths = [bitOf["spoe-waiter"], bitOf["applet-free-dequeues"]] as const

/**
 * Tries choices of parts on one trace, each by a replay up to its first deviation.
 *
 * A replay also answers for every choice that differs from it only in parts that it has not touched: those would have led
 * to the same states up to that row. So 65536 choices take as many replays as they behave differently, most of them short.
 */
export class Tries implements Oracle {
  readonly tape: Tape
  readonly answers: Array<Answer> = []
  #work = 0
  readonly #firstRow: number
  readonly #endRow: number

  constructor(tape: Tape) {
    this.tape = tape
    this.#firstRow = tape.batches[0]!.firstRow
    this.#endRow = this.#firstRow + tape.rowCount
  }

  /** To go on from there, in another thread too. */
  static unpacked({ tape, answers, work }: PackedTries): Tries {
    const tries = new Tries(unpacked(tape))
    tries.answers.push(...answers)
    tries.#work = work
    return tries
  }

  packed(): PackedTries {
    return { tape: packed(this.tape), answers: this.answers, work: this.#work }
  }

  work(): number {
    return this.#work
  }

  conforms(after: number): boolean {
    return this.ask(after).conforms
  }

  /** What the trace says to a choice: known, or replayed now. */
  ask(after: number): Answer {
    const known = this.answers.find((answer) => ((answer.after ^ after) & answer.matters) === 0)
    if (known !== undefined) return known
    const answer = this.#judged(after)
    this.answers.push(answer)
    return answer
  }

  /** A replay that does not stop: all deviations are counted. */
  inFull(after: number): Verifier {
    return this.#replayed(after, false)
  }

  #replayed(after: number, stopAtFirst: boolean): Verifier {
    const { head, batches } = this.tape
    const verifier = new Verifier(head.preamble, after, head.entities)
    for (const batch of batches) {
      verifier.run(batch, stopAtFirst)
      if (stopAtFirst && verifier.first !== undefined) break
    }
    const until = stopAtFirst ? verifier.first?.row : undefined
    this.#work += tryCost + head.entities.count + (until ?? this.#endRow) - this.#firstRow
    return verifier
  }

  #judged(after: number): Answer {
    const verifier = this.#replayed(after, true)
    const { first, undefined: reached, unjudgedRowCount } = verifier
    const matters = verifier.machine.touched
    if (first !== undefined) return { after, matters, conforms: false, row: first.row, undefined: reached }
    // C does not say what follows: that rows do is explained by nothing.
    if (reached !== undefined && unjudgedRowCount > 0)
      return { after, matters, conforms: false, row: reached.row, undefined: reached }
    if (reached === undefined && verifier.awaitedCount > 0) return this.#cut(after, matters)
    return { after, matters, conforms: true, row: this.#endRow, undefined: reached }
  }

  /**
   * Outcomes are awaited, and the trace ends. A recording may end anywhere; but where it ends just where this process would
   * have died with one part less, it died.
   */
  #cut(after: number, touched: number): Answer {
    let matters = touched
    for (const part of deaths) {
      if ((after & touched & part) === 0) continue
      const dying = this.#replayed(after & ~part, true)
      matters |= dying.machine.touched
      const { undefined: death, unjudgedRowCount, awaitedCount, first } = dying
      if (death !== undefined && first === undefined && unjudgedRowCount === 0 && awaitedCount === 0)
        return { after, matters, conforms: false, row: this.#endRow, undefined: undefined }
    }
    return { after, matters, conforms: true, row: this.#endRow, undefined: undefined }
  }
}

/** Several traces of one build: what explains them must explain each. */
export class Jointly implements Oracle {
  readonly all: ReadonlyArray<Tries>

  constructor(all: ReadonlyArray<Tries>) {
    this.all = all
  }

  work(): number {
    return this.all.reduce((sum, tries) => sum + tries.work(), 0)
  }

  conforms(after: number): boolean {
    return this.all.every((tries) => tries.conforms(after))
  }
}
