import { Clock, Console, Effect, Option } from "effect"
import { tape } from "../analysis/tape.ts"
import { findingText, isFindingFailure, parseFinding, type Finding } from "../analysis/shrink/question.ts"
import {
  isShrinkFailure,
  shrinking,
  type ShrinkFailure,
  type ShrinkRequest,
  type Shrunk,
} from "../analysis/shrink/shrink.ts"
import { BadUsage, quoted } from "../domain/errors.ts"
import { commandLine, inert, inertLog } from "../domain/text.ts"
import { didYouMean } from "../semantics/did-you-mean.ts"
import { describeChoice } from "../semantics/semantics.ts"
import { readTrace } from "../traces/read.ts"
import { writeBatch, writeHead } from "../traces/write.ts"
import { choiceWords, chosen } from "./choice.ts"
import { readingOf } from "./flags.ts"
import { complain } from "./present.ts"
import { counter, withProgress } from "./progress.ts"
import { commandAgain, type Reading } from "./reading.ts"
import { say } from "./say.ts"
import { openWhole, refuseInput } from "./whole-file.ts"

interface ShrinkFlags {
  readonly trace: string
  readonly keep: string
  readonly output: string
  readonly under: Option.Option<string>
  readonly without: ReadonlyArray<string>
  readonly beside: Option.Option<string>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** How long tries go on before others have their turn: nothing of the result depends on it. */
const sliceMs = 50

/** `wakediff shrink`. A finding that the trace does not show is a request that makes no sense: exit code 2. */
export const shrinkCommand = (flags: ShrinkFlags) =>
  Effect.gen(function* () {
    const finding = yield* findingOf(flags.keep)
    const request = yield* requestOf(flags, finding)
    yield* refuseInput("--output", flags.output, flags.trace)
    const output = yield* openWhole(flags.output, `--output ${flags.output}`)
    const reading = readingOf(flags)
    const { trace: path } = flags
    const sinceMs = yield* Clock.currentTimeMillis

    let torn: number | undefined
    const progress = counter(path)
    const reader = tape(
      readTrace(path, {
        ...reading,
        progress,
        readAhead: true,
        onTorn: (line) => {
          torn = line
        },
      }),
    )
    const trace = yield* withProgress(progress, reader, process.stderr, sinceMs)
    if (torn !== undefined)
      yield* complain({ message: `${path}:${torn}: the torn last line was dropped, as --allow-torn asks` })

    const work = { ...counter(`${path}: shrinking`), tries: 0 }
    const result = yield* withProgress(
      work,
      inSlices(shrinking(trace, request, work)),
      process.stderr,
      sinceMs,
    )
    if (isShrinkFailure(result)) return yield* refusal(result)
    const text = [writeHead(result.tape.head.preamble), ...result.tape.batches.map(writeBatch)].join("")
    yield* output.write(text)
    const report = summary(result, trace.head.preamble, flags.output, path)
    yield* flags.output === "-" ? Console.error(inertLog(report)) : say(report)
  }).pipe(Effect.scoped)

/** Runs tries, and lets other fibers run in between. */
const inSlices = <A>(run: Generator<void, A>): Effect.Effect<A> =>
  Effect.gen(function* () {
    for (;;) {
      const untilMs = Date.now() + sliceMs
      do {
        const { done, value } = run.next()
        if (done === true) return value
      } while (Date.now() < untilMs)
      yield* Effect.yieldNow
    }
  })

// The request.

const findingOf = (text: string): Effect.Effect<Finding, BadUsage> => {
  const finding = parseFinding(text)
  if (!isFindingFailure(finding)) return Effect.succeed(finding)
  const { what, word, known } = finding
  const nearest = didYouMean(word, known)
  const guess = nearest === undefined ? "" : `Did you mean ${nearest}? `
  return Effect.fail(
    new BadUsage({
      problem: `--keep ${quoted(text)}: there is no ${what} ${quoted(word)}`,
      advice: `${guess}There are ${known.join(", ")}`,
    }),
  )
}

const requestOf = (flags: ShrinkFlags, finding: Finding): Effect.Effect<ShrinkRequest, BadUsage> =>
  Effect.gen(function* () {
    const isDifference = finding._tag === "difference"
    if (Option.isSome(flags.beside) && !isDifference) {
      return yield* new BadUsage({
        problem: `--beside goes with --keep difference, not with --keep ${findingText(finding)}`,
        advice: "--under alone says which semantics shows the finding",
      })
    }
    // As in a diff, parts are turned back in the second semantics where there are two.
    const under = yield* named(flags.under, isDifference ? [] : flags.without)
    const beside = isDifference ? yield* named(flags.beside, flags.without) : undefined
    // Which branch the parts are of where no semantics is named, the trace says: 1.7 knows every part.
    const { without } = yield* chosen("1.7-post-fix", flags.without)
    return { finding, under, beside, without }
  })

const named = (name: Option.Option<string>, parts: ReadonlyArray<string>) =>
  Option.isSome(name) ? chosen(name.value, parts) : Effect.succeed(undefined)

const refusal = (failure: ShrinkFailure): BadUsage => {
  const kept = findingText(failure.finding)
  switch (failure._tag) {
    case "NotShown": {
      const { beside, requesters, shown } = failure
      const under =
        describeChoice(failure.under) + (beside === undefined ? "" : ` beside ${describeChoice(beside)}`)
      const waiting =
        requesters.length === 0
          ? ""
          : `Those who do wait so: ${requesters.slice(0, 8).map(inert).join(", ")}. `
      const there =
        shown.length === 0 ? "nobody waits in it, and no offer wakes" : `it shows ${shown.join(", ")}`
      return new BadUsage({
        problem: `the trace does not show ${kept} under ${under}`,
        advice: `${waiting}Under ${describeChoice(failure.under)} ${there}`,
      })
    }
    case "NoOutcomes":
      return new BadUsage({
        problem: `the trace has no outcome rows, and without them it cannot deviate`,
        advice: "Record what the queue does too, or keep an ending, a wake class or a difference",
      })
    case "NoMaker":
      return new BadUsage({
        problem: `made anew by the rules of ${describeChoice(failure.under)} the trace does not show ${kept}`,
        advice:
          "No semantics with up to two parts turned made it. 'wakediff verify' says where it deviates first, and from which part",
      })
  }
}

// The summary.

const summary = (
  { before, after, finding, lens, maker, makerIsKnown, tape: small, work }: Shrunk,
  pool: { readonly limit: number; readonly reserve: number },
  output: string,
  path: string,
): string => {
  const { limit, reserve } = small.head.preamble
  const beside = lens.beside === undefined ? "" : ` beside ${describeChoice(lens.beside)}`
  const facts: ReadonlyArray<readonly [string, string]> = [
    ["keeps", `${findingText(finding)} under ${describeChoice(lens.under)}${beside}`],
    ["made by", describeChoice(maker) + (makerIsKnown ? "" : unknownMaker(finding))],
    ["pool", `limit ${pool.limit} → ${limit}, reserve ${pool.reserve} → ${reserve}`],
    ["work", `${work.tries} tries, ${work.rows} rows replayed`],
    ["verify", again("verify", choiceWords("--against", maker), output)],
    ...(lens.beside === undefined
      ? []
      : [
          [
            "differs",
            again(
              "diff",
              [...choiceWords("--from", lens.under), ...choiceWords("--to", lens.beside)],
              output,
            ),
          ] as const,
        ]),
    ...(finding._tag === "deviation"
      ? [["deviates", again("verify", choiceWords("--against", lens.under), output)] as const]
      : []),
  ]
  const shrunk = `${before.rowCount} → ${after.rowCount} rows, ${before.entityCount} → ${after.entityCount} entities`
  return [`${inert(path)}  ${shrunk}`, ...facts.map(([name, text]) => `  ${name.padEnd(9)} ${text}`)].join(
    "\n",
  )
}

/** What was done where the trace given conforms to no semantics that was tried. */
const unknownMaker = ({ _tag }: Finding): string =>
  _tag === "deviation"
    ? ", up to the deviation: that row and its outcomes are as recorded"
    : ", although the trace given does not conform to it: its input rows were made anew"

const plainly: Reading = { allowTorn: false, maxInflatedBytes: undefined }

const again = (command: string, words: ReadonlyArray<string>, trace: string): string =>
  trace === "-"
    ? commandLine(["wakediff", command, ...words, "-"])
    : commandAgain(command, words, plainly, trace)
