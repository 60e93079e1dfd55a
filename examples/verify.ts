/**
 * Which semantics does a recording follow? Prints the verdict under each of its branch.
 *
 *     node examples/verify.ts traces/postfix-stats-page.csv.gz
 */
import { Console, Effect, Stream } from "effect"
import {
  choose,
  describeChoice,
  inert,
  isChoiceFailure,
  readTrace,
  semantics,
  verify,
  type BadTrace,
} from "wakediff"

/** The branch that the trace's preamble names. The first batch has the head, even of a trace without rows. */
const branchOf = (path: string) =>
  readTrace(path).pipe(
    Stream.take(1),
    Stream.runFold(
      () => semantics.branchOf(undefined),
      (_, { head }) => {
        const haproxy = head.preamble.entries.find(([key]) => key === "haproxy")
        return semantics.branchOf(haproxy?.[1])
      },
    ),
  )

export const verdicts = (path: string): Effect.Effect<void, BadTrace> =>
  Effect.gen(function* () {
    const branch = yield* branchOf(path)
    for (const { name } of semantics.all.filter((one) => one.branch === branch)) {
      const choice = choose(name)
      if (isChoiceFailure(choice)) return yield* Effect.die(choice)
      const { verdict, deviationCount, first } = yield* verify(readTrace(path), choice)
      yield* Console.log(`${describeChoice(choice)}: ${verdict}, ${deviationCount} deviations`)
      if (first !== null) {
        yield* Console.log(
          `  line ${first.line}: expected ${inert(first.expected)}, recorded ${inert(first.recorded)}`,
        )
      }
    }
  })

const [path] = process.argv.slice(2)
if (import.meta.main && path !== undefined) {
  await Effect.runPromise(
    verdicts(path).pipe(
      Effect.catchTag("BadTrace", (error) => {
        process.exitCode = error.exitCode
        return Console.error(error.message)
      }),
    ),
  )
}
