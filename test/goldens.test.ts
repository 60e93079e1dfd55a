/** Every report kind of every trace is what it was: fixtures/goldens/, written by `node scripts/goldens.ts`. */
import { expect, it } from "@effect/vitest"
import { Stream } from "effect"
import {
  digestsOf,
  fixtures,
  goldenReports,
  goldenView,
  keptDigests,
  keptTexts,
  recordings,
  textsOf,
} from "../scripts/goldens.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import type { BadTrace } from "../src/domain/errors.ts"
import { readTrace } from "../src/traces/read.ts"
import { repository } from "./support/command.ts"
import { part } from "./support/replaying.ts"

/** A trace in batches of so many rows. */
const recut = (path: string, rowCount: number): Stream.Stream<RowBatch, BadTrace> =>
  readTrace(path).pipe(
    Stream.mapArray(
      (batches) =>
        batches.flatMap((batch) =>
          Array.from({ length: Math.max(1, Math.ceil(batch.rowCount / rowCount)) }, (_, at) =>
            part(batch, at * rowCount, Math.min(batch.rowCount, (at + 1) * rowCount)),
          ),
        ) as [RowBatch, ...Array<RowBatch>],
    ),
  )

const digests = keptDigests()
const texts = keptTexts()

it.each(recordings)("the reports of %s: node scripts/goldens.ts DIR shows them", async (recording) => {
  expect(await digestsOf(recording)).toEqual(digests[recording])
})

it.each(fixtures)("the reports of the fixture %s", async (fixture) => {
  const fresh = await textsOf(fixture)
  const kept = [...texts].filter(([name]) => name.startsWith(`${fixture}.`))
  expect(Object.fromEntries(fresh)).toEqual(Object.fromEntries(kept))
})

const belongs = (name: string) => fixtures.some((fixture) => name.startsWith(`${fixture}.`))

it("no golden is left over", () => {
  expect(Object.keys(digests)).toEqual(recordings)
  expect([...texts.keys()].filter((name) => !belongs(name))).toEqual([])
})

it.each(["verify", "diff", "diagnose"] as const)(
  "the reports of %s don't depend on how a trace is cut into batches",
  async (command) => {
    const trace = "traces/haproxy-1.7.0-spoe-crash.csv.gz"
    const whole = await goldenReports(await goldenView(command, trace))
    for (const rowCount of [1, 997]) {
      const cut = recut(`${repository}/${trace}`, rowCount)
      expect(await goldenReports(await goldenView(command, trace, cut))).toEqual(whole)
    }
  },
)

it("canary: another trace has other digests, and a changed word changes them", async () => {
  const [one, other] = recordings
  expect(digests[one!]).not.toEqual(digests[other!])
  const view = await goldenView("verify", "fixtures/shrunk-herd/trace.csv")
  const reports = await goldenReports(view)
  const doctored = await goldenReports({ ...view, headline: `${view.headline}.`, document: {} })
  for (const [name, { file }] of reports) {
    if (name.startsWith("sarif") || name.startsWith("junit") || name.startsWith("perfetto")) continue
    expect(doctored.get(name)!.file, name).not.toBe(file)
  }
})
