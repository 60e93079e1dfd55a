import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { columnNames, type ColumnName } from "../src/domain/vocabulary.ts"
import { allParts } from "../src/semantics/registry.ts"
import { generateText } from "./support/generate.ts"
import { Random } from "./support/random.ts"
import { decode, recordings, verifyBatches, type Said } from "./support/replaying.ts"

/**
 * Damage that a verification must notice, at the very row. Traces are damaged as text, line by line, so that nothing of
 * what is tested has a hand in it.
 */

type Row = Record<ColumnName, string>

const outcomes = new Set(["enqueue", "dequeue", "offer", "skip", "wake"])
const isOutcome = (row: Row): boolean => outcomes.has(row.event) || row.site === "offer"
const counted = new Set(["alloc", "task_run", "task_done", "task_wakeup", "release"])

interface Damage {
  readonly name: string
  readonly applies: (row: Row) => boolean
  /** The rows that take its place. */
  readonly rows: (row: Row) => ReadonlyArray<Row>
  /** How many rows behind the damaged one it shows. */
  readonly showsAfter: number
}

const other: Readonly<Record<string, string>> = {
  ok: "fail",
  fail: "ok",
  held: "ok",
  queued: "already",
  already: "queued",
}
const anotherEntity = (id: string): string => `${id[0]!}${Number(id.slice(1)) + 1_000_000}`
const more = (text: string): string => String(Number(text) + 1)

const damages: ReadonlyArray<Damage> = [
  { name: "an outcome is removed", applies: isOutcome, rows: () => [], showsAfter: 0 },
  { name: "an outcome is there twice", applies: isOutcome, rows: (row) => [row, row], showsAfter: 1 },
  {
    name: "an outcome is another entity's",
    applies: (row) => isOutcome(row) && row.event !== "offer",
    rows: (row) => [{ ...row, entity: anotherEntity(row.entity) }],
    showsAfter: 0,
  },
  {
    name: "an offer finds one more",
    applies: (row) => row.event === "offer",
    rows: (row) => [{ ...row, avail: more(row.avail) }],
    showsAfter: 0,
  },
  {
    name: "an offer compares with one more",
    applies: (row) => row.event === "offer",
    rows: (row) => [{ ...row, threshold: more(row.threshold) }],
    showsAfter: 0,
  },
  {
    name: "an allocation's result is another",
    applies: (row) => row.event === "alloc",
    rows: (row) => [{ ...row, result: other[row.result]! }],
    showsAfter: 0,
  },
  {
    name: "an allocation's margin is another",
    applies: (row) => row.event === "alloc",
    rows: (row) => [{ ...row, margin: more(row.margin) }],
    showsAfter: 0,
  },
  {
    name: "a wakeup's result is another",
    // Of a plain task the trace does not say that it is new: it may have been in the run queue before.
    applies: (row) => row.event.endsWith("_wakeup") && !row.entity.startsWith("t"),
    rows: (row) => [{ ...row, result: other[row.result]! }],
    showsAfter: 0,
  },
  ...(["allocated", "used", "task_rq"] as const).map((column): Damage => ({
    name: `${column} is one more`,
    applies: (row) => counted.has(row.event),
    rows: (row) => [{ ...row, [column]: more(row[column]) }],
    showsAfter: 0,
  })),
  {
    name: "a buffer is not there before a release",
    applies: (row) => row.event === "release" && row.req !== "" && row.req !== "none",
    rows: (row) => [{ ...row, req: "none" }],
    showsAfter: 0,
  },
  {
    name: "a buffer is there before a release",
    applies: (row) => row.event === "release" && row.res === "none",
    rows: (row) => [{ ...row, res: "empty" }],
    showsAfter: 0,
  },
  {
    name: "an applet that ran was parked",
    applies: (row) => row.event === "applet_done" && row.result !== "parked",
    rows: (row) => [{ ...row, result: "parked" }],
    showsAfter: 0,
  },
]

/** A trace's head as it is, and its rows cell by cell. Generated and recorded ones have no quotes where it matters. */
const taken = (text: string): { head: string; rows: ReadonlyArray<Row> } => {
  const body = text.indexOf("\n", text.indexOf("\nseq,") + 1) + 1
  const rows = text
    .slice(body)
    .trimEnd()
    .split("\n")
    .map((line) => {
      const cells = line.split(",")
      return Object.fromEntries(columnNames.map((name, at) => [name, cells[at]!])) as Row
    })
  return { head: text.slice(0, body), rows }
}

const verifyRows = (head: string, rows: ReadonlyArray<Row>, after: number): Said => {
  const lines = rows.map((row, seq) =>
    columnNames.map((name) => (name === "seq" ? seq : row[name])).join(","),
  )
  return verifyBatches(decode(Buffer.from(`${head}${lines.join("\n")}\n`)), after)
}

/** Damages one row, chosen by the seed among those that it can be done to, and expects it to be found there. */
const expectFound = (text: string, after: number, damage: Damage, random: Random): void => {
  const { head, rows } = taken(text)
  // Behind the last row nothing shows what is missing.
  const places = rows.flatMap((row, at) => (at + 1 < rows.length && damage.applies(row) ? [at] : []))
  if (places.length === 0) return
  const at = random.pick(places)
  const damaged = [...rows.slice(0, at), ...damage.rows(rows[at]!), ...rows.slice(at + 1)]
  const { deviationCount, first } = verifyRows(head, damaged, after)
  expect(deviationCount, `row ${at}`).toBeGreaterThan(0)
  expect(first!.row, `row ${at}: ${JSON.stringify(first)}`).toBe(at + damage.showsAfter)
}

const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff_ffff }))
const after = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: allParts }))
const appletNames = ["<STATS>", "<SPOE>"]

describe.each(damages)("canary: $name", (damage) => {
  it.prop(
    "shows in a generated trace at that row",
    { seed, after },
    ({ seed: value, after: mask }) => {
      const options = { seed: value, after: mask, rowCount: 300, appletNames }
      expectFound([...generateText(options)].join(""), mask, damage, new Random(value))
    },
    { arbitrary: { runs: 60 } },
  )

  it("shows in a recording at that row", () => {
    const random = new Random(7)
    for (const name of ["haproxy-1.7.0-stats-page", "postfix-stats-page"]) {
      const recording = recordings.find((one) => one.name.startsWith(name))!
      const text = Buffer.from(recording.bytes()).toString()
      for (let i = 0; i < 3; i++) expectFound(text, recording.after, damage, random)
    }
  })
})

describe("canary: the wrong semantics", () => {
  it.each(recordings)("deviates on $name", ({ bytes, after: mask }) => {
    expect(verifyBatches(decode(bytes()), mask ^ allParts).deviationCount).toBeGreaterThan(0)
  })
})
