import type { Deviation } from "../../domain/verdict.ts"
import type { PoolSettings } from "../../replay/machine.ts"
import type { Tape } from "../tape.ts"
import { shows, type Lens, type Target } from "./judge.ts"
import { conformsTo } from "./maker.ts"
import type { Pin } from "./pin.ts"
import { pinOf, reenact, type Reenactment } from "./reenact.ts"
import { scriptOf, type Script } from "./script.ts"
import { settingsOf } from "./settings.ts"

/** What is to be kept of a trace, and how it is made anew. */
export interface Task {
  readonly target: Target
  readonly lens: Lens
  /** The semantics that makes each smaller trace. */
  readonly maker: number
  /** Semantics that must not explain a smaller trace, or the next to look at it would take another for its maker. */
  readonly others: ReadonlyArray<number>
  /** The deviation itself, where nothing explains it: the maker's rules hold up to there. */
  readonly deviation: Deviation | undefined
}

/** How much work was done: it may be watched while it grows. */
export interface Work {
  rows: number
  tries: number
}

/** What is kept of a script, and the trace that it makes: it shows the finding. */
export interface Candidate {
  readonly steps: Uint8Array
  readonly settings: PoolSettings
  readonly trace: Reenactment
}

type Unknown = Pick<Reenactment, "unknownTasks" | "unknownBuffers">

/** Makes smaller traces of one trace, and judges them. */
export class Candidates {
  readonly script: Script
  readonly #task: Task
  readonly #work: Work
  /** What the whole trace never tells whose it is: a smaller one must not have more of it. */
  readonly #unknown: Unknown
  readonly #pin: Pin | undefined
  /** The whole trace made anew, if it shows the finding. */
  readonly whole: Candidate | undefined

  constructor(trace: Tape, task: Task, work: Work) {
    this.script = scriptOf(trace)
    this.#task = task
    this.#work = work
    const steps = new Uint8Array(this.script.steps.length).fill(1)
    const settings = settingsOf(trace.head.preamble)
    const { deviation, maker } = task
    this.#pin = deviation === undefined ? undefined : pinOf(trace, this.script, deviation, maker)
    this.#unknown = reenact(this.script, steps, settings, maker)
    this.whole = this.make(steps, settings, Number.POSITIVE_INFINITY)
  }

  /** A smaller trace, if it shows the finding and is one of its maker's. */
  make(steps: Uint8Array, wanted: PoolSettings, mostRows: number): Candidate | undefined {
    const { target, lens, maker, others } = this.#task
    let settings = wanted
    let trace = this.#play(steps, settings)
    // A task that was in the run queue before the trace began, and whose run is left out, was not there; nor was a buffer.
    const excess = this.#excess(trace)
    if (excess.unknownTasks > 0 || excess.unknownBuffers > 0) {
      const { runQueueTasks, used } = settings
      settings = {
        ...settings,
        runQueueTasks: runQueueTasks - excess.unknownTasks,
        used: used - excess.unknownBuffers,
      }
      trace = this.#play(steps, settings)
    }
    if (trace.rowCount > mostRows || !shows(trace, target, lens)) return undefined
    if (this.#pin === undefined && !conformsTo(trace, maker, true)) return undefined
    if (others.some((other) => conformsTo(trace, other, true))) return undefined
    return { steps: trace.happened, settings, trace }
  }

  #play(steps: Uint8Array, settings: PoolSettings): Reenactment {
    const trace = reenact(this.script, steps, settings, this.#task.maker, this.#pin)
    this.#work.tries++
    this.#work.rows += trace.rowCount
    return trace
  }

  #excess({ unknownTasks, unknownBuffers }: Unknown): Unknown {
    return {
      unknownTasks: Math.max(0, unknownTasks - this.#unknown.unknownTasks),
      unknownBuffers: Math.max(0, unknownBuffers - this.#unknown.unknownBuffers),
    }
  }
}
