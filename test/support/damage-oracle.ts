import type { RowBatch } from "../../src/domain/batch.ts"
import { BufferState, Event, Present, Result, Site, eventNames } from "../../src/domain/vocabulary.ts"

/** A row as two lists of cells: what makes the process go on, and what a verification compares. */
interface Judged {
  readonly inputs: ReadonlyArray<string | number>
  readonly compared: ReadonlyArray<string | number | undefined>
}

/**
 * What `outcomes.md`, "Verdicts of a verification", says is compared, and nothing else. What is left out is compared by
 * nobody: times, `owner` and name of an `applet_run`, the results of `applet_free`, `applet_pause`, `spoe_free` and
 * `task_done`, counters where the format leaves them unspecified, and cells that the event does not use.
 */
const judge = (batch: RowBatch, i: number): Judged => {
  const { head } = batch
  const event = batch.event[i]!
  const entity = head.entities.id(batch.entity[i]!)
  const owner = head.entities.id(batch.owner[i]!)
  const site = batch.site[i]!
  const result = batch.result[i]!
  const name = eventNames[event]!
  const given = (bit: number, value: number) => ((batch.present[i]! & bit) === 0 ? undefined : value)
  const counters = [
    given(Present.allocated, batch.allocated[i]!),
    given(Present.used, batch.used[i]!),
    given(Present.taskRq, batch.taskRq[i]!),
    head.preamble.countsApplets ? given(Present.appletRq, batch.appletRq[i]!) : undefined,
  ]
  const states = [batch.req[i]!, batch.res[i]!]
  switch (event) {
    case Event.enqueue:
    case Event.dequeue:
      return { inputs: [], compared: [name, entity, site] }
    case Event.offer:
      return { inputs: [], compared: [name, entity || undefined, batch.avail[i]!, batch.threshold[i]!] }
    case Event.skip:
      return { inputs: [], compared: [name, entity, result] }
    case Event.wake:
      return { inputs: [], compared: [name, entity] }
    case Event.task_wakeup:
    case Event.applet_wakeup: {
      const compared = [result, ...(event === Event.task_wakeup ? counters : [])]
      if (site === Site.offer) return { inputs: [], compared: [name, entity, ...compared] }
      return { inputs: [name, entity], compared }
    }
    case Event.alloc:
      return {
        inputs: [name, entity, owner, site, batch.side[i]!],
        compared: [result, batch.margin[i]!, ...counters],
      }
    case Event.release: {
      const held = states.map((state) => (state === 0 ? 0 : state === BufferState.none ? 1 : 2))
      return {
        inputs: [name, entity, owner, site, batch.side[i]!, ...states],
        compared: [...held, ...counters],
      }
    }
    case Event.task_run:
    case Event.task_done:
      return { inputs: [name, entity], compared: counters }
    case Event.applet_done:
      return { inputs: [name, entity], compared: [result === Result.parked ? 1 : 0] }
    case Event.pool:
      return { inputs: [name, batch.allocated[i]!, batch.used[i]!], compared: [] }
    default:
      return { inputs: [name, entity], compared: [] }
  }
}

export interface JudgedTrace {
  readonly settings: string
  readonly rows: ReadonlyArray<Judged>
  /** Ids that rows name before, or without, their `stream_new`, `applet_new` or `spoe_new`; tasks have none. */
  readonly strangers: ReadonlySet<string>
}

export const judgeTrace = (batches: Iterable<RowBatch>): JudgedTrace => {
  const rows: Array<Judged> = []
  const born = new Set<string>()
  const strangers = new Set<string>()
  let settings = ""
  for (const batch of batches) {
    const { limit, reserve, allocated, used, runQueueTasks, countsApplets } = batch.head.preamble
    settings = JSON.stringify({ limit, reserve, allocated, used, runQueueTasks, countsApplets })
    for (let i = 0; i < batch.rowCount; i++) {
      rows.push(judge(batch, i))
      const [entity, owner] = [
        batch.head.entities.id(batch.entity[i]!),
        batch.head.entities.id(batch.owner[i]!),
      ]
      const event = batch.event[i]!
      if (event === Event.stream_new || event === Event.applet_new || event === Event.spoe_new)
        born.add(entity)
      for (const id of [entity, owner]) if (id !== "" && id[0] !== "t" && !born.has(id)) strangers.add(id)
    }
  }
  return { settings, rows, strangers }
}

/**
 * What a damaged trace that conforms is, beside the sound one.
 *
 * - `same`: nothing that is compared differs; rows at the end may be missing, as if the recording had ended sooner.
 * - `another`: its inputs differ: it is the record of another process, whose outcomes may well be as the rules have them.
 * - `stranger`: so it is, but it names an entity that no row made: no process could have.
 * - `wrong`: its inputs are the sound one's, and something that is compared differs: it must not conform.
 */
export const compareTraces = (
  sound: JudgedTrace,
  damaged: JudgedTrace,
): "same" | "another" | "stranger" | "wrong" => {
  for (const id of damaged.strangers) if (!sound.strangers.has(id)) return "stranger"
  if (damaged.rows.length > sound.rows.length) return "wrong"
  if (sound.settings !== damaged.settings) return "another"
  let wrong = false
  for (const [at, row] of damaged.rows.entries()) {
    const other = sound.rows[at]!
    if (String(row.inputs) !== String(other.inputs)) return "another"
    wrong ||= differs(row.compared, other.compared)
  }
  return wrong ? "wrong" : "same"
}

/** A cell that one of the two lacks is not compared: it is optional, or the reader would have refused it. */
const differs = (a: Judged["compared"], b: Judged["compared"]): boolean =>
  a.length !== b.length || a.some((cell, at) => cell !== undefined && b[at] !== undefined && cell !== b[at])
