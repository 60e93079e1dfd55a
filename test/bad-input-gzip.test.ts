/** Gzip data that must be refused: cut off, damaged, followed by something else. */
import { readFileSync } from "node:fs"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { expectRefusal, refused, rowCountOf, small, temporaryFolder } from "./support/refused.ts"

const folder = temporaryFolder()
const recording = readFileSync(new URL("../traces/prefix-stats-page.csv.gz", import.meta.url))

const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at < 0 ? copy.length + at : at]! ^= 0x40
  return copy
}

describe("gzip", () => {
  const advice = "Fetch the file again; gzip -t tests it"
  const zipped = gzipSync(small)

  it("that is cut off", async () => {
    const cut = recording.subarray(0, recording.length - 9)
    const error = await refused(folder.file("cut.csv.gz", cut))
    expect(error.message).toMatch(
      /cut\.csv\.gz:\d+: expected sound gzip data, found data that is cut off\. Fetch/,
    )
    expect(error.line).toBeGreaterThan(15_000)
    await expectRefusal(
      folder.file("cut-half.gz", zipped.subarray(0, 40)),
      `: expected sound gzip data, found data that is cut off. ${advice}`,
    )
    await expectRefusal(
      folder.file("cut-magic.gz", zipped.subarray(0, 2)),
      `: expected sound gzip data, found data that is cut off. ${advice}`,
    )
    await expectRefusal(
      folder.file("cut-checksum.gz", zipped.subarray(0, -1)),
      `: expected sound gzip data, found data that is cut off. ${advice}`,
    )
  })

  it("whose checksum or length is wrong", async () => {
    const text = ": expected sound gzip data, found damaged data: its checksum is wrong. "
    await expectRefusal(folder.file("crc.csv.gz", flipped(zipped, -6)), text + advice)
    await expectRefusal(folder.file("length.csv.gz", flipped(zipped, -1)), text + advice)
  })

  it("whose data is damaged: not the cell that comes of it is to blame", async () => {
    for (const at of [3000, 20_000, 50_000]) {
      // eslint-disable-next-line no-await-in-loop
      const error = await refused(folder.file("flip.csv.gz", flipped(recording, at)))
      expect(error.expected).toBe("sound gzip data")
      expect(error.line).toBeGreaterThan(0)
    }
    await expectRefusal(
      folder.file("method.csv.gz", flipped(zipped, 2)),
      `: expected sound gzip data, found damaged data: unknown compression method. ${advice}`,
    )
  })

  it.each([
    ["text", Buffer.from("garbage")],
    ["zeros", Buffer.alloc(10)],
    ["a mebibyte of zeros", Buffer.alloc(1 << 20)],
    ["zeros, then text", Buffer.concat([Buffer.alloc(100_000), Buffer.from("x")])],
  ])("with %s behind it", async (_, garbage) => {
    const error = await refused(folder.file("garbage.csv.gz", Buffer.concat([zipped, garbage])))
    expect(error.message).toContain(`expected sound gzip data, found something else behind it. ${advice}`)
  })

  it("in several members is one trace", async () => {
    const parts = [small.slice(0, 100), small.slice(100, 101), "", small.slice(101)].map((text) =>
      gzipSync(text),
    )
    expect(await rowCountOf(folder.file("members.gz", Buffer.concat(parts)))).toBe(2)
  })

  it("of nothing, and of gzip data", async () => {
    await expectRefusal(
      folder.file("empty.csv.gz", gzipSync("")),
      ': expected a trace, whose first line is "# wakediff trace 1", found an empty file. Is it a trace at all?',
    )
    const twice = await refused(folder.file("twice.csv.gz", gzipSync(zipped)))
    expect(twice.found).toBe("data that gzip compressed twice")
  })

  it("of a bad row says the row", async () => {
    const path = folder.file("row.csv.gz", gzipSync(small.replace("1,1,task_run", "1,1,task_ran")))
    const error = await refused(path)
    expect(error).toMatchObject({ line: 8, column: 5, cell: "event" })
  })
})
