import { openBatch, type OpenBatch, type RowBatch, type TraceHead } from "../../domain/batch.ts"
import { EntityTable, NONE } from "../../domain/entity.ts"
import type { Preamble } from "../../domain/preamble.ts"
import { Event, entityKinds, firstAppletName } from "../../domain/vocabulary.ts"
import type { Tape } from "../tape.ts"

/** A trace with its entities numbered from 1 on per kind, as they appear, and what each was called before. */
export interface Renumbered {
  readonly tape: Tape
  /** By id in the trace given: the id now. */
  readonly idOf: ReadonlyMap<string, string>
}

/** Makes a trace one of its own: nothing in it, nor in its tables, is left of rows that are gone. */
export const renumbered = (trace: Tape): Renumbered => {
  const entities = new EntityTable()
  const appletNames: Array<string> = []
  const hasPoolRows = trace.batches.some((batch) =>
    batch.event.subarray(0, batch.rowCount).includes(Event.pool),
  )
  const preamble = { ...trace.head.preamble, entries: entriesOf(trace.head.preamble, hasPoolRows) }
  const head: TraceHead = { name: trace.head.name, preamble, entities, appletNames }
  const slots = new Map<number, number>()
  const idOf = new Map<string, string>()
  const counts = entityKinds.map(() => 0)
  const slotOf = (old: number): number => {
    if (old === NONE) return NONE
    const known = slots.get(old)
    if (known !== undefined) return known
    const kind = trace.head.entities.kind[old]!
    const slot = entities.slot(kind, ++counts[kind]!)
    slots.set(old, slot)
    idOf.set(trace.head.entities.id(old), entities.id(slot))
    return slot
  }
  const siteOf = (site: number): number => {
    if (site < firstAppletName) return site
    const name = trace.head.appletNames[site - firstAppletName]!
    const known = appletNames.indexOf(name)
    return firstAppletName + (known < 0 ? appletNames.push(name) - 1 : known)
  }
  const batch = openBatch(head, Math.max(1, trace.rowCount), 0)
  for (const old of trace.batches) {
    const at = batch.rowCount
    copyColumns(batch, old, at)
    for (let i = 0; i < old.rowCount; i++) {
      batch.line[at + i] = preamble.entries.length + 3 + at + i
      batch.entity[at + i] = slotOf(old.entity[i]!)
      batch.owner[at + i] = slotOf(old.owner[i]!)
      batch.site[at + i] = siteOf(old.site[i]!)
    }
    batch.rowCount += old.rowCount
  }
  return { tape: { head, batches: [batch], rowCount: batch.rowCount }, idOf }
}

const columns = [
  "timeUs",
  "event",
  "side",
  "margin",
  "req",
  "res",
  "result",
  "avail",
  "threshold",
  "allocated",
  "used",
  "taskRq",
  "appletRq",
  "present",
] as const

const copyColumns = (to: OpenBatch, from: RowBatch, at: number): void => {
  for (const name of columns) to[name].set(from[name].subarray(0, from.rowCount), at)
}

/** The entries with the numbers that the pool has now; what a collector leaves says nothing where none ran. */
const entriesOf = (preamble: Preamble, hasPoolRows: boolean): Preamble["entries"] => {
  const numbers: Readonly<Record<string, number>> = {
    "tune.buffers.limit": preamble.limit,
    "tune.buffers.reserve": preamble.reserve,
    "pool.allocated": preamble.allocated,
    "pool.used": preamble.used,
    "run_queue.tasks": preamble.runQueueTasks,
  }
  return preamble.entries
    .filter(([key]) => hasPoolRows || key !== "pool.minavail")
    .map(([key, value]) => [key, Object.hasOwn(numbers, key) ? String(numbers[key]) : value] as const)
}

/** Whether two traces of {@link renumbered} would be written alike. */
export const sameTape = (one: Tape, other: Tape): boolean => {
  if (one.rowCount !== other.rowCount || entriesText(one) !== entriesText(other)) return false
  const [a, b] = [one.batches[0]!, other.batches[0]!]
  for (let i = 0; i < a.rowCount; i++) {
    if (columns.some((name) => a[name][i] !== b[name][i])) return false
    if (a.entity[i] !== b.entity[i] || a.owner[i] !== b.owner[i]) return false
    if (siteText(a, i) !== siteText(b, i)) return false
  }
  return true
}

const entriesText = ({ head }: Tape): string => JSON.stringify(head.preamble.entries)

const siteText = ({ head, site }: RowBatch, i: number): number | string | undefined =>
  site[i]! < firstAppletName ? site[i] : head.appletNames[site[i]! - firstAppletName]

/** The preamble's entries with a note at the end of `workload`; one that says so already is left as it is. */
export const withNote = (tape: Tape, name: string, kept: string): Tape => {
  const { head } = tape
  const { entries } = head.preamble
  const ending = `, keeping ${kept}`
  const [at, old] = [...entries.entries()].find(([, [key]]) => key === "workload") ?? [-1, undefined]
  const before = old?.[1] ?? ""
  if (before.includes(noteBeginning) && before.endsWith(ending)) return tape
  const note = `${noteBeginning} ${name}${ending}`
  const workload = ["workload", before === "" ? note : `${before}; ${note}`] as const
  const noted = at < 0 ? [...entries, workload] : entries.with(at, workload)
  const noting = { ...head, preamble: { ...head.preamble, entries: noted } }
  return { ...tape, head: noting, batches: tape.batches.map((batch) => ({ ...batch, head: noting })) }
}

const noteBeginning = "shrunk by wakediff from"
