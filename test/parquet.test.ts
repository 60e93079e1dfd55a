/** Traces as Parquet: the same rows as the CSV has, for us and for others, and no damage that is taken for a trace. */
import { describe, expect, it } from "@effect/vitest"
import { DuckDBInstance } from "@duckdb/node-api"
import { Effect, Stream } from "effect"
import { parquetReadObjects } from "hyparquet"
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { Readable } from "node:stream"
import * as zlib from "node:zlib"
import { BadTrace } from "../src/domain/errors.ts"
import { rowForms } from "../src/domain/row-forms.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import { EntityTable } from "../src/domain/entity.ts"
import {
  bufferStateNames,
  columnNames,
  eventNames,
  firstAppletName,
  resultNames,
  sideNames,
  siteNames,
} from "../src/domain/vocabulary.ts"
import { formIndex, rowMasks } from "../src/traces/forms.ts"
import { readingThread, type AheadMessage } from "../src/traces/parquet/ahead.ts"
import { readDeltas, readPlain, writeCount, writeDeltas, writePlain } from "../src/traces/parquet/deltas.ts"
import { footerLength, readFooter, tailBytes } from "../src/traces/parquet/footer.ts"
import { misfit } from "../src/traces/parquet/misfit.ts"
import { Settler } from "../src/traces/parquet/settle.ts"
import { readTrace } from "../src/traces/read.ts"
import { wholeOf } from "./support/columns.ts"
import { generateText, type GeneratorOptions } from "./support/generate.ts"
import { csvOf, decodeParquet, parquetOf } from "./support/parquet.ts"
import { Random } from "./support/random.ts"
import { decode, part, recordings, verifyBatches } from "./support/replaying.ts"

/** Another seed, other damages: `DAMAGE_SEED=7 npx vitest run test/parquet.test.ts`. */
const seed = Number(process.env["DAMAGE_SEED"] ?? 1)

/** Names that CSV must quote, that places in HAProxy's code have, and none. */
const oddNames = ['odd, "quoted"', "recv", "two\nlines", "", "naïve ✓"]

const generated = (options: Partial<GeneratorOptions> = {}): Buffer =>
  Buffer.from(
    [
      ...generateText({
        seed: 7,
        after: 0,
        rowCount: 3000,
        appletPercent: 80,
        appletNames: oddNames,
        ...options,
      }),
    ].join(""),
  )

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "wakediff-parquet-"))
const written = (name: string, bytes: Uint8Array): string => {
  const file = path.join(temporary, name)
  fs.writeFileSync(file, bytes)
  return file
}

const footerOf = (bytes: Buffer) => {
  const footerAt = bytes.length - tailBytes - footerLength(bytes.subarray(-tailBytes))!
  return { footer: readFooter(bytes.subarray(footerAt), footerAt), footerAt }
}

describe("a trace as Parquet", () => {
  it.each(recordings)("$name comes back as the same bytes", ({ bytes }) => {
    const csv = Buffer.from(bytes())
    expect(Buffer.from(csvOf(decodeParquet(parquetOf(decode(csv))))).equals(csv)).toBe(true)
  })

  it("gives what the CSV gives, to the slot and the line", () => {
    const traces = [
      ...recordings.slice(0, 4).map(({ bytes }) => bytes()),
      generated(),
      generated({ after: 0xffff, seed: 8 }),
    ]
    for (const csv of traces) {
      const batches = [...decode(csv)]
      expect(wholeOf([...decodeParquet(parquetOf(batches))])).toEqual(wholeOf(batches))
    }
  })

  it("keeps a trace without rows, and one with cells at the ends of their ranges", () => {
    const lines = generated().toString().split("\n")
    const head = lines.slice(0, lines.findIndex((line) => line.startsWith("seq,")) + 1)
    const extreme = [
      "0,9007199254740991,pool,,,gc,,,,,,,,4294967295,4294967295,0,0",
      "1,0,offer,s4294967295,,,,,,,,-2147483648,4294967295,,,,",
      "2,4503599627370497,alloc,s7,s7,recv,req,2147483647,,,ok,2147483647,0,,,4294967295,",
    ]
    for (const rows of [[], extreme]) {
      const csv = [...head, ...rows, ""].join("\n")
      expect(csvOf(decodeParquet(parquetOf(decode(Buffer.from(csv)))))).toBe(csv)
    }
  })

  it("does not depend on how the rows came", () => {
    const csv = generated()
    expect(parquetOf(decode(csv, 100)).equals(parquetOf(decode(csv)))).toBe(true)
  })
})

