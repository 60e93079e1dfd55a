import { pipeline } from "node:stream"
import { BadTrace } from "../domain/errors.ts"
import { somethingBehind, type Compression, type Fault, type InflateError } from "./compression.ts"
import { compressions } from "./compressions.ts"

/** The default of `maxInflatedBytes`: some twenty times the longest recording known. */
export const defaultMaxInflatedBytes = 2 * 1024 ** 3

/** How much is decompressed at a time. Measured with csv-parse behind it, 32 to 256 KiB: larger blocks cost more garbage. */
export const chunkBytes = 64 * 1024

/** A number of bytes in words, in the unit that says it shortest: `2 GiB`, `1000 bytes`. */
export const bytesText = (bytes: number): string => {
  const unit = [30, 20, 10].find((bits) => bytes >= 2 ** bits && bytes % 2 ** bits === 0)
  if (unit === undefined) return `${bytes} bytes`
  return `${bytes / 2 ** unit} ${{ 30: "GiB", 20: "MiB", 10: "KiB" }[unit as 10 | 20 | 30]}`
}

/**
 * Decompresses data, one member or frame or several, as it comes. Throws {@link BadTrace} where the data is damaged, cut
 * off or followed by something else, and where there is more than `maxBytes` of it.
 */
export async function* inflate(
  trace: string,
  compression: Compression,
  compressed: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let givenBytes = 0
  const inflater = compression.inflater(chunkBytes)
  async function* given() {
    for await (const block of inBlocks(compressed)) {
      givenBytes += block.length
      yield block
    }
  }
  // The loop below meets every error that the callback is told of.
  pipeline(compression.pieces(given()), inflater, () => {})
  let bytes = 0
  try {
    for await (const chunk of inflater as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooMuch(trace, maxBytes)
      yield chunk
    }
    // Behind gzip data Node stops, without a word, at zeros.
    if (inflater.bytesWritten < givenBytes) throw notSound(trace, compression, somethingBehind)
  } catch (error) {
    throw isInflateError(error) ? notSound(trace, compression, compression.fault(error)) : error
  } finally {
    inflater.destroy()
  }
}

/** Blocks of one size, so that where damage is noticed depends on the data alone, not on how a pipe delivers it. */
async function* inBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let waiting: Array<Uint8Array> = []
  let length = 0
  for await (const chunk of chunks) {
    waiting.push(chunk)
    length += chunk.length
    if (length < chunkBytes) continue
    const block = waiting.length === 1 ? chunk : Buffer.concat(waiting)
    const whole = length - (length % chunkBytes)
    for (let from = 0; from < whole; from += chunkBytes) yield block.subarray(from, from + chunkBytes)
    waiting = whole === length ? [] : [block.subarray(whole)]
    length -= whole
  }
  if (length > 0) yield Buffer.concat(waiting)
}

const isInflateError = (error: unknown): error is InflateError =>
  error instanceof Error && "code" in error && typeof error.code === "string" && /^Z(STD)?_/.test(error.code)

const sound = ({ name }: Compression): string => `sound ${name} data`

/** Whether an error says that compressed data is not what was once written, rather than that we cannot read it. */
export const isDamage = ({ expected }: BadTrace): boolean =>
  compressions.some((compression) => expected === sound(compression))

const notSound = (trace: string, compression: Compression, { found, advice }: Fault): BadTrace =>
  new BadTrace({
    trace,
    line: 0,
    column: 0,
    cell: undefined,
    expected: advice === undefined ? sound(compression) : `${compression.name} data that can be read here`,
    found,
    advice: advice ?? `Fetch the file again; ${compression.test} tests it`,
  })

const tooMuch = (trace: string, maxBytes: number): BadTrace =>
  new BadTrace({
    trace,
    line: 0,
    column: 0,
    cell: undefined,
    expected: `at most ${bytesText(maxBytes)} of decompressed data`,
    found: "more",
    advice: `If that is a trace, and no bomb, allow more: --max-inflated ${bytesText(2 * maxBytes).replace(/ (bytes)?/, "")}`,
  })
