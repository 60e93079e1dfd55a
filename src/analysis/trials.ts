import type { RowBatch } from "../domain/batch.ts"
import type { PartStatus } from "../domain/verdict.ts"
import type { Verifier } from "../replay/verifier.ts"
import { partsOf, type PartName } from "../semantics/registry.ts"
import { opposite, turn, type Choice } from "../semantics/semantics.ts"

/** One other semantics that a trace is tried against, beside the one it is verified under. */
interface Trial {
  /** The part that is turned; undefined: every part is. */
  readonly part: PartName | undefined
  readonly after: number
  /** The parts whose touch can tell it from the base. */
  readonly touchedBy: number
  /** Absent while its state is the base's own. */
  verifier: Verifier | undefined
  /** Whether nothing more can be learnt from it, and what was: the row of its first deviation. */
  decided: boolean
  deviatesAt: number | undefined
}

/**
 * What a trace says of each part of the fix: the base semantics with that part turned the other way, tried on the
 * same rows. A trial costs nothing while the base's machine has not touched its part, for until then both are in the
 * same state; it costs a replay from there on, until it deviates or falls back into the base's state.
 */
export class Trials {
  readonly #trials: ReadonlyArray<Trial>
  readonly #make: (after: number) => Verifier
  readonly #before: Verifier

  /** `make`: a fresh verifier of the same trace under a choice of parts. */
  constructor(choice: Choice, make: (after: number) => Verifier) {
    const each = partsOf(choice.semantics.branch).map(({ name }) =>
      trial(name, turn(choice.after, name), choice.after),
    )
    this.#trials = [...each, trial(undefined, opposite(choice).after, choice.after)]
    this.#make = make
    this.#before = make(choice.after)
  }

  /** Replays a batch under the base, and under each trial that may differ from it. */
  run(base: Verifier, batch: RowBatch): void {
    const open = this.#trials.filter(({ decided }) => !decided)
    const judging = base.first === undefined
    if (judging && open.length > 0) this.#before.copyFrom(base)
    base.machine.touched = 0
    base.run(batch)
    for (const one of open) {
      if (one.verifier === undefined) {
        // Once the base has deviated, a trial that was still in its state deviates with it.
        if (!judging || (base.machine.touched & one.touchedBy) === 0) continue
        one.verifier = this.#make(one.after)
        one.verifier.copyFrom(this.#before)
      }
      one.verifier.run(batch, true)
      this.#judge(one, base)
    }
  }

  #judge(one: Trial, base: Verifier): void {
    const { first, undefined: reached, unjudgedRowCount } = one.verifier!
    if (first !== undefined) one.deviatesAt = first.row
    // The trace goes on, defined, where this semantics is undefined: that tells the two apart as well.
    else if (reached !== undefined && unjudgedRowCount > 0 && base.undefined === undefined)
      one.deviatesAt = reached.row
    if (one.deviatesAt !== undefined) {
      one.decided = true
      one.verifier = undefined
    } else if (base.first === undefined && one.verifier!.sameStateAs(base)) {
      one.verifier = undefined
    }
  }

  /** The status of each part, in registry order, when the trace has ended. */
  statuses(base: Verifier): Record<string, PartStatus> {
    const baseRow = base.first?.row ?? Number.POSITIVE_INFINITY
    const rowOf = (one: Trial) => this.#deviationRow(one, base)
    // Of those that get past the base's first deviation, the ones that get furthest name what is missing.
    const furthest = Math.max(...this.#trials.filter(({ part }) => part !== undefined).map(rowOf))
    const statuses: Record<string, PartStatus> = {}
    for (const one of this.#trials) {
      if (one.part === undefined) continue
      const row = rowOf(one)
      const contradicted = row > baseRow && row === furthest
      statuses[one.part] = row < baseRow ? "confirmed" : contradicted ? "contradicted" : "not exercised"
    }
    return statuses
  }

  /**
   * The part without which the process would have died just where the trace ends, although the base expects more of that
   * row: undefined if there is none.
   */
  deathAtEnd(base: Verifier): PartName | undefined {
    if (base.first !== undefined || base.undefined !== undefined || base.awaitedCount === 0) return undefined
    return this.#trials.find(({ verifier }) => {
      if (verifier?.undefined === undefined) return false
      return verifier.unjudgedRowCount === 0 && verifier.awaitedCount === 0
    })?.part
  }

  /** By part that the trace confirms: the first row at which the other choice would have shown. */
  firstRows(base: Verifier): ReadonlyMap<PartName, number> {
    const baseRow = base.first?.row ?? Number.POSITIVE_INFINITY
    const rows = new Map<PartName, number>()
    for (const one of this.#trials) {
      const row = this.#deviationRow(one, base)
      if (one.part !== undefined && row < baseRow) rows.set(one.part, row)
    }
    return rows
  }

  /** Whether the trace would conform as well with every part the other way. */
  oppositeConforms(base: Verifier): boolean {
    const one = this.#trials.find(({ part }) => part === undefined)!
    return this.#deviationRow(one, base) === Number.POSITIVE_INFINITY
  }

  #deviationRow(one: Trial, base: Verifier): number {
    if (one.deviatesAt !== undefined) return one.deviatesAt
    if (one.verifier === undefined) return base.first?.row ?? Number.POSITIVE_INFINITY
    // The base says that the process died here; a trial that expects it to go on is told apart by the trace's end.
    const death = base.unjudgedRowCount === 0 ? base.undefined : undefined
    if (death !== undefined && one.verifier.undefined === undefined && one.verifier.awaitedCount > 0)
      return death.row
    return Number.POSITIVE_INFINITY
  }
}

const trial = (part: PartName | undefined, after: number, base: number): Trial => ({
  part,
  after,
  touchedBy: after ^ base,
  verifier: undefined,
  decided: false,
  deviatesAt: undefined,
})
