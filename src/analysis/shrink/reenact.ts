import type { RowBatch } from "../../domain/batch.ts"
import type { Deviation } from "../../domain/verdict.ts"
import type { PoolSettings } from "../../replay/machine.ts"
import type { Tape } from "../tape.ts"
import { recordedPin, relativePin, type Pin } from "./pin.ts"
import { Play } from "./play.ts"
import type { Script } from "./script.ts"

/** What comes of some steps of a script when they happen again. */
export interface Reenactment extends Tape {
  /** Per step of the script: whether it happened. */
  readonly happened: Uint8Array
  /** Tasks in the run queue, and buffers in use, since before the trace began, whose they are it never tells. */
  readonly unknownTasks: number
  readonly unknownBuffers: number
}

/**
 * Lets the kept steps of a script happen to a process with some pool settings under a semantics, and writes down the trace
 * of it: results, states, counters and outcomes are this process's own. What could not have happened here is left out:
 * a run of who is not ready, a release of a buffer that a SPOE context does not hold, and, where an allocation fails
 * that did not in the recording, what came of the buffer. Entities are created where they are first named.
 */
export const reenact = (
  script: Script,
  kept: Uint8Array,
  settings: PoolSettings,
  after: number,
  pin?: Pin,
): Reenactment => {
  const play = new Play(script, settings, after)
  const happened = new Uint8Array(kept.length)
  for (const [at, step] of script.steps.entries()) {
    if (kept[at] === 0) continue
    if (at === pin?.step ? play.happenAsRecorded(step, pin) : play.happen(step)) happened[at] = 1
    if (play.machine.undefinedKind !== undefined) break
  }
  const batches: ReadonlyArray<RowBatch> = play.transcript.batches
  const { unknownTasks, unknownBuffers } = play.machine
  return {
    head: play.head,
    batches,
    rowCount: play.transcript.rowCount,
    happened,
    unknownTasks,
    unknownBuffers,
  }
}

/** A deviation's pin, for smaller traces: see {@link Pin}. */
export const pinOf = (trace: Tape, script: Script, deviation: Deviation, after: number): Pin | undefined => {
  const pin = recordedPin(trace, script, deviation)
  if (pin === undefined) return undefined
  const play = new Play(script, trace.head.preamble, after)
  for (const step of script.steps.slice(0, pin.step + 1)) play.happen(step)
  return relativePin(pin, play.machine)
}
