import { Effect, Option } from "effect"
import type { SweepRun } from "../domain/documents.ts"
import { BadUsage, quoted } from "../domain/errors.ts"
import { sweepText } from "../reports/sweep-text.ts"
import { chosen } from "./choice.ts"
import { exits } from "./exit.ts"
import { jobsOf, readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"

interface SweepFlags {
  readonly traces: ReadonlyArray<string>
  readonly limit: string
  readonly reserve: Option.Option<string>
  readonly under: ReadonlyArray<string>
  readonly jobs: Option.Option<number>
  readonly json: boolean
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** More pool settings than anybody reads. */
const maxNumbers = 1000
/** HAProxy takes no smaller reserve. */
const minReserve = 2

/** `wakediff sweep`: exit code 0; what it finds is a table, not a verdict. */
export const sweepCommand = (flags: SweepFlags) =>
  Effect.gen(function* () {
    const limits = yield* numbersOf("--limit", flags.limit, 0)
    const reserves = Option.isNone(flags.reserve)
      ? null
      : yield* numbersOf("--reserve", flags.reserve.value, minReserve)
    for (const name of flags.under) yield* chosen(name)
    const words = [
      "--limit",
      flags.limit,
      ...(Option.isNone(flags.reserve) ? [] : ["--reserve", flags.reserve.value]),
      ...flags.under.flatMap((name) => ["--under", name]),
    ]
    const asked = { limits, reserves, under: flags.under, words }
    return yield* overTraces({
      kind: "sweep",
      traces: flags.traces,
      json: flags.json,
      reading: readingOf(flags),
      jobs: jobsOf(flags),
      job: (run, task, progress) => run("sweep", { task, asked }, progress),
      runOf: (run) => run,
      render: (run, style) => sweepText(run, style),
      codeOf: () => exits.nothingFound.code,
      outcomeOf: (run) =>
        starvesSomewhere(run)
          ? { one: "starves somewhere", many: "starve somewhere", code: exits.nothingFound.code }
          : { one: "starves nowhere", many: "starve nowhere", code: exits.nothingFound.code },
    })
  })

const starvesSomewhere = (run: SweepRun): boolean =>
  run.cells.some((cell) => cell.starved + cell.undefined > 0)

/** `4..8` or `2,4,8`, or both, ascending and each once. */
const numbersOf = (
  flag: string,
  text: string,
  min: number,
): Effect.Effect<ReadonlyArray<number>, BadUsage> => {
  const numbers = new Set<number>()
  for (const piece of text.split(",")) {
    const [, from, to] = /^\s*(\d{1,10})(?:\.\.(\d{1,10}))?\s*$/.exec(piece) ?? []
    const [first, last] = [Number(from), Number(to ?? from)]
    if (!(first >= min && last >= first && last <= 0x7fff_ffff && numbers.size + last - first < maxNumbers)) {
      return Effect.fail(
        new BadUsage({
          problem: `${flag} does not understand ${quoted(piece)}`,
          advice: `Give numbers from ${min} on, such as 4..32 or 5,8,12; at most ${maxNumbers}`,
        }),
      )
    }
    for (let number = first; number <= last; number++) numbers.add(number)
  }
  return Effect.succeed([...numbers].toSorted((a, b) => a - b))
}
