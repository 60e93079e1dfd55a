/** Where frames end, and zstd data that only zstd can be. */
import { zstdCompressSync, constants } from "node:zlib"
import { describe, expect, it } from "vitest"
import { Random } from "../../test/support/random.ts"
import { refused, rowCountOf, small, temporaryFolder } from "../../test/support/refused.ts"
import { ZstdFrames } from "./zstd-frames.ts"

const folder = temporaryFolder()
const random = new Random(3)
const noise = Buffer.from(Array.from({ length: 200_000 }, () => random.below(256)))

const { ZSTD_c_checksumFlag: checksum, ZSTD_c_contentSizeFlag: size, ZSTD_c_windowLog: window } = constants
const frame = (content: Buffer | string, params: Record<number, number> = {}): Buffer =>
  zstdCompressSync(content, { params })
const skippable = (length: number, first = 0x50): Buffer => {
  const bytes = Buffer.alloc(8 + length, 0x28)
  bytes.set([first, 0x2a, 0x4d, 0x18])
  bytes.writeUInt32LE(length, 4)
  return bytes
}

/** Frames of every shape: what is in them, how long it is, and what the header says. */
const frames: ReadonlyArray<Buffer> = [
  ...["", "a", "text ".repeat(100), "x".repeat(300_000), noise.subarray(0, 70_000), noise].flatMap(
    (content) => [
      frame(content),
      frame(content, { [checksum]: 1 }),
      frame(content, { [size]: 0 }),
      frame(content, { [size]: 0, [checksum]: 1, [window]: 12 }),
    ],
  ),
  skippable(0),
  skippable(1, 0x5f),
  skippable(70_000),
]

it("frames end where they end, however their bytes come", () => {
  for (const most of [1, 3, 1000, 1 << 20]) {
    const order = frames.map((_, at) => at).toSorted(() => random.below(3) - 1)
    const ends: Array<number> = []
    let sum = 0
    for (const at of order) ends.push((sum += frames[at]!.length))
    const bytes = Buffer.concat(order.map((at) => frames[at]!))
    const found: Array<number> = []
    const walk = new ZstdFrames()
    for (let at = 0; at < bytes.length;) {
      const given = bytes.subarray(at, at + 1 + random.below(most))
      const taken = walk.take(given)
      expect(taken).toBeGreaterThan(0)
      at += taken
      // Less is taken than is given only where a frame ends.
      if (taken < given.length || ends.includes(at)) found.push(at)
    }
    expect(found).toEqual(ends)
  }
})

it("no frame begins with anything else", () => {
  for (const text of ["# wakediff", "\u0000", "(x", "P*M\u0000", "`*M\u0018"]) {
    const walk = new ZstdFrames()
    expect(walk.take(frames[4]!)).toBe(frames[4]!.length)
    expect(walk.take(Buffer.from(text))).toBe(0)
  }
})

const file = (...parts: ReadonlyArray<Buffer>): string => folder.file("trace.csv.zst", Buffer.concat(parts))

describe("a trace", () => {
  const packed = frame(small)

  it("with skippable frames before, in and behind it", async () => {
    const halves = [frame(small.slice(0, 90)), frame(small.slice(90))] as const
    const skips = [skippable(0), skippable(3), skippable(100_000, 0x5e)] as const
    expect(await rowCountOf(file(skips[0], skips[2], halves[0], skips[1], halves[1], skips[2]))).toBe(2)
  })

  it.each([
    ["in its magic number", 2],
    ["in its length", 6],
    ["in its content", 20],
  ])("behind which a skippable frame is cut off: %s", async (_, length) => {
    expect((await refused(file(packed, skippable(100).subarray(0, length)))).found).toBe(
      "data that is cut off",
    )
  })

  it("with a single byte behind it", async () => {
    expect((await refused(file(packed, Buffer.from("x")))).found).toBe("something else behind it")
  })

  it("that is sound, and needs what is not here", async () => {
    const withDictionary = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 0, 1, 0, 0])
    expect((await refused(file(withDictionary))).message).toContain(
      "expected zstd data that can be read here, found data that needs a dictionary. Compress it again without one",
    )
    const withWindow = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3, 1, 0, 0])
    expect((await refused(file(withWindow))).message).toContain(
      "found data with a window of more than 128 MiB. Compress it again without --long",
    )
  })
})