/** All rows of a trace as CSV, as others see them in the file. */
const rowsOf = (csv: Buffer): string => csv.toString().slice(csv.toString().indexOf("seq,time_us"))

const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? "" : String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

describe("for others", () => {
  it("DuckDB has the same cells, and the preamble", async () => {
    const csv = recordings.find(({ name }) => name === "haproxy-1.7.0-lua-peers.csv.gz")!.bytes()
    const file = written("duckdb.parquet", parquetOf(decode(csv)))
    const target = path.join(temporary, "duckdb.csv")
    const connection = await (await DuckDBInstance.create(":memory:")).connect()
    await connection.run(`copy (from '${file}' order by seq) to '${target}' (header, nullstr '', quote '"')`)
    expect(fs.readFileSync(target, "utf8")).toBe(rowsOf(Buffer.from(csv)))
    const keys = await connection.runAndReadAll(
      `select decode(key), decode(value) from parquet_kv_metadata('${file}')`,
    )
    expect(keys.getRows()).toContainEqual(["tune.buffers.limit", "9"])
    connection.closeSync()
  })

  it("hyparquet, with other code than ours, reads the same cells", async () => {
    const csv = generated({ after: 0xffff })
    const bytes = parquetOf(decode(csv))
    const file = {
      byteLength: bytes.length,
      slice: (from: number, to?: number) => Uint8Array.from(bytes.subarray(from, to)).buffer,
    }
    const compressors = { ZSTD: (input: Uint8Array) => new Uint8Array(zlib.zstdDecompressSync(input)) }
    const rows = await parquetReadObjects({ file, compressors })
    const lines = rows.map((row) => Object.values(row).map(cell).join(","))
    expect([...lines, ""].join("\n")).toBe(rowsOf(csv).split("\n").slice(1).join("\n"))
  })

  it("every page has the CRC that Parquet defines", () => {
    const bytes = parquetOf(decode(generated()))
    const { footer, footerAt } = footerOf(bytes)
    const reader = {
      view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
      offset: footer.groups[0]!.offset,
    }
    let pages = 0
    for (; reader.offset < footerAt; pages++) {
      const { field_3: length, field_4: sum } = deserializeTCompactProtocol(reader)
      expect(zlib.crc32(bytes.subarray(reader.offset, reader.offset + length)) | 0).toBe(sum)
      reader.offset += length
    }
    expect(pages).toBeGreaterThan(columnNames.length)
  })

  it("what another tool wrote is refused, with what to do about it", async () => {
    const file = written("theirs.parquet", parquetOf(decode(generated())))
    const target = path.join(temporary, "again.parquet")
    const connection = await (await DuckDBInstance.create(":memory:")).connect()
    await connection.run(`copy (from '${file}') to '${target}'`)
    connection.closeSync()
    expect(() => [...decodeParquet(fs.readFileSync(target))]).toThrow(
      /expected a trace as 'wakediff convert' writes it, found Parquet without a trace's preamble.*export the rows as CSV/,
    )
  })
})

