/** The plain reader against csv-parse, its reference: every trace and every damage, to the byte. */
import { describe, expect, it } from "vitest"
import type { RowBatch } from "../src/domain/batch.ts"
import { BadTrace } from "../src/domain/errors.ts"
import { allParts } from "../src/semantics/registry.ts"
import { CsvDecoder } from "../src/traces/csv-decoder.ts"
import { wholeOf, type Whole } from "./support/columns.ts"
import { damages, pickDamage } from "./support/damage.ts"
import { generateText } from "./support/generate.ts"
import { Random } from "./support/random.ts"
import { recordings } from "./support/replaying.ts"

/** Another seed, other damages: `DAMAGE_SEED=7 npx vitest run test/csv-agrees.test.ts`. */
const seed = Number(process.env["DAMAGE_SEED"] ?? 1)
const damageRuns = 3000

/** All that a reader gives, and its error. */
interface Reading extends Whole {
  readonly line: number
  readonly error: string | undefined
}

const readingOf = (bytes: Uint8Array, plainRows: boolean, blockLength = 1 << 16): Reading => {
  const decoder = new CsvDecoder("test.csv", { allowTorn: false, plainRows })
  const batches: Array<RowBatch> = []
  let error: string | undefined
  try {
    for (let from = 0; from < bytes.length; from += blockLength)
      batches.push(...decoder.push(bytes.subarray(from, from + blockLength)))
    batches.push(...decoder.end())
  } catch (problem) {
    if (!(problem instanceof BadTrace)) throw problem
    error = problem.message
  }
  return { ...wholeOf(batches), line: decoder.line, error }
}

/** Both readings of a sound trace are the same. How many rows there were. */
const expectSame = (bytes: Uint8Array, about: string, blockLength?: number): number => {
  const reference = readingOf(bytes, false)
  const plain = readingOf(bytes, true, blockLength)
  expect(plain.error, about).toBe(undefined)
  for (const [name, column] of reference.columns)
    expect(column.equals(plain.columns.get(name)!), `${about}: ${name}`).toBe(true)
  expect({ ...plain, columns: 0 }, about).toEqual({ ...reference, columns: 0 })
  return plain.rowCount
}

/** Both refuse a trace with the same words, or neither does. Batches are cut elsewhere: fewer rows may come before. */
const expectSameFate = (bytes: Uint8Array, about: string): void => {
  const reference = readingOf(bytes, false)
  if (reference.error === undefined) {
    expectSame(bytes, about)
    return
  }
  const plain = readingOf(bytes, true)
  expect(plain.error, about).toBe(reference.error)
  for (const [name, column] of reference.columns) {
    const other = plain.columns.get(name)!
    const length = Math.min(column.length, other.length)
    expect(column.subarray(0, length).equals(other.subarray(0, length)), `${about}: ${name}`).toBe(true)
  }
}

const generated = (options: Partial<Parameters<typeof generateText>[0]>): Buffer =>
  Buffer.from([...generateText({ seed: 1, after: allParts, rowCount: 3000, ...options })].join(""))

const plainNames = ["<STATS>", "<CLI>", "<PEER>", "with a space", "ünïcode", "work", ""]

/** The lines of a trace from its header on, changed. */
const onRows = (text: Buffer, change: (line: string, isHeader: boolean) => string): Buffer => {
  const lines = text.toString("utf8").split("\n")
  const from = lines.findIndex((line) => line.startsWith("seq,"))
  const changed = lines.map((line, at) => (at < from || line === "" ? line : change(line, at === from)))
  return Buffer.from(changed.join("\n"))
}

