import { pipeline } from "node:stream"
import { createGunzip } from "node:zlib"
import { BadTrace } from "../domain/errors.ts"

/** The default of `maxInflatedBytes`: some twenty times the longest recording known. */
export const defaultMaxInflatedBytes = 2 * 1024 ** 3

/** How much is decompressed at a time. Measured with csv-parse behind it, 32 to 256 KiB: larger blocks cost more garbage. */
export const chunkBytes = 64 * 1024

/** Whether bytes are the beginning of gzip data (RFC 1952). */
export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b

/** A number of bytes in words, in the unit that says it shortest: `2 GiB`, `1000 bytes`. */
export const bytesText = (bytes: number): string => {
  const unit = [30, 20, 10].find((bits) => bytes >= 2 ** bits && bytes % 2 ** bits === 0)
  if (unit === undefined) return `${bytes} bytes`
  return `${bytes / 2 ** unit} ${{ 30: "GiB", 20: "MiB", 10: "KiB" }[unit as 10 | 20 | 30]}`
}

/**
 * Decompresses gzip data, one member or several, as it comes. Throws {@link BadTrace} where the data is damaged, cut
 * off or followed by something else, and where there is more than `maxBytes` of it.
 */
export async function* inflate(
  trace: string,
  compressed: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let fedBytes = 0
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  async function* fed() {
    for await (const chunk of inBlocks(compressed)) {
      fedBytes += chunk.length
      yield chunk
    }
  }
  // The loop below meets every error that the callback is told of.
  pipeline(fed, gunzip, () => {})
  let bytes = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooMuch(trace, maxBytes)
      yield chunk
    }
    // Node stops, without a word, at zeros behind the data; at anything else with "incorrect header check".
    if (gunzip.bytesWritten < fedBytes) throw notSound(trace, "something else behind it")
  } catch (error) {
    throw isZlibError(error) ? damaged(trace, error) : error
  } finally {
    gunzip.destroy()
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

interface ZlibError extends Error {
  readonly code: string
}

const isZlibError = (error: unknown): error is ZlibError =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_")

const damaged = (trace: string, { code, message }: ZlibError): BadTrace => {
  if (code === "Z_BUF_ERROR") return notSound(trace, "data that is cut off")
  // The first header is right, or it would not be gzip: this one stands behind the data.
  if (message === "incorrect header check") return notSound(trace, "something else behind it")
  const checksum = message === "incorrect data check" || message === "incorrect length check"
  return notSound(trace, checksum ? "damaged data: its checksum is wrong" : `damaged data: ${message}`)
}

const soundGzip = "sound gzip data"

/** Whether an error says that gzip data is not what was once written, rather than that there is too much of it. */
export const isDamage = (error: BadTrace): boolean => error.expected === soundGzip

const notSound = (trace: string, found: string): BadTrace =>
  new BadTrace({
    trace,
    line: 0,
    column: 0,
    cell: undefined,
    expected: soundGzip,
    found,
    advice: "Fetch the file again; gzip -t tests it",
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
