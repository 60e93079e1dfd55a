/** What a reader accepts beyond the plainest trace, and how it behaves while it reads. */
import { it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { Readable } from "node:stream"
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib"
import { describe, expect } from "vitest"
import { header, preamble, row, rowCountOf, small, temporaryFolder } from "../../test/support/refused.ts"
import type { RowBatch } from "../domain/batch.ts"
import { columnNames, firstAppletName } from "../domain/vocabulary.ts"
import { readTrace } from "./read.ts"
import { traceBytes } from "./source.ts"

const folder = temporaryFolder()
const recordingPath = new URL("../../traces/postfix-stats-page.csv.gz", import.meta.url).pathname
const recording = gunzipSync(readFileSync(recordingPath)).toString("utf8")

let fileCount = 0
const batchesOf = (text: string | Uint8Array): Promise<ReadonlyArray<RowBatch>> =>
  Effect.runPromise(Stream.runCollect(readTrace(folder.file(`${fileCount++}.csv`, text))))

/** Every row of a trace as one text, whatever its batches. */
const rowsOf = (batches: ReadonlyArray<RowBatch>, withLines = true): ReadonlyArray<string> =>
  batches.flatMap((batch) =>
    Array.from({ length: batch.rowCount }, (_, i) => {
      const { head, firstRow, rowCount: _count, line, ...columns } = batch
      const cells = Object.values(columns).map((column) => column[i])
      return [firstRow + i, withLines ? line[i] : "", ...cells, head.entities.id(batch.entity[i]!)].join(" ")
    }),
  )

describe("a trace is the same", () => {
  const plain = batchesOf(recording)

  it.each([
    ["compressed by gzip", gzipSync(recording)],
    ["compressed by zstd", zstdCompressSync(recording)],
    ["with a byte-order mark", `\ufeff${recording}`],
    ["with lines that end in CR LF", recording.replaceAll("\n", "\r\n")],
    ["with both", `\ufeff${recording.replaceAll("\n", "\r\n")}`],
    [
      "with every cell quoted",
      recording
        .replaceAll(/^(?!#).*$/gm, (line) =>
          line
            .split(",")
            .map((cell) => `"${cell}"`)
            .join(","),
        )
        .replaceAll(/^""$/gm, ""),
    ],
  ])("%s", async (_, text) => {
    expect(rowsOf(await batchesOf(text))).toEqual(rowsOf(await plain))
  })

  it("with its columns in any order, and further ones", async () => {
    const lines = recording.split("\n")
    const from = lines.findIndex((line) => line.startsWith("seq,"))
    const other = lines.map((line, at) =>
      at < from || line === ""
        ? line
        : [...line.split(",").toReversed(), at === from ? "weather" : "fine,"].join(","),
    )
    other[from] += ",more"
    const batches = await batchesOf(other.join("\n"))
    expect(batches[0]!.head.preamble.entries).toHaveLength(from - 1)
    expect(rowsOf(batches)).toEqual(rowsOf(await plain))
  })

  it("from standard input, however its bytes come", async () => {
    for (const chunkBytes of [1, 100, 1 << 20]) {
      const bytes = Buffer.from(chunkBytes === 1 ? small : recording)
      const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, i) =>
        bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes),
      )
      const batches = await Effect.runPromise(
        Stream.runCollect(readTrace("-", { stdin: Readable.from(chunks) })),
      )
      expect(batches[0]!.head.name).toBe("-")
      expect(rowsOf(batches)).toEqual(rowsOf(await (chunkBytes === 1 ? batchesOf(small) : plain)))
    }
  })
})

const applet = (seq: number, name: string): string => `${seq},0,applet_new,a${seq},,${name},,,,,,,,,,,\n`

