/** What the exit code says: one table, from which the help, the failures and the commands take their numbers. */
import { Data, Effect, Runtime } from "effect"

interface ExitRow {
  readonly code: number
  readonly meaning: string
}

export const exits = {
  nothingFound: { code: 0, meaning: "nothing found" },
  finding: {
    code: 1,
    meaning:
      "a finding: a deviation, a missing hunk, a kind that --fail-on names, a baseline that is not as accepted",
  },
  usage: { code: 2, meaning: "the command line is wrong" },
  unreadable: { code: 3, meaning: "a trace, or a saved result, cannot be read" },
  inconclusive: { code: 4, meaning: "inconclusive: the trace does not allow a verdict" },
  unwritable: { code: 5, meaning: "a report or another file cannot be written" },
  bug: { code: 70, meaning: "a bug of ours: standard error says what to report" },
  interrupted: { code: 130, meaning: "interrupted (143 when terminated)" },
} as const satisfies Record<string, ExitRow>

/** The exit code after SIGTERM, as a shell would compute it. */
export const terminatedCode = 143

const byGravity: ReadonlyArray<number> = [
  exits.interrupted,
  exits.bug,
  exits.usage,
  exits.unwritable,
  exits.unreadable,
  exits.finding,
  exits.inconclusive,
  exits.nothingFound,
].map((row) => row.code)

/**
 * The code that stands for several runs: 70, then 5, 3, 1, 4, 0. None at all is 0; a number that the table
 * does not know is a bug of ours, so it counts as 70.
 */
export function gravest(codes: Iterable<number>): number {
  const known = new Set(Array.from(codes, (code) => (byGravity.includes(code) ? code : exits.bug.code)))
  return byGravity.find((code) => known.has(code)) ?? exits.nothingFound.code
}

/** The run is over and everything is already printed; only the exit code remains to be set. */
export class Finished extends Data.TaggedError("Finished")<{ readonly exitCode: number }> {
  override readonly [Runtime.errorReported] = false
}

/** Ends a command with the gravest of the codes of its runs. */
export function finish(codes: Iterable<number>): Effect.Effect<void, Finished> {
  const exitCode = gravest(codes)
  return exitCode === exits.nothingFound.code ? Effect.void : Effect.fail(new Finished({ exitCode }))
}

/** The section of the root's help, without a trailing line break. */
export function exitHelp(title: string): string {
  const rows = Object.values(exits).map((row) => `  ${String(row.code).padEnd(5)}${row.meaning}`)
  return [title, ...rows].join("\n")
}
