import type { RowBatch, TraceHead } from "../../domain/batch.ts"
import { NONE } from "../../domain/entity.ts"
import { isOutcome } from "../../domain/row-forms.ts"
import { Event, Present, Site } from "../../domain/vocabulary.ts"
import { emptyStep, loadStep, type Step } from "../../replay/units.ts"
import type { Tape } from "../tape.ts"

/** One input row, with what only a rewritten trace needs of it. */
export interface ScriptStep extends Step {
  /** Which of the counters this row observed, bits of `Present`. */
  counters: number
  /** The scene that it belongs to, an index. */
  scene: number
}

/**
 * What is taken out of a trace as a whole: a run, an I/O callback, or a row outside both. Its steps lie side by side.
 */
export interface Scene {
  readonly kind: "task run" | "applet run" | "callback" | "single"
  /** Who runs; of a callback, the stream. */
  readonly entity: number
  /** Steps from `first` to before `end`. */
  readonly first: number
  end: number
}

/** How an entity comes into being: its `_new` row, which goes where the entity is needed first. */
export interface Creation {
  readonly event: number
  readonly site: number
  readonly counters: number
}

/** The input rows of a trace: what has to happen again so that a machine writes the outcome rows anew. */
export interface Script {
  readonly head: TraceHead
  readonly steps: ReadonlyArray<ScriptStep>
  readonly scenes: ReadonlyArray<Scene>
  readonly creations: ReadonlyMap<number, Creation>
  /** The entities that steps name, in the order in which they are named first. */
  readonly entities: ReadonlyArray<number>
  /** The counters that outcome rows observe; where there are none, those that input rows do. */
  readonly outcomeCounters: number
  readonly hasOutcomes: boolean
}

export const counterBits = Present.allocated | Present.used | Present.taskRq | Present.appletRq

const isCreation = (event: number): boolean =>
  event === Event.stream_new || event === Event.applet_new || event === Event.spoe_new

/** Takes a trace apart. */
export const scriptOf = (tape: Tape): Script => {
  const steps: Array<ScriptStep> = []
  const creations = new Map<number, Creation>()
  let inputCounters = 0
  let outcomeCounters = 0
  let hasOutcomes = false
  for (const batch of tape.batches) {
    for (let i = 0; i < batch.rowCount; i++) {
      const counters = batch.present[i]! & counterBits
      if (isOutcome(batch.event[i]!, batch.site[i]!)) {
        hasOutcomes = true
        outcomeCounters |= counters
      } else if (isCreation(batch.event[i]!)) {
        inputCounters |= counters
        const { event, site } = batch
        creations.set(batch.entity[i]!, { event: event[i]!, site: site[i]!, counters })
      } else {
        inputCounters |= counters
        steps.push(stepOf(batch, i, counters))
      }
    }
  }
  const scenes = scenesOf(steps)
  const entities = entitiesOf(steps)
  return {
    head: tape.head,
    steps,
    scenes,
    creations,
    entities,
    outcomeCounters: hasOutcomes ? outcomeCounters : inputCounters,
    hasOutcomes,
  }
}

const stepOf = (batch: RowBatch, i: number, counters: number): ScriptStep => {
  const step: ScriptStep = { ...emptyStep(), counters, scene: NONE }
  loadStep(step, batch, i)
  return step
}

const entitiesOf = (steps: ReadonlyArray<ScriptStep>): ReadonlyArray<number> => {
  const named = new Set<number>()
  for (const { entity, owner } of steps) {
    if (entity !== NONE) named.add(entity)
    if (owner !== NONE) named.add(owner)
  }
  return [...named]
}

const scenesOf = (steps: ReadonlyArray<ScriptStep>): ReadonlyArray<Scene> => {
  const scenes: Array<Scene> = []
  let open: Scene | undefined
  for (const [at, step] of steps.entries()) {
    // A recording may lack the end of what it was in; a run that begins ends it.
    if (open === undefined || beginsRun(step)) {
      open = { kind: kindOf(step, steps[at + 1]), entity: step.entity, first: at, end: at + 1 }
      scenes.push(open)
    }
    step.scene = scenes.length - 1
    open.end = at + 1
    if (isLast(open, step)) open = undefined
  }
  return scenes
}

const beginsRun = ({ event }: Step): boolean => event === Event.task_run || event === Event.applet_run

const isConnWake = (step: Step | undefined, stream: number): boolean =>
  step?.event === Event.release && step.site === Site.conn_wake && step.entity === stream

const kindOf = (step: ScriptStep, following: ScriptStep | undefined): Scene["kind"] => {
  if (step.event === Event.task_run) return "task run"
  if (step.event === Event.applet_run) return "applet run"
  if (step.event === Event.alloc && step.site === Site.recv) return "callback"
  // The send callback has no row of its own at its beginning.
  const sends = step.event === Event.release && step.site === Site.notify
  return sends && isConnWake(following, step.entity) ? "callback" : "single"
}

const isLast = (scene: Scene, step: ScriptStep): boolean => {
  switch (scene.kind) {
    case "task run":
      return step.event === Event.task_done && step.entity === scene.entity
    case "applet run":
      return step.event === Event.applet_done && step.entity === scene.entity
    case "callback":
      return isConnWake(step, scene.entity)
    case "single":
      return true
  }
}

/** Whether a step is the first or the last row of a run: it comes and goes with the run. */
export const framesRun = ({ event }: Step): boolean =>
  event === Event.task_run ||
  event === Event.applet_run ||
  event === Event.task_done ||
  event === Event.applet_done

/** The rows of a trace from one `seq` to another, both included. */
export function* framedRows(
  tape: Tape,
  first: number,
  last: number,
): Generator<{ readonly batch: RowBatch; readonly i: number }> {
  for (const batch of tape.batches) {
    const from = Math.max(0, first - batch.firstRow)
    const to = Math.min(batch.rowCount, last - batch.firstRow + 1)
    for (let i = from; i < to; i++) yield { batch, i }
  }
}
