import { Effect, Option } from "effect"
import { Prompt } from "effect/cli"
import type { CiRun, Documents } from "../domain/documents.ts"
import { BadUsage } from "../domain/errors.ts"
import { inert } from "../domain/text.ts"
import { ciText } from "../reports/ci-text.ts"
import { otherFailures } from "../reports/ci-words.ts"
import { counted } from "../reports/layout.ts"
import {
  baselineOf,
  baselineText,
  jsonFile,
  openFolder,
  pageFile,
  removeBaseline,
  writeFile,
} from "./ci/baselines.ts"
import { openCorpus, type Corpus } from "./ci/corpus.ts"
import { finishCorpus } from "./ci/finish.ts"
import { lastFailed } from "./ci/last-run.ts"
import { pageText } from "./ci/page.ts"
import { isRun, runTraces } from "./ci/run.ts"
import { isCi, settingsOf, type CiFlags, type CiSettings } from "./ci/settings.ts"
import { exits, finish } from "./exit.ts"
import { complain } from "./present.ts"
import { say } from "./say.ts"
import { styleOf, terminalWidth } from "./terminal.ts"

/** A baseline that is not as it should be: of a trace, or of none any more. */
type Item =
  { readonly _tag: "Differs"; readonly run: CiRun } | { readonly _tag: "Obsolete"; readonly name: string }

type Answer = "accept" | "reject" | "skip" | "quit"

/** `wakediff review`: exit code 1 while something is left that `wakediff ci` fails for; 130 after Ctrl-C. */
export const reviewCommand = (flags: Omit<CiFlags, "update" | "shard">) =>
  Effect.gen(function* () {
    yield* refuseWithoutTerminal
    const settings = yield* settingsOf({ ...flags, update: "none", shard: Option.none() })
    yield* openFolder(settings.baseline)
    const corpus = yield* openCorpus(settings)
    for (const error of corpus.refused) yield* complain(error)
    const decided = yield* runTraces(yield* wanted(corpus, settings), settings, ({ result }) =>
      isRun(result) ? Effect.void : complain(result),
    )
    const runs = decided.map(({ result }) => result).filter(isRun)
    const { obsolete } = yield* finishCorpus(corpus, settings)
    const items = itemsOf(runs, obsolete)
    const asked = yield* walk(items, corpus, settings)
    yield* sayEnd(asked, items, runs)
    const isLeft = asked.answers.filter((answer) => answer === "accept").length < items.length
    yield* finish([
      ...(asked.interrupted ? [exits.interrupted.code] : []),
      ...(corpus.refused.length + decided.length > runs.length ? [exits.unreadable.code] : []),
      ...(isLeft || runs.some((run) => otherFailures(run).length > 0) ? [exits.finding.code] : []),
    ])
  })

const refuseWithoutTerminal = Effect.suspend(() => {
  const why = isCi()
    ? "in CI (the variable CI is set) nothing is written"
    : process.stdin.isTTY && process.stdout.isTTY
      ? undefined
      : "it asks questions, and there is no terminal"
  return why === undefined
    ? Effect.void
    : Effect.fail(
        new BadUsage({
          problem: `review cannot run here: ${why}`,
          advice:
            "'wakediff ci' shows what has changed, and 'wakediff ci --update changed' accepts it where you work",
        }),
      )
})

const wanted = (corpus: Corpus, settings: CiSettings) =>
  Effect.gen(function* () {
    if (!settings.lastFailed) return corpus.traces
    const failed = yield* lastFailed(settings)
    return corpus.traces.filter(({ name }) => failed.has(name))
  })

const itemsOf = (runs: ReadonlyArray<CiRun>, obsolete: Documents["ci"]["obsolete"]): ReadonlyArray<Item> => [
  ...runs.filter(({ status }) => status !== "same").map((run): Item => ({ _tag: "Differs", run })),
  ...obsolete.map((name): Item => ({ _tag: "Obsolete", name })),
]

interface Walked {
  readonly answers: ReadonlyArray<Answer>
  readonly interrupted: boolean
}

/** Asks for one after the other. What is accepted is on the disk before the next question. */
const walk = (items: ReadonlyArray<Item>, corpus: Corpus, settings: CiSettings) =>
  Effect.gen(function* () {
    const answers: Array<Answer> = []
    for (const [at, item] of items.entries()) {
      yield* say(`\n${at + 1} of ${items.length}`)
      yield* say(textOf(item))
      const answer = yield* Effect.option(Prompt.run(question(item)))
      if (Option.isNone(answer)) return { answers, interrupted: true } satisfies Walked
      if (answer.value === "quit") break
      if (answer.value === "accept") {
        yield* accept(item, settings)
        // The list of the baselines follows each of them.
        yield* finishCorpus(corpus, { ...settings, update: "changed" })
      }
      answers.push(answer.value)
    }
    return { answers, interrupted: false } satisfies Walked
  })

const textOf = (item: Item): string =>
  item._tag === "Differs"
    ? ciText(item.run, styleOf(), terminalWidth())
    : `${styleOf().red("obsolete")}  ${styleOf().bold(inert(item.name))}  the baseline belongs to no trace`

const question = (item: Item): Prompt.Prompt<Answer> =>
  Prompt.Select<Answer>({
    message: "What shall become of it?",
    choices: [
      { title: "skip", value: "skip", description: "decide later" },
      {
        title: "accept",
        value: "accept",
        description: item._tag === "Obsolete" ? "remove the baseline" : "write the baseline",
      },
      { title: "reject", value: "reject", description: "it is wrong: leave the baseline, and go on failing" },
      { title: "quit", value: "quit", description: "leave this one, and all that follow" },
    ],
  })

const accept = (item: Item, { baseline: folder }: CiSettings) =>
  Effect.gen(function* () {
    if (item._tag === "Obsolete") return yield* removeBaseline(folder, item.name)
    const { run } = item
    const baseline = baselineOf(run.trace, run)
    yield* writeFile(jsonFile(folder, run.name), baselineText(baseline))
    yield* writeFile(pageFile(folder, run.name), yield* pageText(baseline))
  })

const sayEnd = ({ answers }: Walked, items: ReadonlyArray<Item>, runs: ReadonlyArray<CiRun>) => {
  const count = (answer: Answer): number => answers.filter((one) => one === answer).length
  const accepted = count("accept")
  const failing = runs.filter((run) => otherFailures(run).length > 0)
  return say(
    [
      "",
      items.length === 0
        ? "nothing to review: every baseline is as it should be"
        : `${counted(items.length, "baseline")} reviewed or to review: ${accepted} accepted, ${count("reject")} rejected, ${items.length - accepted - count("reject")} left`,
      ...failing.map(
        (run) => `${inert(run.trace)} fails whatever its baseline says: ${otherFailures(run).join(", ")}`,
      ),
    ].join("\n"),
  )
}
