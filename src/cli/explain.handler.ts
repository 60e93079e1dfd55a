import { Effect, Option } from "effect"
import { explain, type ExplainOptions, type Which } from "../analysis/explain/explain.ts"
import { tape } from "../analysis/tape.ts"
import { BadUsage } from "../domain/errors.ts"
import { explainText } from "../reports/explain-text.ts"
import { findTraces } from "../traces/find.ts"
import { chosen, choiceWords } from "./choice.ts"
import { exits } from "./exit.ts"
import { readingOf } from "./flags.ts"
import { overTraces } from "./over-traces.ts"
import { traceJob } from "./trace-job.ts"

interface ExplainFlags {
  readonly trace: string
  readonly wait: Option.Option<number>
  readonly entity: Option.Option<string>
  readonly row: Option.Option<number>
  readonly under: Option.Option<string>
  readonly beside: Option.Option<string>
  readonly without: ReadonlyArray<string>
  readonly all: boolean
  readonly json: boolean
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** `wakediff explain`: exit code 0; 2 where there is no such wait, row or entity. */
export const explainCommand = (flags: ExplainFlags) =>
  Effect.gen(function* () {
    const which = yield* whichOf(flags)
    const choices = yield* choicesOf(flags)
    yield* oneTraceOnly(flags.trace)
    const options: ExplainOptions = { which, ...choices, all: flags.all }
    const words = [
      ...wordsOf(which),
      ...(choices.under === undefined ? [] : choiceWords("--under", choices.under)),
      ...(choices.beside === undefined ? [] : choiceWords("--beside", choices.beside)),
      ...(flags.all ? ["--all"] : []),
    ]
    return yield* overTraces({
      kind: "explain",
      traces: [flags.trace],
      json: flags.json,
      reading: readingOf(flags),
      jobs: 1,
      job: (_, task, progress) => explainJob({ task, asked: { options, words } }, progress),
      runOf: (run) => run,
      render: (run, style, width) => explainText(run, style, width),
      codeOf: () => exits.nothingFound.code,
      outcomeOf: () => undefined,
    })
  })

interface Asked {
  readonly options: ExplainOptions
  /** The command's own flags. */
  readonly words: ReadonlyArray<string>
}

const explainJob = traceJob("explain", (batches, { options, words }: Asked, { again }) =>
  Effect.flatMap(tape(batches), (whole) => {
    const explanation = explain(whole, options)
    return "_tag" in explanation
      ? Effect.fail(explanation)
      : Effect.succeed({ ...explanation, command: again(words) })
  }),
)

const flagForms = "Give one of --wait NUMBER, --entity ENTITY and --row ROW"

const whichOf = (flags: ExplainFlags): Effect.Effect<Which, BadUsage> => {
  const given: ReadonlyArray<Which> = [
    ...Option.toArray(Option.map(flags.wait, (number): Which => ({ by: "wait", number }))),
    ...Option.toArray(Option.map(flags.entity, (id): Which => ({ by: "entity", id }))),
    ...Option.toArray(Option.map(flags.row, (row): Which => ({ by: "row", row }))),
  ]
  const [which, other] = given
  if (which === undefined)
    return Effect.fail(new BadUsage({ problem: "explain must know which wait", advice: flagForms }))
  if (other !== undefined) {
    const problem = `--${which.by} and --${other.by} may each name another wait`
    return Effect.fail(new BadUsage({ problem, advice: flagForms }))
  }
  return Effect.succeed(which)
}

const wordsOf = (which: Which): ReadonlyArray<string> => {
  switch (which.by) {
    case "wait":
      return ["--wait", String(which.number)]
    case "entity":
      return ["--entity", which.id]
    case "row":
      return ["--row", String(which.row)]
  }
}

/** The semantics that were named. `--without` turns parts of the second one back, or of the first where that has none. */
const choicesOf = (flags: ExplainFlags): Effect.Effect<Pick<ExplainOptions, "under" | "beside">, BadUsage> =>
  Effect.gen(function* () {
    const { without } = flags
    const besideHasParts =
      Option.isSome(flags.beside) && (yield* chosen(flags.beside.value)).semantics.fix === "post-fix"
    if (without.length > 0 && !besideHasParts && Option.isNone(flags.under)) {
      return yield* new BadUsage({
        problem: "--without turns a part of a semantics back, and none is named",
        advice: "Name it with --under or --beside, such as --under 1.7-post-fix",
      })
    }
    return {
      under: yield* named(flags.under, besideHasParts ? [] : without),
      beside: yield* named(flags.beside, besideHasParts ? without : []),
    }
  })

const named = (name: Option.Option<string>, without: ReadonlyArray<string>) =>
  Option.isNone(name) ? Effect.succeed(undefined) : chosen(name.value, without)

/** A wait is one trace's: a folder of several is refused. */
const oneTraceOnly = (argument: string): Effect.Effect<void, BadUsage> =>
  findTraces(argument).pipe(
    // What cannot be read at all is refused by its reader.
    Effect.catchTag("BadTrace", () => Effect.succeed([argument])),
    Effect.flatMap((paths) =>
      paths.length < 2
        ? Effect.void
        : Effect.fail(
            new BadUsage({
              problem: `explain takes one trace, and there are ${paths.length} here`,
              advice: `Give one of them, such as ${paths[0]}`,
            }),
          ),
    ),
  )
