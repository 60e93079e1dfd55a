/** Threads: the same answers as in this one, refusals as they are, told in order, and no hang where one breaks. */
import { Cause, Effect, Exit } from "effect"
import { expect, it } from "@effect/vitest"
import type { CiTask } from "../src/cli/ci/job.ts"
import { inOrder, threadCount, type TraceFile } from "../src/cli/workers/in-order.ts"
import type { RunJob } from "../src/cli/workers/threads.ts"
import { repository } from "./support/command.ts"

const mebibyte = 1024 * 1024

const task = (fixture: string): CiTask => ({
  of: { path: `${repository}/fixtures/${fixture}`, trace: fixture, sha256: "0" },
  asked: { against: "1.7-post-fix", without: [], from: null, to: null, failOn: [] },
  reading: { allowTorn: false, maxInflatedBytes: undefined },
})

/** As if each trace were large: a thread for each job. */
const run = (jobs: number, tasks: ReadonlyArray<CiTask>) =>
  Effect.gen(function* () {
    const traces = tasks.map((payload) => ({ path: payload.of?.path, byteCount: mebibyte, payload }))
    const results: Array<unknown> = []
    let progress = { rows: 0 }
    yield* inOrder(
      traces,
      jobs,
      ({ payload }, runJob, counter) => {
        progress = counter
        return Effect.result(runJob("ci", payload, counter))
      },
      (result) => Effect.sync(() => results.push(result)),
    )
    return { results, rowCount: progress.rows }
  })

it.effect("two threads give what one gives, rows counted, and more jobs than threads", () =>
  Effect.gen(function* () {
    const fixtures = ["herd", "starved-applet", "abandoned", "type-confusion", "parked-applet"]
    const tasks = [...fixtures.map((name) => task(`${name}/trace.csv`)), task("bad-input/id-letters.csv")]
    const [one, two] = [yield* run(1, tasks), yield* run(2, tasks)]
    expect(two).toEqual(one)
    expect(one.rowCount).toBeGreaterThan(100)
    expect(two.results.at(-1)).toMatchObject({
      _tag: "Failure",
      failure: { _tag: "BadTrace", exitCode: 3, message: expect.stringContaining("id-letters.csv:") },
    })
  }),
)

it.effect.each([1, 2])("a job that breaks is a bug and no hang, on %s", (jobs) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(run(jobs, [{} as CiTask, {} as CiTask]))
    expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
  }),
)

const large = (path: string) => ({ path, byteCount: mebibyte })
const pipe = (path: string) => ({ path, byteCount: 0, hereOnly: true })

const aWhile = Effect.promise(() => new Promise(setImmediate))

const pathUnlessItFails = ({ path }: TraceFile): Effect.Effect<string, string> => {
  if (path === "fails") return Effect.fail(path)
  return Effect.as(path === "slow" ? aWhile : Effect.void, path)
}

it.effect("a failure comes in its place: those before it are told of, those behind it are not", () =>
  Effect.gen(function* () {
    const told: Array<string> = []
    const traces = ["last", "slow", "fails", "never"].map(large)
    const tell = (path: string) => Effect.sync(() => told.push(path))
    const failure = yield* Effect.flip(inOrder(traces, 4, pathUnlessItFails, tell))
    expect([told, failure]).toEqual([["last", "slow"], "fails"])
  }),
)

it.effect("each job has a thread; what only this one can read is read here, one after the other", () =>
  Effect.gen(function* () {
    const traces = [large("0"), pipe("1"), large("2"), large("3"), pipe("4")]
    const [begun, threads] = [[] as Array<string>, new Map<RunJob, Array<string>>()]
    const one = ({ path }: TraceFile, runJob: RunJob) => {
      begun.push(path)
      threads.set(runJob, [...(threads.get(runJob) ?? []), path])
      return aWhile
    }
    yield* inOrder(traces, 3, one, () => Effect.void)
    const [here, ...others] = threads.values()
    expect(threads.size).toBe(3)
    expect(here!.slice(0, 2)).toEqual(["1", "4"])
    expect(others.flat().toSorted()).toEqual(["0", "2", "3"].filter((path) => !here!.includes(path)))
  }),
)

it.each([
  ["one trace", [10], 4, 1],
  ["a large one and a small one", [10, 0.1], 4, 1],
  ["two large ones", [10, 10], 4, 2],
  ["one job", [10, 10], 1, 1],
  ["more traces than jobs", [10, 10, 10], 2, 2],
  ["many small ones", Array.from({ length: 100 }, () => 0.01), 4, 4],
  ["a few small ones", [0.01, 0.01, 0.01], 4, 1],
  ["none", [], 4, 1],
])("threads where they pay: %s", (_, mebibytes, jobs, threads) => {
  const traces = mebibytes.map((size) => ({ path: "", byteCount: size * mebibyte }))
  expect(threadCount(traces, jobs)).toBe(threads)
})