describe("the plain reader agrees with csv-parse", () => {
  it.each(recordings.map(({ name, bytes }) => [name, bytes] as const))("on %s", (name, bytes) => {
    expect(expectSame(bytes(), name)).toBeGreaterThan(500)
  })

  it("on generated traces, with plain and with odd names of applets", () => {
    for (let run = 0; run < 20; run++) {
      const names = run % 2 === 0 ? { appletNames: plainNames, appletPercent: 80 } : {}
      expectSame(generated({ seed: run, ...names }), `seed ${run}`)
    }
  })

  it.each([1, 7, 100, 5003, 1 << 20])("on blocks of %i bytes", (blockLength) => {
    const bytes = generated({ rowCount: blockLength === 1 ? 500 : 20_000, appletNames: plainNames })
    expectSame(bytes, `blocks of ${blockLength}`, blockLength)
  })

  it("on lines that end in CR LF, and on those of which one does not", () => {
    const bytes = generated({ appletNames: plainNames })
    const text = bytes.toString("utf8").replaceAll("\n", "\r\n")
    expectSame(Buffer.from(text), "CR LF")
    const at = text.indexOf("\r\n", text.length / 2)
    expectSameFate(Buffer.from(text.slice(0, at) + text.slice(at + 1)), "one LF")
    expectSameFate(Buffer.from(text.slice(0, at + 1) + text.slice(at + 2)), "one CR")
    expectSameFate(
      onRows(bytes, (line) => (line.startsWith("700,") ? `${line}\r` : line)),
      "one CR LF",
    )
  })

  it("on columns in any order, with further ones that hold anything", () => {
    const random = new Random(seed)
    for (let run = 0; run < 20; run++) {
      const bytes = generated({ seed: run, rowCount: 1000, appletNames: plainNames })
      const keys = Array.from({ length: 19 }, () => random.below(1_000_000))
      const order = [...keys.keys()].toSorted((a, b) => keys[a]! - keys[b]!)
      const shuffled = onRows(bytes, (line, isHeader) => {
        const further = isHeader ? ["weather", ""] : [random.pick(["", "fine 20 °C", "-"]), "0"]
        const cells = [...line.split(","), ...further]
        return order.map((at) => cells[at]!).join(",")
      })
      expectSame(shuffled, `order ${order.join(" ")}`)
    }
  })

  it(`on ${damageRuns} damages`, () => {
    const sound = recordings.map(({ name, bytes }) => ({ name, text: startOf(bytes()) }))
    for (let run = 0; run < damageRuns; run++) {
      const random = new Random(seed * 1_000_003 + run)
      const { name, text } = random.pick(sound)
      const damage = pickDamage(damages, random)
      const about = `DAMAGE_SEED=${seed}, run ${run}: ${name}, ${damage.name}`
      expectSameFate(damage.apply(text, random), about)
    }
  })

  it("on cells at the edges of what they may be", () => {
    const bytes = generated({ rowCount: 300, appletNames: plainNames })
    const random = new Random(seed)
    for (let column = 0; column < 17; column++)
      for (const cell of edgeCells) {
        const row = String(random.below(300))
        const damaged = onRows(bytes, (line) => {
          const cells = line.split(",")
          if (cells[0] === row) cells[column] = cell
          return cells.join(",")
        })
        expectSameFate(damaged, `column ${column} of row ${row}: ${cell}`)
      }
  })
})

const edgeCells = [
  ..."0 00 007 9 -0 -1 --1 - + +1 1.0 1e3 0x1 4294967295 4294967296 2147483647 2147483648".split(" "),
  ..."-2147483648 -2147483649 9007199254740991 9007199254740992 0000000000000001 00000000000000001".split(
    " ",
  ),
  ..."s t a x s0 s01 s4294967295 s4294967296 t1 a1 x1 y1 S1 s1s s-1 ss1".split(" "),
  ..."alloc allo allocs ALLOC work workx wor offer req res own none data ok fail <STATS> <STATS> ".split(" "),
  ..."constructor __proto__ toString".split(" "),
  "work x",
  " work",
  "work ",
  "1 ",
  " 1",
  "s1 ",
  "\r",
  "\t",
  "é",
  "`",
  "{",
  "a1,s1",
]

/** The preamble, the header line and the first rows. */
const startOf = (bytes: Uint8Array): Buffer => {
  let end = Buffer.from(bytes).indexOf("\n0,")
  for (let row = 0; row < 600; row++) end = bytes.indexOf(10, end + 1)
  return Buffer.from(bytes.subarray(0, end + 1))
}