describe("damage", () => {
  const sound = parquetOf(decode(generated({ rowCount: 500 })))
  const csv = csvOf(decodeParquet(sound))

  const outcomeOf = (bytes: Uint8Array, expected = csv): "refused" | "the same" => {
    try {
      expect(csvOf(decodeParquet(bytes))).toBe(expected)
      return "the same"
    } catch (error) {
      if (!(error instanceof BadTrace)) throw error
      expect(error.message).toMatch(/^test\.parquet: expected .*, found .*\. .+$/)
      return "refused"
    }
  }

  it("of one bit, anywhere: refused, or nobody reads it", () => {
    const random = new Random(seed)
    let refused = 0
    for (let tries = 0; tries < 3000; tries++) {
      const bytes = Buffer.from(sound)
      const at = random.below(bytes.length)
      const bit = random.below(8)
      bytes[at]! ^= 1 << bit
      try {
        if (outcomeOf(bytes) === "refused") refused++
      } catch (error) {
        throw new Error(`seed ${seed}, byte ${at}, bit ${bit}`, { cause: error })
      }
    }
    // What nobody reads: names of encodings and types said twice in the metadata.
    expect(refused).toBeGreaterThan(2500)
  })

  it("of a piece: overwritten, left out, or said twice", () => {
    const random = new Random(seed)
    for (let tries = 0; tries < 500; tries++) {
      const [from, to] = [random.below(sound.length), random.below(sound.length)].toSorted((a, b) => a - b)
      const piece = sound.subarray(from, to)
      const noise = Uint8Array.from({ length: Math.min(64, piece.length) }, () => random.below(256))
      const overwritten = Buffer.from(sound)
      overwritten.set(noise, from)
      outcomeOf(overwritten)
      if (piece.length === 0) continue
      expect(outcomeOf(Buffer.concat([sound.subarray(0, from), sound.subarray(to)]))).toBe("refused")
      expect(outcomeOf(Buffer.concat([sound.subarray(0, to), piece, sound.subarray(to)]))).toBe("refused")
    }
  })

  it("a file that is cut off, wherever", () => {
    for (let length = 0; length < sound.length; length++)
      expect(outcomeOf(sound.subarray(0, length))).toBe("refused")
  })

  it("of rows, below sums that are right: refused where the rules of a row say so, and only there", () => {
    const batches = [...decode(generated({ rowCount: 400, after: 0xffff }))]
    const random = new Random(seed)
    const word = {
      event: eventNames,
      side: sideNames,
      req: bufferStateNames,
      res: bufferStateNames,
      result: resultNames,
      site: siteNames,
    }
    let refused = 0
    for (let tries = 0; tries < 1000; tries++) {
      const batch = part(
        batches.find(({ rowCount }) => rowCount > 0)!,
        0,
        400,
      )
      const row = random.below(400)
      const name = random.pick([
        "event",
        "side",
        "req",
        "res",
        "result",
        "site",
        "entity",
        "owner",
        "present",
      ] as const)
      const column = batch[name].slice()
      const codes =
        name in word
          ? word[name as keyof typeof word].length
          : name === "present"
            ? 128
            : batch.head.entities.count
      column[row] = random.below(codes)
      const changed = { ...batch, [name]: column }
      const broken = misfit(changed, row)
      const named =
        eventNames[changed.event[row]!] === "applet_new" || eventNames[changed.event[row]!] === "applet_run"
      const isSite = named === changed.site[row]! >= firstAppletName
      const outcome = outcomeOf(parquetOf([changed]), csvOf([changed]))
      const about = `seed ${seed}, try ${tries}: ${name} of row ${row}`
      if (isSite) expect(outcome, about).toBe(broken === undefined ? "the same" : "refused")
      if (outcome === "refused") refused++
    }
    expect(refused).toBeGreaterThan(300)
  })

  it("says in which row group", () => {
    const bytes = Buffer.from(sound)
    bytes[1000]! ^= 1
    expect(() => [...decodeParquet(bytes)]).toThrow(
      "expected a sound Parquet file, found damaged data: its checksum is wrong, in row group 1. Fetch the file again, or convert the trace again",
    )
  })
})

const reading = (file: string, stdin?: Readable) =>
  Effect.map(Stream.runCollect(readTrace(file, { stdin })), (batches) => csvOf(batches))

describe("through readTrace", () => {
  const sound = parquetOf(decode(generated()))
  it.effect("a file, a pipe, and a compressed file are the same", () =>
    Effect.gen(function* () {
      const expected = csvOf(decodeParquet(sound))
      const chunks = Array.from({ length: Math.ceil(sound.length / 999) }, (_, at) =>
        sound.subarray(999 * at, 999 * (at + 1)),
      )
      expect(yield* reading(written("sound.parquet", sound))).toBe(expected)
      expect(yield* reading("-", Readable.from(chunks))).toBe(expected)
      expect(yield* reading(written("sound.parquet.gz", zlib.gzipSync(sound)))).toBe(expected)
      expect(yield* reading(written("sound.parquet.zst", zlib.zstdCompressSync(sound)))).toBe(expected)
    }),
  )

  it.effect("through a pipe, it has a bound", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Stream.runDrain(readTrace("-", { stdin: Readable.from([sound]), maxInflatedBytes: 1024 })),
      )
      expect(error.message).toContain(
        "expected at most 1 KiB of a columnar trace that comes through a pipe or is compressed, found more",
      )
    }),
  )
})

describe("memory that is used again", () => {
  it("changes nothing of what is verified", () => {
    const { bytes, after } = recordings.find(({ name }) => name === "postfix-lua-peers.csv.gz")!
    const parquet = parquetOf(decode(bytes()))
    const batches = decodeParquet(parquet, { reuse: true })
    expect(verifyBatches(batches, after)).toEqual(verifyBatches(decodeParquet(parquet), after))
  })

  it("leaves nothing of the batch before", () => {
    const parquet = parquetOf(decode(generated({ rowCount: 120_000 })))
    const kept = [...decodeParquet(parquet)]
    let at = 0
    for (const batch of decodeParquet(parquet, { reuse: true })) {
      const one = wholeOf([batch]).columns
      expect(one).toEqual(wholeOf([kept[at++]!]).columns)
    }
    expect(at).toBe(kept.length)
  })
})

