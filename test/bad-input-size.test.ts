/** Traces that would fill the memory: each is refused after a few mebibytes. */
import { spawnSync } from "node:child_process"
import { Readable } from "node:stream"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { header, preamble, refused, row, rowCountOf, small, temporaryFolder } from "./support/refused.ts"

const folder = temporaryFolder()

/** A pipe with so much in it, made as it is read. */
const pipe = (start: string, block: Buffer, bytes = 1024 ** 3) => {
  const given = { bytes: 0 }
  const stdin = Readable.from(
    (function* () {
      yield Buffer.from(start)
      for (; given.bytes < bytes; given.bytes += block.length) yield block
    })(),
    { objectMode: false, highWaterMark: 1 << 16 },
  )
  return { given, stdin }
}

/** Some zeros or rows, compressed so well that a small file would fill the memory. */
const bomb = (start: string, block: Buffer): string => {
  const zipped = [gzipSync(start), ...Array.from({ length: 40 }, () => gzipSync(block))]
  return folder.file("bomb.csv.gz", Buffer.concat(zipped))
}

describe("what is too large", () => {
  it.each([
    ["the first", "", 1, "found "],
    ["a preamble", preamble, 6, "expected lines of at most 1048576 bytes, found a longer one"],
    ["the header", `${preamble}seq,`, 6, "expected lines of at most 1048576 bytes, found a longer one"],
    ["a row", `${small}2,2,`, 9, "expected lines of at most 1048576 bytes, found a longer one"],
    [
      "a quoted cell",
      `${preamble + header}0,0,applet_new,a1,,"`,
      7,
      "expected lines of at most 1048576 bytes, found a longer one",
    ],
  ])("a line of a gibibyte: %s", async (_, start, line, text) => {
    const { given, stdin } = pipe(start, Buffer.alloc(1 << 16, "ab,\r"))
    const memory = process.memoryUsage().rss
    const error = await refused("-", { stdin })
    expect(error.line).toBe(line)
    expect(error.message).toContain(text)
    expect(given.bytes).toBeLessThan(4 << 20)
    expect(process.memoryUsage().rss - memory).toBeLessThan(64 << 20)
  })

  it("a gibibyte of lines in a quoted cell, and of preamble", async () => {
    const cell = pipe(`${preamble + header}0,0,applet_new,a1,,"`, Buffer.alloc(1 << 16, "ab\n"))
    expect(await refused("-", { stdin: cell.stdin })).toMatchObject({ line: 7, column: 20 })
    expect(cell.given.bytes).toBeLessThan(4 << 20)
    const lines = pipe("# wakediff trace 1\n", Buffer.alloc(1 << 16, "# a: b\n"))
    expect((await refused("-", { stdin: lines.stdin })).message).toContain(
      "expected a preamble of at most 1048576 characters",
    )
    expect(lines.given.bytes).toBeLessThan(4 << 20)
  })

  it("names of applets without end", async () => {
    const rows = Array.from(
      { length: 5000 },
      (_, seq) => `${seq},0,applet_new,a${seq},,<${seq}>,,,,,,,,,,,\n`,
    )
    const error = await refused(folder.file("names.csv", preamble + header + rows.join("")))
    expect(error).toMatchObject({ line: 7 + 4096, cell: "site" })
  })

  it("a decompression bomb of zeros", async () => {
    const path = bomb("", Buffer.alloc(4 << 20))
    const error = await refused(path)
    expect(error.found).toBe("binary data")
    const line = await refused(bomb(small, Buffer.alloc(4 << 20, "x")))
    expect(line.message).toContain("expected lines of at most 1048576 bytes")
  })

  it("a decompression bomb of rows, with a bound of 16 MiB", async () => {
    const rows = (function* () {
      for (let seq = 0; seq < 1_000_000; seq++) yield row(seq)
    })()
    const large = folder.file("rows.csv.gz", gzipSync(preamble + header + [...rows].join("")))
    const text =
      "expected at most 16 MiB of decompressed data, found more. If that is a trace, and no bomb, allow more: --max-inflated 32MiB"
    const error = await refused(large, { maxInflatedBytes: 16 << 20 })
    expect(error.message).toContain(text)
    expect(error.line).toBeGreaterThan(100_000)
    expect(await rowCountOf(large, { maxInflatedBytes: 1 << 30 })).toBe(1_000_000)
  })

  it("in a process of its own: the memory stays flat", () => {
    const script = `
      import { Effect, Stream } from "effect"
      import { readTrace } from ${JSON.stringify(new URL("../src/traces/read.ts", import.meta.url).href)}
      const error = await Effect.runPromise(Effect.flip(Stream.runDrain(readTrace("-"))))
      console.log(JSON.stringify({ message: error.message, megabytes: process.resourceUsage().maxRSS / 1024 }))`
    const shell = `(printf '# wakediff trace 1\\n'; head -c 1073741824 /dev/zero | tr '\\0' x) | "$0" --input-type=module-typescript -e "$1"`
    const run = spawnSync("bash", ["-c", shell, process.execPath, script], {
      encoding: "utf8",
      cwd: new URL("..", import.meta.url),
    })
    const { message, megabytes } = JSON.parse(run.stdout) as { message: string; megabytes: number }
    expect(message).toBe("-:2:1048577: expected lines of at most 1048576 bytes, found a longer one")
    expect(megabytes).toBeLessThan(200)
  })
})
