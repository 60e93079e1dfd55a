import { Data } from "effect"
import { inert } from "./text.ts"

/**
 * What can go wrong that is not our bug. Each error is a tagged value that carries facts; its message is computed from
 * them here and nowhere else. `exitCode` is the process's, when the error ends it.
 */
export type WakediffError = BadTrace | BadUsage | BadResult | BadOutput

/** How much of an offending text a message shows. */
const shownLength = 60

/** An untrusted text between quotes, inert and short. */
export const quoted = (text: string): string => {
  const shown = text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
  return `"${inert(shown)}"`
}

/** Where in a trace something is. Lines and columns count from 1; 0 is "the file as a whole". */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A trace that cannot be read: nothing of it is reported as whole. Exit code 3. */
export class BadTrace extends Data.TaggedError("BadTrace")<{
  /** The trace's name as the user gave it; untrusted. */
  readonly trace: string
  /** 1 for the first line, 0 where no line can be named. */
  readonly line: number
  /** The character of the line, 1 for the first, 0 where none can be named. */
  readonly column: number
  /** The column of the trace that the cell belongs to, if it is a cell. */
  readonly cell: string | undefined
  readonly expected: string
  /** What is there instead, in words; already inert. */
  readonly found: string
  /** What to do about it. */
  readonly advice: string | undefined
}> {
  readonly exitCode = 3

  override get message(): string {
    const place = [inert(this.trace), ...[this.line, this.column].filter((part) => part > 0)].join(":")
    const cell = this.cell === undefined ? "" : `${inert(this.cell)}: `
    const advice = this.advice === undefined ? "" : `. ${this.advice}`
    return `${place}: ${cell}expected ${this.expected}, found ${this.found}${advice}`
  }
}

/** A request that makes no sense. Exit code 2. */
export class BadUsage extends Data.TaggedError("BadUsage")<{
  readonly problem: string
  readonly advice: string | undefined
}> {
  readonly exitCode = 2

  override get message(): string {
    return this.advice === undefined ? this.problem : `${this.problem}. ${this.advice}`
  }
}

/** A saved result, or a baseline, that cannot be read. Exit code 3. */
export class BadResult extends Data.TaggedError("BadResult")<{
  /** The file's name; untrusted. */
  readonly file: string
  /** 1 for the first line, 0 where no line can be named. */
  readonly line: number
  readonly column: number
  /** What is wrong with it, in words; already inert. */
  readonly problem: string
  readonly advice: string | undefined
}> {
  readonly exitCode = 3

  override get message(): string {
    const place = [inert(this.file), ...[this.line, this.column].filter((part) => part > 0)].join(":")
    return `${place}: ${this.problem}${this.advice === undefined ? "" : `. ${this.advice}`}`
  }
}

/** Why the system refuses to write, by its own code. */
const refusals: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EDQUOT: "the disk quota is used up",
  EEXIST: "something else is there",
  EFBIG: "it is larger than a file may be",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "its folder is not there",
  ENOSPC: "no space is left on the device",
  ENOTDIR: "a part of its path is no folder",
  EPERM: "you may not write there",
  EROFS: "the file system is read-only",
}

/** A file that cannot be written; what was there before is as it was. Exit code 5. */
export class BadOutput extends Data.TaggedError("BadOutput")<{
  /** What the user calls it, such as `--report html=out.html`; untrusted. */
  readonly what: string
  /** What the system says: an errno code, or a sentence of our own. */
  readonly reason: string
}> {
  readonly exitCode = 5

  override get message(): string {
    const known = refusals[this.reason]
    const reason = known === undefined ? inert(this.reason) : `${known} (${this.reason})`
    return `${inert(this.what)} cannot be written: ${reason}`
  }
}

/** The errno code of a failed system call, or what else it says. */
export const reasonOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)
