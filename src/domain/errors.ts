import { Data } from "effect"
import { inert } from "./text.ts"

/**
 * What can go wrong that is not our bug. Each error is a tagged value that carries facts; its message is computed from
 * them here and nowhere else. `exitCode` is the process's, when the error ends it.
 */
export type WakediffError = BadTrace | BadUsage

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