describe("cells and lines", () => {
  it("names of applets may hold commas, quotes and line ends; the lines stay right", async () => {
    const rows = [
      applet(0, '"<A, ""B"">"'),
      applet(1, '"<C\n\nD>"'),
      applet(2, '"<É>"'),
      applet(3, "<É>"),
      applet(4, ""),
    ]
    for (const end of ["\n", "\r\n"]) {
      const batches = await batchesOf((preamble + header + rows.join("")).replaceAll("\n", end))
      expect(batches[0]!.head.appletNames).toEqual(['<A, "B">', `<C${end}${end}D>`, "<É>", ""])
      expect(batches.flatMap((batch) => Array.from(batch.line.subarray(0, batch.rowCount)))).toEqual([
        7, 8, 11, 12, 13,
      ])
      expect(batches.flatMap((batch) => Array.from(batch.site.subarray(0, batch.rowCount)))).toEqual(
        [0, 1, 2, 2, 3].map((code) => firstAppletName + code),
      )
    }
  })

  it("the first batch has no rows, and comes without any", async () => {
    const batches = await batchesOf(preamble + header)
    expect(batches.map((batch) => batch.rowCount)).toEqual([0])
    expect(batches[0]!.head.preamble).toMatchObject({
      limit: 5,
      reserve: 2,
      allocated: 3,
      used: 0,
      runQueueTasks: 0,
    })
    expect((await batchesOf(small))[0]!.rowCount).toBe(0)
    expect(columnNames.join(",")).toBe(header.trim())
  })

  it("a torn last line is dropped with leave, and told", async () => {
    const torn: Array<number> = []
    const options = { allowTorn: true, onTorn: (line: number) => torn.push(line) }
    expect(await rowCountOf(folder.file("torn.csv", `${small}2,5,tas`), options)).toBe(2)
    expect(await rowCountOf(folder.file("torn.csv.gz", gzipSync(`${small}2,5,tas`)), options)).toBe(2)
    expect(await rowCountOf(folder.file("torn.csv.zst", zstdCompressSync(`${small}2,5,tas`)), options)).toBe(
      2,
    )
    expect(await rowCountOf(folder.file("whole.csv", small), options)).toBe(2)
    expect(torn).toEqual([9, 9, 9])
  })

  it("what it is read as is told by content, not by its name", async () => {
    const told: Array<string> = []
    const onFormat = (name: string) => told.push(name)
    for (const content of [small, gzipSync(small), zstdCompressSync(small)])
      // eslint-disable-next-line no-await-in-loop
      await rowCountOf(folder.file("trace.csv.gz", content), { onFormat })
    expect(told).toEqual(["csv", "csv.gz", "csv.zst"])
  })
})

describe("while it reads", () => {
  it("counts rows and bytes", async () => {
    const progress = { rows: 0, bytes: 0, totalBytes: 0 }
    const rows = await rowCountOf(recordingPath, { progress })
    const { length } = readFileSync(recordingPath)
    expect(progress).toEqual({ rows, bytes: length, totalBytes: length })
    await rowCountOf("-", { progress, stdin: Readable.from([Buffer.from(small)]) })
    expect(progress).toEqual({ rows: rows + 2, bytes: small.length, totalBytes: 0 })
  })

  it("other fibers run between batches", async () => {
    let turns = 0
    const other = Effect.sync(() => turns++).pipe(Effect.andThen(Effect.yieldNow), Effect.forever)
    const reading = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(other)
      yield* Stream.runDrain(readTrace(recordingPath))
      yield* Fiber.interrupt(fiber)
    })
    await Effect.runPromise(reading)
    expect(turns).toBeGreaterThan(5)
  })

  it("a reader that takes no more closes the input", async () => {
    const stdin = Readable.from([Buffer.from(small), Buffer.from(row(2))])
    await Effect.runPromise(readTrace("-", { stdin }).pipe(Stream.take(1), Stream.runDrain))
    expect(stdin.destroyed).toBe(true)
  })

  it("it can be interrupted although nothing comes", async () => {
    const stdin = new Readable({ read: () => {} })
    stdin.push(small)
    const pipe = `${folder.path}/pipe`
    execFileSync("mkfifo", [pipe])
    for (const reading of [readTrace("-", { stdin }), readTrace(pipe), traceBytes(pipe)]) {
      const run = Effect.timeoutOption(Stream.runDrain<unknown, unknown, never>(reading), "50 millis")
      expect((await Effect.runPromise(run))._tag).toBe("None")
    }
    expect(stdin.destroyed).toBe(true)
  })

  it("a named pipe is read like a file", async () => {
    const pipe = `${folder.path}/another`
    execFileSync("mkfifo", [pipe])
    const rows = rowCountOf(pipe)
    spawn("sh", ["-c", 'gzip -c "$0" > "$1"', folder.file("in.csv", small), pipe])
    expect(await rows).toBe(2)
  })

  it("bytes come decompressed", async () => {
    const bytes = await Effect.runPromise(Stream.runCollect(traceBytes(recordingPath)))
    expect(Buffer.concat(bytes).toString("utf8")).toBe(recording)
  })
})
