/** Compressed data that must be refused: cut off, damaged, followed by something else; whatever it is compressed by. */
import { readFileSync } from "node:fs"
import { Readable } from "node:stream"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { compressors } from "./support/compress.ts"
import { Random } from "./support/random.ts"
import { expectRefusal, refused, rowCountOf, small, temporaryFolder } from "./support/refused.ts"

const folder = temporaryFolder()
const recording = gunzipSync(readFileSync(new URL("../traces/prefix-stats-page.csv.gz", import.meta.url)))

const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at < 0 ? copy.length + at : at]! ^= 0x40
  return copy
}

/** Bytes as a pipe delivers them. */
const piped = (bytes: Buffer, length: number): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
      bytes.subarray(i * length, (i + 1) * length),
    ),
  )

describe.each(compressors)("$name", ({ name, suffix, test, compress }) => {
  const advice = `Fetch the file again; ${test} tests it`
  const sound = `expected sound ${name} data, found`
  const packed = compress(small)
  const packedRecording = compress(recording)
  const file = (content: Uint8Array): string => folder.file(`trace.csv${suffix}`, content)

  it("that is cut off, at every length", async () => {
    for (let length = 4; length < packed.length; length++) {
      // eslint-disable-next-line no-await-in-loop
      await expectRefusal(file(packed.subarray(0, length)), `: ${sound} data that is cut off. ${advice}`)
    }
    for (const length of [1, 2, 3])
      // eslint-disable-next-line no-await-in-loop
      expect((await refused(file(packed.subarray(0, length)))).column).toBeLessThan(2)
  })

  it("that is cut off late: the error says how far the reading came", async () => {
    const error = await refused(file(packedRecording.subarray(0, -9)))
    expect(error.message).toMatch(
      new RegExp(`trace\\.csv\\${suffix}:\\d+: ${sound} data that is cut off\\. Fetch`),
    )
    expect(error.line).toBeGreaterThan(10_000)
  })

  it("that is cut off between its members and in the last: at every length", async () => {
    const [first, last] = [compress(small.slice(0, -10)), compress(small.slice(-10))]
    const whole = Buffer.concat([first, last])
    expect(await rowCountOf(file(whole))).toBe(2)
    for (let length = first.length + 1; length < whole.length; length++)
      // eslint-disable-next-line no-await-in-loop
      expect((await refused(file(whole.subarray(0, length)))).message).toContain(
        `${sound} data that is cut off`,
      )
    // Nothing says that more was to come, but the trace does.
    expect((await refused(file(first))).message).toContain("found a torn last line")
  })

  it("whose checksum is wrong", async () => {
    const wrong = file(flipped(packed, -6))
    const found = name === "gzip" ? "damaged data: its checksum is wrong" : /damaged data/
    expect((await refused(wrong)).found).toMatch(found)
    await expectRefusal(
      file(flipped(packed, -1)),
      `: ${sound} damaged data: its checksum is wrong. ${advice}`,
    )
  })

  it("whose data is damaged: not the cell that comes of it is to blame", async () => {
    for (const at of [3000, 20_000, 50_000]) {
      // eslint-disable-next-line no-await-in-loop
      const error = await refused(file(flipped(packedRecording, at)))
      expect(error.expected).toBe(`sound ${name} data`)
    }
  })

  it("is refused in the same words however a pipe delivers it", async () => {
    const random = new Random(5)
    const damaged = [
      packedRecording.subarray(0, -9),
      Buffer.concat([packedRecording, Buffer.from("garbage")]),
      ...Array.from({ length: 5 }, () => flipped(packedRecording, 100 + random.below(80_000))),
    ]
    for (const bytes of damaged) {
      const messages = new Set<string>()
      for (const length of [7, 1000, 65_536, bytes.length])
        // eslint-disable-next-line no-await-in-loop
        messages.add((await refused("-", { stdin: piped(bytes, length) })).message)
      expect([...messages]).toHaveLength(1)
    }
  })

  it.each([
    ["two letters", Buffer.from("xy")],
    ["text", Buffer.from("garbage")],
    ["a zero", Buffer.alloc(1)],
    ["zeros", Buffer.alloc(10)],
    ["a mebibyte of zeros", Buffer.alloc(1 << 20)],
    ["zeros, then text", Buffer.concat([Buffer.alloc(100_000), Buffer.from("x")])],
  ])("with %s behind it", async (_, garbage) => {
    const error = await refused(file(Buffer.concat([packed, garbage])))
    expect(error.message).toContain(`${sound} something else behind it. ${advice}`)
    const late = await refused(file(Buffer.concat([packedRecording, garbage])))
    expect(late.message).toContain(`${sound} something else behind it. ${advice}`)
  })

  it("in several members is one trace", async () => {
    const texts = [small.slice(0, 100), small.slice(100, 101), "", small.slice(101)]
    expect(await rowCountOf(file(Buffer.concat(texts.map((text) => compress(text)))))).toBe(2)
    const long = Array.from({ length: 40 }, (_, i) =>
      compress(recording.subarray((i * recording.length) / 40, ((i + 1) * recording.length) / 40)),
    )
    expect(await rowCountOf(file(Buffer.concat(long)))).toBe(await rowCountOf(file(packedRecording)))
  })

  it("of nothing, and of compressed data", async () => {
    await expectRefusal(
      file(compress("")),
      ': expected a trace, whose first line is "# wakediff trace 1", found an empty file. Is it a trace at all?',
    )
    for (const inner of compressors) {
      // eslint-disable-next-line no-await-in-loop
      const twice = await refused(file(compress(inner.compress(small))))
      expect(twice.found).toBe(`${inner.name} data that is compressed once more`)
    }
  })

  it("of a bad row says the row", async () => {
    const error = await refused(file(compress(small.replace("1,1,task_run", "1,1,task_ran"))))
    expect(error).toMatchObject({ line: 8, column: 5, cell: "event" })
  })

  it("of more than the bound", async () => {
    await expectRefusal(
      file(packed),
      `: expected at most 64 bytes of decompressed data, found more. If that is a trace, and no bomb, allow more: --max-inflated 128`,
      { maxInflatedBytes: 64 },
    )
    expect(await rowCountOf(file(packed), { maxInflatedBytes: small.length })).toBe(2)
  })
})

it("gzip data of another method", async () => {
  const { compress } = compressors.find(({ name }) => name === "gzip")!
  const error = await refused(folder.file("method.csv.gz", flipped(compress(small), 2)))
  expect(error.found).toBe("damaged data: unknown compression method")
})
