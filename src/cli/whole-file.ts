/** A file that is written whole or not at all. */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join } from "node:path"
import { Console, Effect, type Scope } from "effect"
import { BadOutput, BadUsage, quoted, reasonOf } from "../domain/errors.ts"

type Kind = "none" | "file" | "folder" | "other"

const kindOf = (path: string): Kind => {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return "none"
  return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other"
}

/** Whether two paths lead to the same file that is there. */
export const isSameFile = (one: string, other: string): boolean => {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    // One of them is not there.
    return false
  }
}

/** Refuses an output that is the input; `-` is standard output, or input. */
export const refuseInput = (what: string, output: string, input: string): Effect.Effect<void, BadUsage> =>
  output !== "-" && input !== "-" && isSameFile(output, input)
    ? Effect.fail(
        new BadUsage({
          problem: `${what} ${quoted(output)} is the trace itself`,
          advice: "Name another file",
        }),
      )
    : Effect.void

/** A file that is open for one text. */
export interface WholeFile {
  /** Puts the text in the file's place, all of it. At most once. */
  readonly write: (text: string) => Effect.Effect<void, BadOutput>
}

/** A file that is open for more bytes than are kept in memory. */
export interface WholeStream {
  /** Writes the next bytes; done when there is room for more. */
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, BadOutput>
  /** Puts all that was written in the file's place. At most once, and nothing is written behind it. */
  readonly commit: Effect.Effect<void, BadOutput>
  /** Whether whoever read it has gone, as `head` does: then nothing more need be written. */
  readonly isClosed: () => boolean
}

/**
 * Opens a file now, so that a folder that is not there, or may not be written to, is found before long work. What is written goes to a
 * part file beside it, and takes its place when all of it is on the disk: a process that is killed leaves the old file or
 * the new one. `-` is standard output, and a device is written to as it is. `what`: how the user named it, for the error.
 */
export const openWhole = (path: string, what: string): Effect.Effect<WholeFile, BadOutput, Scope.Scope> => {
  if (path === "-") return Effect.succeed({ write: (text) => Console.log(text.replace(/\n$/, "")) })
  return Effect.map(openPart(path, what), (part) => ({
    write: (text) =>
      attempt(what, () => {
        part.append(text)
        part.commit()
      }),
  }))
}

/** The same for what is written piece by piece. */
export const openWholeStream = (
  path: string,
  what: string,
): Effect.Effect<WholeStream, BadOutput, Scope.Scope> => {
  if (path === "-") return Effect.sync(standardOutput)
  return Effect.map(openPart(path, what), (part) => ({
    write: (bytes) => attempt(what, () => part.append(bytes)),
    commit: attempt(what, () => part.commit()),
    isClosed: () => false,
  }))
}

/** Of what goes wrong here, a closed pipe is no error, and `guardProcess` ends the process for all else. */
const standardOutput = (): WholeStream => {
  let isClosed = false
  const write = (bytes: Uint8Array) =>
    Effect.callback<void>((resume) => {
      process.stdout.write(bytes, (error) => {
        isClosed ||= error instanceof Error
        resume(Effect.void)
      })
    })
  return { write, commit: Effect.void, isClosed: () => isClosed }
}

const openPart = (path: string, what: string): Effect.Effect<PartFile, BadOutput, Scope.Scope> =>
  Effect.acquireRelease(
    attempt(what, () => partFileOf(path)),
    (part) => Effect.sync(() => part.discard()),
  )

/** Opens, writes and closes: {@link openWhole}. */
export const writeWhole = (path: string, text: string, what: string): Effect.Effect<void, BadOutput> =>
  Effect.scoped(Effect.flatMap(openWhole(path, what), (file) => file.write(text)))

const attempt = <A>(what: string, act: () => A): Effect.Effect<A, BadOutput> =>
  Effect.try({ try: act, catch: (cause) => new BadOutput({ what, reason: reasonOf(cause) }) })

interface PartFile {
  readonly append: (data: string | Uint8Array) => void
  readonly commit: () => void
  /** Leaves nothing behind; nothing to do after a commit. */
  readonly discard: () => void
}

const partFileOf = (path: string): PartFile => {
  const kind = kindOf(path)
  if (kind === "folder") throw Object.assign(new Error(), { code: "EISDIR" })
  if (kind === "other") return deviceOf(path)
  // Through a symbolic link: the link stays, and what it leads to is replaced.
  const target = kind === "file" ? realpathSync(path) : path
  removeStale(target)
  const part = `${target}.${process.pid}.part`
  let descriptor: number | undefined = openSync(part, "wx")
  // Once, however many files are written one after the other.
  if (ours.size === 0) process.off("exit", leaveNothing).once("exit", leaveNothing)
  ours.add(part)
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor)
    descriptor = undefined
    ours.delete(part)
  }
  return {
    append: (data) => writeFileSync(descriptor!, data),
    commit: () => {
      if (kind === "file") fchmodSync(descriptor!, statSync(target).mode)
      fsyncSync(descriptor!)
      close()
      renameSync(part, target)
    },
    discard: () => {
      close()
      rmSync(part, { force: true })
    },
  }
}

/** What is no file is written to as it is, and opened when there is something to write: a pipe waits for its reader. */
const deviceOf = (path: string): PartFile => {
  let descriptor: number | undefined
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor)
    descriptor = undefined
  }
  return {
    append: (data) => writeFileSync((descriptor ??= openSync(path, "w")), data),
    commit: close,
    discard: close,
  }
}

/** Takes away the part files that killed processes have left of this file. */
const removeStale = (target: string): void => {
  const folder = dirname(target)
  const prefix = `${basename(target)}.`
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".part")) continue
    const pid = name.slice(prefix.length, -".part".length)
    const part = join(folder, name)
    if (/^[1-9]\d*$/.test(pid) && !isAlive(Number(pid), part)) rmSync(part, { force: true })
  }
}

/** The part files that this process has open. In a container, a process may have the number of the one that was killed. */
const ours = new Set<string>()

/** Where a second Ctrl-C, or a bug, ends the process before its scopes are closed. */
const leaveNothing = (): void => {
  for (const part of ours) rmSync(part, { force: true })
}

const isAlive = (pid: number, part: string): boolean => {
  if (pid === process.pid) return ours.has(part)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is somebody else's.
    return reasonOf(error) === "EPERM"
  }
}
