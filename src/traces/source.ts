import { Cause, Effect, Stream, type Pull, type Scope } from "effect"
import { constants, openSync } from "node:fs"
import { open, stat, type FileHandle } from "node:fs/promises"
import { Socket } from "node:net"
import type { Readable } from "node:stream"
import { BadTrace, quoted } from "../domain/errors.ts"
import type { ReadProgress } from "../domain/progress.ts"
import type { Compression } from "./compression.ts"
import { compressionOf } from "./compressions.ts"
import type { ByteRange } from "./decoder.ts"
import { chunkBytes, defaultMaxInflatedBytes, inflate } from "./inflate.ts"

/** The name of standard input, as an argument and in messages. */
export const standardInput = "-"

export interface SourceOptions {
  /** How much compressed data may decompress to; {@link defaultMaxInflatedBytes} if it is not given. */
  readonly maxInflatedBytes?: number | undefined
  /** Where to note how many bytes have been read. */
  readonly progress?: ReadProgress | undefined
  /** Told of all bytes as they are read, before they are decompressed. */
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined
  /** What `-` stands for; `process.stdin` if it is not given. */
  readonly stdin?: Readable | undefined
}

/** An open trace. */
export interface Source {
  /** The next bytes, decompressed; the first are at least 512 unless the trace is shorter. Ends with `Cause.Done`. */
  readonly next: Pull.Pull<Uint8Array, BadTrace>
  /** What it is compressed by, if it is. */
  readonly compression: Compression | undefined
  /** Whether it is compressed data in a file: then it has an end, and most damage shows up there at the latest. */
  readonly checked: boolean
  /** The file, where pieces of it can be read in any order: where it is a plain one, and nobody is to be told of all bytes. */
  readonly file: PieceFile | undefined
}

/** A file of which any piece can be read. */
export interface PieceFile {
  readonly byteCount: number
  /** The file's descriptor, of a file that is open as one. */
  readonly descriptor?: number
  /** So many bytes from an offset on; fewer where the file ends. Adds them to the progress. */
  readonly read: (range: ByteRange) => Effect.Effect<Uint8Array, BadTrace>
}

/** The bytes of a trace: a file's or, for `-`, standard input's, decompressed if they are compressed. */
export const traceBytes = (path: string, options: SourceOptions = {}): Stream.Stream<Uint8Array, BadTrace> =>
  Stream.unwrap(
    Effect.map(openSource(path, options), ({ next }) =>
      Stream.fromPull(Effect.succeed(Effect.map(next, (bytes) => [bytes] as const))),
    ),
  )

/** Opens a trace for as long as the scope lasts; it is closed at once when the reading is interrupted. */
export const openSource = (
  path: string,
  options: SourceOptions = {},
): Effect.Effect<Source, BadTrace, Scope.Scope> =>
  Effect.gen(function* () {
    const input = yield* Effect.acquireRelease(
      attempt(path, () => openInput(path, options)),
      ({ readable }) => Effect.sync(() => readable.destroy()),
    )
    const raw = counted(input.readable, options)
    const first = yield* attempt(path, () => firstBytes(raw, startBytes))
    const compression = compressionOf(first)
    const compressed = withFirst(first, raw)
    const maxBytes = options.maxInflatedBytes ?? defaultMaxInflatedBytes
    const bytes =
      compression === undefined ? compressed : withStart(inflate(path, compression, compressed, maxBytes))
    const next = Effect.flatMap(
      attempt(path, () => bytes.next()),
      (result) => (result.done === true ? Cause.done() : Effect.succeed(result.value)),
    )
    const { handle } = input
    return {
      next,
      compression,
      checked: compression !== undefined && input.isFile,
      file:
        handle === undefined || compression !== undefined || options.onBytes !== undefined
          ? undefined
          : pieceFile(path, handle, input.byteCount, options.progress),
    }
  })

// The three kinds of input.

interface Input {
  readonly readable: Readable
  readonly isFile: boolean
  readonly byteCount: number
  /** Of a file. */
  readonly handle?: FileHandle
}

