import type { PoolSettings } from "../../replay/machine.ts"
import type { Tape } from "../tape.ts"
import type { Candidate, Candidates } from "./candidates.ts"
import type { Target } from "./judge.ts"
import { bisect, reduce, reducePairs, type Order } from "./reduce.ts"
import type { Script } from "./script.ts"
import { compareSettings, smallerSettings } from "./settings.ts"
import { entityUnits, mixedUnits, operationUnits, sceneUnits, type UnitKind } from "./units.ts"

/** Pairs are tried of few units only: their number is the square's half. */
const mostForPairs = 80

/** In which order things are tried. Where a try succeeds, others cannot any more: other orders end elsewhere. */
export interface Way {
  readonly order: Order
  /** Whether time is cut off before and behind the finding first: the first occurrence need not be the simplest. */
  readonly timeFirst: boolean
  /** Whether to hold on to the first who waits so, where any would do. */
  readonly firstRequester: boolean
}

/** The ways that there are to keep a target. */
export const waysFor = (target: Target): ReadonlyArray<Way> => {
  const anyRequester = target._tag === "ending" && target.requester === undefined
  return [false, ...(anyRequester ? [true] : [])].flatMap((firstRequester) =>
    [true, false].flatMap((timeFirst) =>
      (["latest first", "earliest first"] as const).map((order) => ({ order, timeFirst, firstRequester })),
    ),
  )
}

/** The target that a way keeps. */
export const targetFor = (way: Way, target: Target): Target =>
  way.firstRequester && target._tag === "ending" ? { ...target, requester: target.first } : target

/** Shrinks one trace once: see {@link run}. Deterministic; the order of tries follows from the trace alone. */
export class Shrinker {
  readonly #candidates: Candidates
  readonly #script: Script
  readonly #way: Way
  #best: Candidate

  /** `whole`: the trace as it is, made anew. */
  constructor(candidates: Candidates, whole: Candidate, way: Way) {
    this.#way = way
    this.#candidates = candidates
    this.#script = candidates.script
    this.#best = whole
  }

  get trace(): Tape {
    return this.#best.trace
  }

  /**
   * Time first, if this is the way: what comes behind the finding, then what comes long before it; then entities with all that they do; then runs
   * and callbacks; then single operations; then the pool's settings, each with all that can go with it. Again, until a whole
   * round leaves nothing out: then no single entity, scene, operation or last row can be.
   *
   * Ends early where little is left of the script: a try costs as much as the whole script, and one that is written anew is
   * short.
   */
  *run(): Generator<void, void> {
    for (const phase of [
      this.#cutBehind(),
      this.#cutBefore(),
      this.#reduceUnits(entityUnits),
      this.#reduceUnits(sceneUnits),
    ]) {
      yield* phase
      if (this.#isMostlyGone()) return
    }
    do {
      yield* this.#reduceAll()
    } while (!this.#isMostlyGone() && (yield* this.#shrinkSettings()))
  }

  #isMostlyGone(): boolean {
    const { steps } = this.#best
    return steps.reduce((count, kept) => count + kept, 0) < steps.length / 2
  }

  *#reduceAll(): Generator<void, void> {
    for (let changed = true; changed;) {
      changed = yield* this.#reduceUnits(entityUnits)
      if (yield* this.#reduceUnits(sceneUnits)) changed = true
      if (yield* this.#reduceUnits(operationUnits)) changed = true
      if (yield* this.#cutTail()) changed = true
      if (!changed) changed = yield* this.#reduceTogether()
    }
  }

  /** Tries to do without what `clear` clears. */
  #tryWithout(clear: (steps: Uint8Array) => void): boolean {
    const steps = this.#best.steps.slice()
    clear(steps)
    const { settings, trace } = this.#best
    const made = this.#candidates.make(steps, settings, trace.rowCount)
    if (made === undefined) return false
    this.#best = made
    return true
  }

  // Phases.

  *#cutBehind(): Generator<void, void> {
    yield* bisect(0, this.#script.steps.length, (end) => this.#tryWithout((steps) => steps.fill(0, end)))
  }

  *#cutBefore(): Generator<void, void> {
    const { scenes, steps: all } = this.#script
    yield* bisect(0, scenes.length, (count) =>
      this.#tryWithout((steps) => steps.fill(0, 0, scenes[scenes.length - count]?.first ?? all.length)),
    )
  }

  *#reduceUnits(units: UnitKind): Generator<void, boolean> {
    return yield* reduce(
      units.kept(this.#script, this.#best.steps),
      this.#way.order,
      (unit) => units.has(this.#script, this.#best.steps, unit),
      (chunk) => this.#tryWithout((steps) => units.clear(this.#script, steps, chunk)),
    )
  }

  /** Two at once: scenes and operations that only make sense together. */
  *#reduceTogether(): Generator<void, boolean> {
    const units = mixedUnits.kept(this.#script, this.#best.steps)
    if (units.length > mostForPairs) return false
    return yield* reducePairs(
      units,
      (unit) => mixedUnits.has(this.#script, this.#best.steps, unit),
      (chunk) => this.#tryWithout((steps) => mixedUnits.clear(this.#script, steps, chunk)),
    )
  }

  /** Row by row from the end: it may cut into a run, as a recording does that is stopped. */
  *#cutTail(): Generator<void, boolean> {
    let changed = false
    for (;;) {
      const last = this.#best.steps.lastIndexOf(1)
      if (last < 0 || !this.#tryWithout((steps) => steps.fill(0, last))) return changed
      changed = true
      yield
    }
  }

  /**
   * Smaller settings, with all that can be left out then: a smaller pool needs fewer holders to be exhausted. Taken over
   * where the trace is shorter in the end, or as long with smaller settings.
   */
  *#shrinkSettings(): Generator<void, boolean> {
    const old = this.#best
    for (const settings of smallerSettings(old.settings)) {
      if (!(yield* this.#beginWith(settings, old))) continue
      yield* this.#reduceAll()
      const { trace, settings: reached } = this.#best
      const rows = trace.rowCount - old.trace.rowCount
      if (rows < 0 || (rows === 0 && compareSettings(reached, old.settings) < 0)) return true
      this.#best = old
    }
    return false
  }

  /** Takes settings over, alone or without one entity, scene or operation that they make superfluous. */
  *#beginWith(settings: PoolSettings, old: Candidate): Generator<void, boolean> {
    const clearings = [entityUnits, sceneUnits, operationUnits].flatMap(({ kept, clear }) =>
      kept(this.#script, old.steps).map((unit) => (steps: Uint8Array) => clear(this.#script, steps, [unit])),
    )
    for (const clear of [() => undefined, ...clearings]) {
      const steps = old.steps.slice()
      clear(steps)
      // On the way a trace may be longer than it was: fewer buffers, more waiters.
      const made = this.#candidates.make(steps, settings, Number.POSITIVE_INFINITY)
      yield
      if (made === undefined) continue
      this.#best = made
      return true
    }
    return false
  }
}
