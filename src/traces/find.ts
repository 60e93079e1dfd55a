import { Effect } from "effect"
import { createReadStream } from "node:fs"
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { BadTrace } from "../domain/errors.ts"
import { compressionOf } from "./compressions.ts"
import { formNames } from "./form-names.ts"
import { formats } from "./formats.ts"
import { inflate } from "./inflate.ts"
import { standardInput, startBytes, unreadable } from "./source.ts"

/** How much of a file is looked at to see whether it is a trace; zstd gives nothing before a whole block of up to 128 KiB. */
const sniffedBytes = 256 * 1024

/**
 * The traces that an argument means: a file or `-` is itself, whatever it holds; a folder is every trace below it, in the
 * order of their paths by character code. What is a trace is told by its content; a file that is named like one
 * (`.csv.gz`) is taken too, so that a damaged trace is refused by its reader and not passed over in silence.
 * Dot-files, `node_modules` and what is no regular file are left out; a symbolic link counts as what it leads to.
 *
 * A file is given once, under the first path that leads to it; with one `already` for several arguments, once among all of
 * them. A folder without a trace is an error.
 */
export const findTraces = (
  argument: string,
  already: Set<string> = new Set(),
): Effect.Effect<ReadonlyArray<string>, BadTrace> =>
  Effect.tryPromise({
    try: (signal) => find(argument, already, signal),
    catch: (error) => (error instanceof BadTrace ? error : unreadable(argument, error)),
  })

const find = async (
  argument: string,
  already: Set<string>,
  signal: AbortSignal,
): Promise<ReadonlyArray<string>> => {
  if (argument === standardInput) return once(already, standardInput) ? [argument] : []
  const stats = await stat(argument, { bigint: true })
  if (!stats.isDirectory()) return once(already, identity(stats)) ? [argument] : []
  const walk: Walk = { already, folders: new Set(), signal, traces: [], seen: 0 }
  await walkFolder(argument, identity(stats), walk)
  if (walk.seen === 0) throw noTraces(argument)
  return walk.traces.toSorted(byCharacterCode)
}

interface Walk {
  readonly already: Set<string>
  /** The folders on the way, so that links in a circle end. */
  readonly folders: Set<string>
  readonly signal: AbortSignal
  readonly traces: Array<string>
  /** Traces that are there, those given before included. */
  seen: number
}

const walkFolder = async (folder: string, id: string, walk: Walk): Promise<void> => {
  if (walk.signal.aborted || !once(walk.folders, id)) return
  const names = await namesIn(folder)
  for (const name of names.toSorted(byCharacterCode)) {
    if (name.startsWith(".") || name === "node_modules") continue
    const path = join(folder, name)
    // eslint-disable-next-line no-await-in-loop -- in order: the first path that leads to a file counts
    const stats = await stat(path, { bigint: true }).catch(() => undefined)
    // eslint-disable-next-line no-await-in-loop
    if (stats?.isDirectory() === true) await walkFolder(path, identity(stats), walk)
    // eslint-disable-next-line no-await-in-loop
    else if (await isTrace(path, name, stats?.isFile())) {
      walk.seen++
      if (stats === undefined || once(walk.already, identity(stats))) walk.traces.push(path)
    }
  }
}

const namesIn = async (folder: string): Promise<ReadonlyArray<string>> => {
  try {
    return await readdir(folder)
  } catch (error) {
    throw unreadable(folder, error)
  }
}

/** `isFile`: undefined where a link leads nowhere. What is neither file nor folder (a pipe) could block for ever. */
const isTrace = async (path: string, name: string, isFile: boolean | undefined): Promise<boolean> => {
  if (isFile === false) return false
  if (formats.some((format) => format.fileNames.test(name))) return true
  const start = await startOf(path)
  return formats.some((format) => format.recognises(start))
}

/** The first bytes of a file, decompressed as far as they can be. */
const startOf = async (path: string): Promise<Uint8Array> => {
  const start = await firstBytes(createReadStream(path, { end: startBytes - 1 }))
  const compression = compressionOf(start)
  if (compression === undefined) return start
  const compressed = createReadStream(path, { end: sniffedBytes - 1 })
  return firstBytes(inflate(path, compression, compressed, Number.POSITIVE_INFINITY))
}

/** So many bytes as tell a format, fewer where there are no more or where they are damaged from there on. */
const firstBytes = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  let bytes = Buffer.alloc(0)
  try {
    for await (const chunk of chunks) {
      bytes = Buffer.concat([bytes, chunk])
      if (bytes.length >= startBytes) break
    }
  } catch {
    // What came before tells more than the error.
  }
  return bytes
}

const identity = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string => `${dev}:${ino}`

/** Adds to a set; false where it was in there already. */
const once = (set: Set<string>, member: string): boolean => {
  if (set.has(member)) return false
  set.add(member)
  return true
}

const byCharacterCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const noTraces = (folder: string): BadTrace => {
  const names = formNames.map((name) => `.${name}`)
  return new BadTrace({
    trace: folder,
    line: 0,
    column: 0,
    cell: undefined,
    expected: "a folder with at least one trace",
    found: "none",
    advice: `A trace is a file that begins as one does, or is named ${names.slice(0, -1).join(", ")} or ${names.at(-1)!}`,
  })
}