const openInput = async (path: string, options: SourceOptions): Promise<Input> => {
  const { progress } = options
  if (progress !== undefined) {
    progress.bytes = 0
    progress.totalBytes = 0
  }
  // Another open of these fails where standard input is a socket.
  if ([standardInput, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].includes(path)) {
    return { readable: options.stdin ?? process.stdin, isFile: false, byteCount: 0 }
  }
  const stats = await stat(path)
  if (stats.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" })
  if (stats.isFIFO()) {
    // Opening it the usual way waits for its writer in a thread that nothing can interrupt.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    return { readable: new Socket({ fd, readable: true, writable: false }), isFile: false, byteCount: 0 }
  }
  const file = await open(path)
  if (progress !== undefined && stats.isFile()) progress.totalBytes = stats.size
  const readable = file.createReadStream({ highWaterMark: chunkBytes })
  return stats.isFile()
    ? { readable, isFile: true, byteCount: stats.size, handle: file }
    : { readable, isFile: false, byteCount: 0 }
}

const pieceFile = (
  path: string,
  handle: FileHandle,
  byteCount: number,
  progress: ReadProgress | undefined,
): PieceFile => ({
  byteCount,
  descriptor: handle.fd,
  read: ({ offset, length }) =>
    attempt(path, async () => {
      const bytes = Buffer.allocUnsafeSlow(length)
      let have = 0
      while (have < length) {
        // eslint-disable-next-line no-await-in-loop -- one after the other is the point
        const { bytesRead } = await handle.read(bytes, have, length - have, offset + have)
        if (bytesRead === 0) break
        have += bytesRead
      }
      if (progress !== undefined) progress.bytes += have
      return bytes.subarray(0, have)
    }),
})

// Bytes on their way.

/** So many bytes of a trace tell its format. */
export const startBytes = 512

async function* counted(
  readable: Readable,
  { progress, onBytes }: SourceOptions,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of readable as AsyncIterable<Uint8Array>) {
    if (progress !== undefined) progress.bytes += chunk.length
    onBytes?.(chunk)
    yield chunk
  }
}

/** Takes chunks until there are `length` bytes; fewer where the input ends. */
const firstBytes = async (chunks: AsyncGenerator<Uint8Array, void>, length: number): Promise<Uint8Array> => {
  const taken: Array<Uint8Array> = []
  for (let bytes = 0; bytes < length;) {
    // eslint-disable-next-line no-await-in-loop -- one after the other is the point
    const { done, value } = await chunks.next()
    if (done === true) break
    taken.push(value)
    bytes += value.length
  }
  return taken.length === 1 ? taken[0]! : Buffer.concat(taken)
}

async function* withFirst(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  if (first.length > 0) yield first
  yield* rest
}

async function* withStart(chunks: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
  yield* withFirst(await firstBytes(chunks, startBytes), chunks)
}

// Errors.

const attempt = <A>(path: string, run: () => Promise<A>): Effect.Effect<A, BadTrace> =>
  Effect.tryPromise({
    try: run,
    catch: (error) => (error instanceof BadTrace ? error : unreadable(path, error)),
  })

/** What the operating system's error codes mean to a user. */
const reasons: Readonly<Record<string, readonly [found: string, advice: string | undefined]>> = {
  ENOENT: ["no such file or folder", undefined],
  ENOTDIR: ["no such file or folder", undefined],
  EACCES: ["a file that you may not read", "Check its permissions"],
  EPERM: ["a file that you may not read", "Check its permissions"],
  EISDIR: ["a folder", "Name it alone, not as a file, to read every trace below it"],
  ELOOP: ["symbolic links that lead in a circle", undefined],
  ENAMETOOLONG: ["a name that is too long for a file", undefined],
}

/** The error for a file that the operating system does not let us read. */
export const unreadable = (trace: string, error: unknown): BadTrace => {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  const message = error instanceof Error ? error.message : String(error)
  const [found, advice] = reasons[code] ?? [quoted(message), undefined]
  return new BadTrace({ trace, line: 0, column: 0, cell: undefined, expected: "a trace", found, advice })
}
