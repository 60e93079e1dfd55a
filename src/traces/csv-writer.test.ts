/** The bytes of the writer are the text of `write.ts`, whatever a batch holds. */
import { describe, expect, it } from "vitest"
import { generate } from "../../test/support/generate.ts"
import { Random } from "../../test/support/random.ts"
import { openBatch, type RowBatch, type TraceHead } from "../domain/batch.ts"
import { EntityTable } from "../domain/entity.ts"
import type { Preamble } from "../domain/preamble.ts"
import {
  bufferStateNames,
  entityKinds,
  eventNames,
  firstAppletName,
  resultNames,
  sideNames,
  siteNames,
} from "../domain/vocabulary.ts"
import { CsvWriter } from "./csv-writer.ts"
import { writeBatch, writeHead } from "./write.ts"

const written = (batches: ReadonlyArray<RowBatch>): string => {
  const writer = new CsvWriter(batches[0]!.head)
  return Buffer.concat([...batches.flatMap((batch) => writer.push(batch)), ...writer.end()]).toString("utf8")
}

const asStrings = (batches: ReadonlyArray<RowBatch>): string =>
  [writeHead(batches[0]!.head.preamble), ...batches.map(writeBatch)].join("")

const appletNames = ["<STATS>", 'odd, "quoted"', "two\nlines", "", "<É>\u202e\u{1f600}", "x".repeat(100_000)]
const head: TraceHead = {
  name: "made up",
  preamble: {
    entries: [
      ["empty", ""],
      ["é", "ö: ü"],
    ],
  } as unknown as Preamble,
  entities: new EntityTable(),
  appletNames,
}

/** Numbers of every length, and those on both sides of where a length changes. */
const edges = Array.from({ length: 16 }, (_, power) => [10 ** power - 1, 10 ** power, 10 ** power + 1]).flat()
const signed = edges.flatMap((number) => (number < 2 ** 31 ? [number, -number] : []))
const unsigned = [...edges.filter((number) => number < 2 ** 32), 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]
const whole = [...edges, ...unsigned, 2 ** 53 - 1, 2 ** 53 - 2, 4_294_967_296, 123_000_000_045]

for (let kind = 0; kind < entityKinds.length; kind++)
  for (const number of unsigned) head.entities.slot(kind, number)

/** A batch of rows that no process makes: any value that a column can hold, beside any other. */
const anyBatch = (random: Random, rowCount: number, firstRow: number): RowBatch => {
  const batch = openBatch(head, rowCount + 3, firstRow)
  const slot = () => random.below(head.entities.count + 1) - 1
  for (let i = 0; i < rowCount; i++) {
    batch.timeUs[i] = random.pick(whole)
    batch.event[i] = random.below(eventNames.length)
    batch.entity[i] = slot()
    batch.owner[i] = slot()
    // The longest name is for one row in a hundred.
    const name = random.below(random.chance(1) ? appletNames.length : appletNames.length - 1)
    batch.site[i] = random.chance(50) ? random.below(siteNames.length) : firstAppletName + name
    batch.side[i] = random.below(sideNames.length)
    batch.req[i] = random.below(bufferStateNames.length)
    batch.res[i] = random.below(bufferStateNames.length)
    batch.result[i] = random.below(resultNames.length)
    batch.present[i] = random.below(128)
    batch.margin[i] = random.pick(signed)
    batch.avail[i] = random.pick([...signed, -(2 ** 31)])
    for (const column of [batch.threshold, batch.allocated, batch.used, batch.taskRq, batch.appletRq])
      column[i] = random.pick(unsigned)
  }
  batch.rowCount = rowCount
  return batch
}

describe("the bytes of a CSV trace are its text", () => {
  it("of any rows at all", () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = new Random(seed)
      let firstRow = seed === 0 ? 2 ** 53 - 5000 : random.pick(whole.filter((number) => number < 2 ** 52))
      const batches = Array.from({ length: 5 }, () => {
        const batch = anyBatch(random, random.below(800), firstRow)
        firstRow += batch.rowCount
        return batch
      })
      // Not toBe, whose report of a difference in megabytes is of no use.
      expect(written(batches) === asStrings(batches), `seed ${seed}`).toBe(true)
    }
  })

  it("of generated traces", () => {
    for (let seed = 0; seed < 20; seed++) {
      const batches = Array.from(generate({ seed, after: seed, rowCount: 2000, appletNames }).batches)
      expect(written(batches) === asStrings(batches), `seed ${seed}`).toBe(true)
    }
  })

  it("of a trace without rows", () => {
    expect(written([anyBatch(new Random(1), 0, 0)])).toBe(
      "# wakediff trace 1\n# empty:\n# é: ö: ü\n" +
        "seq,time_us,event,entity,owner,site,side,margin,req,res,result,avail,threshold,allocated,used,task_rq,applet_rq\n",
    )
  })

  it("and stay as they are when the writer goes on", () => {
    const random = new Random(7)
    const batch = anyBatch(random, 100, 0)
    const writer = new CsvWriter(head)
    const bytes = Buffer.concat(writer.push(batch))
    const given = writer.push(anyBatch(random, 100, 100))
    const before = Buffer.concat(given)
    writer.push(anyBatch(random, 3000, 200))
    expect(bytes.toString()).toBe(asStrings([batch]))
    expect(Buffer.concat(given).equals(before)).toBe(true)
  })
})
