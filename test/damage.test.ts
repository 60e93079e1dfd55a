/** Real traces, damaged at random: never a crash, never a hang, never a wrong `conforms`. */
import { Effect, Stream } from "effect"
import { Readable } from "node:stream"
import { expect, it } from "vitest"
import type { RowBatch } from "../src/domain/batch.ts"
import { BadTrace } from "../src/domain/errors.ts"
import { inert } from "../src/domain/text.ts"
import { readTrace } from "../src/traces/read.ts"
import { compareTraces, judgeTrace } from "./support/damage-oracle.ts"
import { damages, compressedDamages, pickDamage, type Damage } from "./support/damage.ts"
import { Random } from "./support/random.ts"
import { decode, recordings, verifyBatches } from "./support/replaying.ts"

/** Another seed, another 2,000 damages: `DAMAGE_SEED=7 npx vitest run test/damage.test.ts`. */
const seed = Number(process.env["DAMAGE_SEED"] ?? 1)
const textRuns = 1800
const compressedRuns = 400
const rowCount = 1200

/** The preamble, the header line and the first rows. */
const startOf = (bytes: Uint8Array): Buffer => {
  let end = Buffer.from(bytes).indexOf("\n0,")
  for (let row = 0; row < rowCount; row++) end = bytes.indexOf(10, end + 1)
  return Buffer.from(bytes.subarray(0, end + 1))
}

const sound = recordings.map(({ name, after, bytes }) => {
  const text = startOf(bytes())
  return { name, after, text, judged: judgeTrace(decode(text)) }
})

interface Run {
  /** Enough to do it again. */
  readonly about: string
  readonly trace: (typeof sound)[number]
  readonly bytes: Buffer
}

const run = (number: number, list: ReadonlyArray<Damage>): Run => {
  const random = new Random(seed * 1_000_003 + number)
  const trace = random.pick(sound)
  const damage = pickDamage(list, random)
  const about = `DAMAGE_SEED=${seed}, run ${number}: ${trace.name}, ${damage.name}`
  return { about, trace, bytes: damage.apply(trace.text, random) }
}

type Fate = "refused" | "deviates" | "same" | "another" | "stranger" | "wrong"

const fateOf = ({ trace, about }: Run, read: () => ReadonlyArray<RowBatch>): Fate => {
  try {
    const batches = read()
    const { deviationCount, unjudgedRowCount } = verifyBatches(batches, trace.after)
    if (deviationCount > 0 || unjudgedRowCount > 0) return "deviates"
    return compareTraces(trace.judged, judgeTrace(batches))
  } catch (error) {
    if (!(error instanceof BadTrace)) throw new Error(`${about}: ${String(error)}`, { cause: error })
    expect(error.message, about).toBe(inert(error.message))
    return "refused"
  }
}

const tallied = (fates: ReadonlyArray<Fate>): Partial<Record<Fate, number>> => {
  const tally: Partial<Record<Fate, number>> = {}
  for (const fate of fates) tally[fate] = (tally[fate] ?? 0) + 1
  return tally
}

it("the sound starts conform", () => {
  for (const { name, text, after, judged } of sound) {
    const { deviationCount, rowCount: rows } = verifyBatches(decode(text), after)
    expect([name, deviationCount, rows]).toEqual([name, 0, rowCount])
    expect(compareTraces(judged, judged)).toBe("same")
  }
})

it(`${textRuns} damages of the text`, () => {
  const wrong: Array<string> = []
  const fates = Array.from({ length: textRuns }, (_, number) => {
    const damaged = run(number, damages)
    const fate = fateOf(damaged, () => Array.from(decode(damaged.bytes)))
    if (fate === "wrong") wrong.push(damaged.about)
    return fate
  })
  expect(wrong).toEqual([])
  const tally = tallied(fates)
  if (process.env["DAMAGE_SEED"] !== undefined) console.log(tally)
  // The damages must reach every check, and few may pass for another process. Most of these are cells that the event does not
  // use, a limit of the pool that is never met, or the content of a buffer that nobody looks at again.
  expect(tally.refused).toBeGreaterThan(textRuns / 4)
  expect(tally.deviates).toBeGreaterThan(textRuns / 20)
  expect((tally.another ?? 0) + (tally.stranger ?? 0)).toBeLessThan(textRuns / 50)
})

it(`${compressedRuns} damages of the compressed trace`, async () => {
  for (let number = 0; number < compressedRuns; number++) {
    const damaged = run(textRuns + number, compressedDamages)
    const stdin = Readable.from([damaged.bytes])
    const result = await Effect.runPromise(Effect.result(Stream.runCollect(readTrace("-", { stdin }))))
    const fate = fateOf(damaged, () => {
      if (result._tag === "Failure") throw result.failure
      return result.success
    })
    // The checksum speaks of every byte of the data; the header's time and system are not data.
    expect(["refused", "same"], damaged.about).toContain(fate)
  }
})