describe("the thread that reads ahead", () => {
  /** Several row groups, and what the footer says of them. */
  const big = parquetOf(decode(recordings.find(({ name }) => name === "postfix-spoe-mixed.csv.gz")!.bytes()))
  const { groups } = footerOf(big).footer
  const withThread = async <A>(
    bytes: Uint8Array,
    run: (next: () => Promise<AheadMessage>) => Promise<A>,
  ): Promise<A> => {
    const descriptor = fs.openSync(written("ahead.parquet", bytes), "r")
    const thread = readingThread({ descriptor, groups })
    try {
      return await run(thread.next)
    } finally {
      await thread.close()
      fs.closeSync(descriptor)
    }
  }

  it("gives every row group in its order", async () => {
    expect(groups.length).toBeGreaterThan(1)
    const [head, ...batches] = [...decodeParquet(big)]
    const settler = new Settler({ ...head!.head, entities: new EntityTable(), appletNames: [] })
    const read = await withThread(big, async (next) => {
      const settled: Array<RowBatch> = []
      for (const _ of groups) {
        // eslint-disable-next-line no-await-in-loop -- in their order
        const message = await next()
        if ("problem" in message) throw new Error(message.problem.found)
        settled.push(settler.settle(message))
      }
      return settled
    })
    expect(wholeOf(read)).toEqual(wholeOf(batches))
  })

  it("says what is damaged, and where it comes to", async () => {
    const damaged = Buffer.from(big)
    damaged[groups[1]!.offset + 10]! ^= 1
    const [first, second] = await withThread(damaged, async (next) => [await next(), await next()])
    expect(first).toHaveProperty("columns")
    expect(second).toMatchObject({ problem: { found: "damaged data: its checksum is wrong" } })
  })

  it("ends when it is closed, whatever it does", async () => {
    await withThread(big, async () => {})
  })
})

const roundTrip = (values: ReadonlyArray<number>): Array<number> => {
  const out = new Float64Array(values.length)
  const given = Float64Array.from(values)
  const deltas = writeDeltas(given)
  if (deltas === undefined) readPlain(writePlain(given), values.length, out)
  else readDeltas(deltas, values.length, out)
  return [...out]
}

describe("numbers that grow slowly", () => {
  it("come back, however far apart they are", () => {
    const random = new Random(seed)
    for (let tries = 0; tries < 300; tries++) {
      const reach = 2 ** random.below(54)
      const values = Array.from({ length: random.below(400) }, () =>
        Math.floor((random.below(2 ** 31) / 2 ** 31) * reach),
      )
      expect(roundTrip(values)).toEqual(values)
    }
    const most = Number.MAX_SAFE_INTEGER
    for (const values of [[0, most, 0], [most, 0], [most], [most - 1, most], [2 ** 52, 1]])
      expect(roundTrip(values)).toEqual(values)
  })

  it("a count is what counts", () => {
    for (const [first, count] of [
      [0, 1],
      [0, 2],
      [5, 129],
      [300, 1000],
    ] as const) {
      const values = Float64Array.from({ length: count }, (_, at) => first + at)
      expect(writeCount(first, count).equals(writeDeltas(values)!)).toBe(true)
    }
  })
})

describe("what a row may look like", () => {
  it("is the same in masks as in the forms of the format", () => {
    for (const [event, name] of eventNames.entries()) {
      const form = rowForms.find((one) => one.event === name)!
      for (const [site, word] of siteNames.entries()) {
        const masks = rowMasks[formIndex(event, site)]
        const isApplet = form.sites === "applet name" || name === "applet_run"
        const allowed =
          !isApplet && (form.sites === undefined || (form.sites as ReadonlyArray<string>).includes(word))
        expect(masks !== undefined, `${name} at "${word}"`).toBe(allowed)
        if (masks === undefined) continue
        const results = resultNames.filter((_, code) => (masks.results >> code) & 1)
        if (form.results !== undefined)
          expect(results).toEqual(
            resultNames.filter((result) => (form.results as ReadonlyArray<string>).includes(result)),
          )
      }
    }
  })
})
