/** Threads: the same answers as in this one, refusals as they are, and no hang where one breaks. */
import { Cause, Effect, Exit } from "effect"
import { expect, it } from "@effect/vitest"
import type { CiTask } from "../src/cli/ci/job.ts"
import { openPool } from "../src/cli/workers/pool.ts"
import { repository } from "./support/command.ts"

const task = (fixture: string): CiTask => ({
  of: { path: `${repository}/fixtures/${fixture}`, trace: fixture, sha256: "0" },
  asked: { against: "1.7-post-fix", without: [], from: null, to: null, failOn: [] },
  reading: { allowTorn: false, maxInflatedBytes: undefined },
})

const run = (size: number, tasks: ReadonlyArray<CiTask>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const pool = yield* openPool(size)
      const progress = { rows: 0, bytes: 0, totalBytes: 0 }
      const one = (payload: CiTask) => Effect.result(pool.run("ci", payload, progress))
      const results = yield* Effect.forEach(tasks, one, { concurrency: size })
      return { results, rowCount: progress.rows }
    }),
  )

it.effect("two threads give what one gives, rows counted, and more jobs than threads", () =>
  Effect.gen(function* () {
    const fixtures = ["herd", "starved-applet", "abandoned", "type-confusion", "parked-applet"]
    const tasks = [...fixtures.map((name) => task(`${name}/trace.csv`)), task("bad-input/id-letters.csv")]
    const [one, two] = [yield* run(1, tasks), yield* run(2, tasks)]
    expect(two).toEqual(one)
    expect(one.rowCount).toBeGreaterThan(100)
    const refused = two.results.at(-1)!
    expect(refused._tag === "Failure" && refused.failure).toMatchObject({
      _tag: "BadTrace",
      exitCode: 3,
      message: expect.stringContaining("id-letters.csv:"),
    })
  }),
)

it.effect.each([1, 2])("a job that breaks is a bug and no hang, on %s", (size) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(run(size, [{} as CiTask]))
    expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
  }),
)
