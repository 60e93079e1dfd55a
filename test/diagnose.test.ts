/** What `diagnose` names: on every recording, on imagined builds that lack parts of the fix, and where it must not name any. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, expect, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { adversary, fates, pairs, type Adversary } from "../scripts/confusion.ts"
import { diagnosingTogether } from "../src/analysis/diagnose/together.ts"
import { diagnosing, stepsDone, type Diagnosis } from "../src/analysis/diagnose/diagnose.ts"
import { tape, type Tape } from "../src/analysis/tape.ts"
import { Tries } from "../src/analysis/diagnose/tries.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import { Event, Present, columnNames } from "../src/domain/vocabulary.ts"
import { Verifier } from "../src/replay/verifier.ts"
import { allParts, maskOf, partNames, partsIn, type PartName } from "../src/semantics/registry.ts"
import { readTrace } from "../src/traces/read.ts"
import { recording, wakediff } from "./support/command.ts"
import { generate, generateText, type GeneratorOptions } from "./support/generate.ts"
import { Random } from "./support/random.ts"
import { part } from "./support/replaying.ts"

interface Expected {
  readonly rows: number
  readonly semantics: string
  readonly without: ReadonlyArray<string>
  readonly undefined: unknown
}

const folder = new URL("../traces/", import.meta.url).pathname
const expected = Object.entries(
  JSON.parse(readFileSync(`${folder}expected.json`, "utf8")).traces as Readonly<Record<string, Expected>>,
)

const diagnosed = (trace: Tape, budget?: number): Diagnosis => stepsDone(diagnosing(trace, undefined, budget))
const recorded = (name: string): Promise<Tape> => Effect.runPromise(tape(readTrace(folder + name)))
const taped = (batches: ReadonlyArray<RowBatch>): Tape => ({
  head: batches[0]!.head,
  batches,
  rowCount: batches.reduce((count, batch) => count + batch.rowCount, 0),
})
const imagined = (options: GeneratorOptions): Tape => taped([...generate(options).batches])
const cut = ({ batches }: Tape, rowCount: number): Tape =>
  taped(
    batches.flatMap((batch) => {
      const left = batch.firstRow - batches[0]!.firstRow
      return left > rowCount ? [] : [part(batch, 0, Math.min(batch.rowCount, rowCount - left))]
    }),
  )
const words = ({ best, equivalent }: Diagnosis) => ({
  base: best.base as string,
  turned: best.turned as ReadonlyArray<string>,
  equivalent: equivalent.map(({ turned }) => turned as ReadonlyArray<string>),
})

/** The parts of which something wrong is said. */
const wrong = (one: Adversary): ReadonlyArray<string> =>
  [...fates(one)].flatMap(([name, fate]) => (fate === "wrong" ? [name] : []))

/** Counts one buffer too many in a row amid the trace, and says which. */
const damage = ({ batches, rowCount }: Tape): number => {
  for (const batch of batches) {
    if (batch.firstRow < rowCount / 2) continue
    const at = batch.event.findIndex(
      (event, i) => event === Event.release && (batch.present[i]! & Present.used) !== 0,
    )
    if (at < 0) continue
    batch.used[at]! += 1
    return batch.firstRow + at
  }
  return expect.unreachable("no row to damage")
}

/** Lines of a trace some of which were left out. */
const renumbered = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  let seq = 0
  return lines.map((line) => (/^\d/.test(line) ? line.replace(/^\d+/, () => String(seq++)) : line))
}

describe("recordings", () => {
  const all = new Map<string, Diagnosis>()

  it.each(expected)(
    "%s is what it is known to be",
    async (name, { semantics, without, rows, undefined: reached }) => {
      const diagnosis = diagnosed(await recorded(name))
      all.set(name, diagnosis)
      expect(words(diagnosis)).toEqual({ base: semantics, turned: without, equivalent: [without] })
      expect(diagnosis).toMatchObject({
        verdict: "explained",
        rowCount: rows,
        deviationCount: 0,
        first: null,
      })
      expect(diagnosis).toMatchObject({ undefined: reached, complete: true, alsoConforms: [] })
      expect(diagnosis.notExercised.length).toBeGreaterThan(0)
      for (const missing of without) expect(diagnosis.notExercised).not.toContain(missing)
    },
  )

  const together = (pattern: RegExp) =>
    stepsDone(diagnosingTogether([...all].flatMap(([name, one]) => (pattern.test(name) ? [one] : []))))

  it("of one build exclude what the others leave open", () => {
    const fixed = /^(postfix|backport-1\.7)/
    const joint = together(fixed)!
    expect(joint).toMatchObject({ verdict: "explained", unexplained: [], traceCount: 5, complete: true })
    expect([joint.best.base, joint.best.turned]).toEqual(["1.7-post-fix", []])
    for (const [name, { notExercised }] of all) {
      if (fixed.test(name)) expect(notExercised).toEqual(expect.arrayContaining([...joint.notExercised]))
    }
    expect(joint.notExercised).toEqual([
      "stream-free-offers",
      "applet-free-dequeues",
      "lua-alloc",
      "spoe-timeout-release",
    ])
  })

  it("of several builds are told apart", () => {
    const joint = together(/^(postfix|partial-notify)/)!
    expect(joint).toMatchObject({ verdict: "unexplained", equivalent: [], traceCount: 5 })
    expect(joint.best.base).toBe("1.7-post-fix")
    expect(joint.unexplained).toEqual([`${folder}partial-notify-still-releases.csv.gz`])
  })

  it("of two branches, or a single one, say nothing together", () => {
    expect(together(/stats-page/)).toBeUndefined()
    expect(together(/^partial-notify/)).toBeUndefined()
  })
})

describe("a build that lacks parts of the fix", () => {
  it.each(partNames)("%s is named, or nothing is said of it", (name) => {
    const all = [1, 2, 3, 4].map((seed) => adversary([name], seed))
    expect(all.flatMap(wrong)).toEqual([])
    expect(all.map((one) => fates(one).get(name))).toContain("named")
  })

  it("so are two", () => {
    for (const [at, pair] of pairs.entries()) {
      const one = adversary(pair, 1 + (at % 4))
      if (wrong(one).length > 0)
        expect.unreachable(`${pair.join(" and ")}: ${words(one.diagnosis).turned.join()}`)
    }
  })

  const random = new Random(11)
  const some = (): ReadonlyArray<PartName> => partsIn(random.below(allParts + 1))

  it("any number of them: never more is turned than is missing, and what is found explains the trace", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const missing = some()
      const { diagnosis } = adversary(missing, seed)
      const label = `seed ${seed}, without ${missing.join()}`
      assert.notStrictEqual(diagnosis.verdict, "unexplained", label)
      assert.isAtMost(
        diagnosis.best.turned.length,
        Math.min(missing.length, partNames.length - missing.length),
        label,
      )
      for (const { choice } of [...diagnosis.equivalent, ...diagnosis.alsoConforms]) {
        const verifier = diagnosis.tries!.inFull(choice.after)
        assert.strictEqual(verifier.deviationCount + verifier.unjudgedRowCount, 0, label)
      }
    }
  })

  it("an answer that stands for many choices is that of each", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const trace = imagined({
        seed,
        after: random.below(allParts + 1),
        rowCount: 700,
        limit: 3 + (seed % 5),
      })
      const tries = new Tries(trace)
      for (let i = 0; i < 40; i++) tries.ask(random.below(allParts + 1))
      for (let i = 0; i < 200; i++) {
        const after = random.below(allParts + 1)
        const own = new Tries(trace).ask(after)
        const { conforms, row } = tries.ask(after)
        assert.deepStrictEqual([conforms, row], [own.conforms, own.row], `seed ${seed}, mask ${after}`)
      }
    }
  })
})

describe("a process that dies", () => {
  const after = allParts & ~maskOf(["spoe-waiter"])
  const dying = { after, rowCount: 4000, limit: 3, reserve: 4, clientCount: 14, spoePercent: 80 }
  const dies = (trace: Tape) => {
    const verifier = new Verifier(trace.head.preamble, after, trace.head.entities)
    for (const batch of trace.batches) verifier.run(batch)
    return verifier.undefined !== undefined
  }
  const trace = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => imagined({ ...dying, seed })).find(dies)!

  it("lacks the part that lets it live, though the fix conforms as far as the trace goes", () => {
    const diagnosis = diagnosed(trace)
    expect(words(diagnosis).equivalent).toEqual([["spoe-waiter"]])
    expect(diagnosis.undefined).toMatchObject({ kind: "type-confusion" })
  })

  it("a recording that ends sooner says nothing of it", () => {
    const diagnosis = diagnosed(cut(trace, trace.rowCount - 3))
    expect(diagnosis.best.turned).toEqual([])
    expect(diagnosis.notExercised).toContain("spoe-waiter")
  })
})

describe("where no hunk is to be named", () => {
  it("a damaged row is no hunk: every choice of the parts was tried", async () => {
    const trace = await recorded("postfix-stats-page.csv.gz")
    const row = damage(trace)
    const diagnosis = diagnosed(trace)
    expect(diagnosis).toMatchObject({
      verdict: "unexplained",
      complete: true,
      equivalent: [],
      deviationCount: 1,
    })
    expect(words(diagnosis)).toMatchObject({ base: "1.7-post-fix", turned: [] })
    expect(diagnosis.first).toMatchObject({ row, kind: "counter" })
    expect(diagnosed(trace, 0)).toMatchObject({ verdict: "unexplained", complete: false, searched: 2 })
  })

  it("a missing hunk beside the damage is told all the same", async () => {
    const trace = await recorded("partial-notify-still-releases.csv.gz")
    const row = damage(trace)
    const diagnosis = diagnosed(trace)
    expect(words(diagnosis)).toMatchObject({ base: "1.7-post-fix", turned: ["notify-release"] })
    expect(diagnosis.first).toMatchObject({ row })
  })

  it("a trace that never reached the bug conforms to both ends", () => {
    const trace = imagined({ seed: 1, after: allParts, rowCount: 3, limit: 0 })
    const diagnosis = diagnosed(trace)
    expect(diagnosis).toMatchObject({ verdict: "inconclusive", deviationCount: 0 })
    expect(diagnosis.reason).toMatch(/never reached the bug/)
    expect([diagnosis.best, ...diagnosis.alsoConforms].map(({ base }) => base)).toEqual([
      "1.7-post-fix",
      "1.7-pre-fix",
    ])
  })
})

describe("the command", () => {
  let temporary = ""
  const at = (name: string): string => join(temporary, name)
  beforeAll(() => {
    vi.stubEnv("NO_COLOR", "1")
    temporary = mkdtempSync(join(tmpdir(), "wakediff-diagnose-"))
    const lines = [...generateText({ seed: 3, after: 0, rowCount: 900, limit: 3 })].join("").split("\n")
    const isOutcome = /^\d*,\d*,(enqueue|dequeue|offer|skip|wake)|,offer,/
    writeFileSync(at("no-outcomes.csv"), renumbered(lines.filter((line) => !isOutcome.test(line))).join("\n"))
    const preamble = ["# wakediff trace 1", "# tune.buffers.limit: 5", "# tune.buffers.reserve: 2"]
    const empty = [...preamble, "# pool.allocated: 3", "# pool.used: 0", columnNames.join(","), ""].join("\n")
    writeFileSync(at("empty\x1b[31m.csv"), empty)
  })
  afterAll(() => rmSync(temporary, { recursive: true }))

  it.effect("names the hunk with its file and function: exit 1", () =>
    Effect.gen(function* () {
      const { out, err, code } = yield* wakediff("diagnose", recording("partial-applet-still-parked"))
      expect([code, err]).toEqual([1, ""])
      const lines = out.split("\n")
      expect(lines[0]).toMatch(/ {2}1\.7-post-fix without applet-runs explains all \d+ rows$/)
      expect(lines[1]).toMatch(/^ {2}missing +applet-runs: src\/applet\.c: applet_run_active/)
      expect(out).toMatch(/what would exercise the rest\n {4}applet-end-release\n/)
    }),
  )

  it.effect("a complete semantics: exit 0", () =>
    Effect.gen(function* () {
      const fixed = yield* wakediff("diagnose", recording("postfix-stats-page"))
      expect(fixed.code).toBe(0)
      expect(fixed.out).toContain("1.7-post-fix explains all 16120 rows")
      const plain = yield* wakediff("diagnose", recording("haproxy-1.7.0-spoe-crash"))
      expect(plain.code).toBe(0)
      expect(plain.out).toMatch(/undefined +row 11758, type confusion/)
    }),
  )

  it.effect("several traces are one build: --json", () =>
    Effect.gen(function* () {
      const names = ["postfix-stats-page", "postfix-reserve-4"].map(recording)
      const { out, code } = yield* wakediff("diagnose", "--json", ...names)
      const { runs, together, refused } = JSON.parse(out)
      expect(code).toBe(0)
      expect(runs.map(({ without }: { readonly without: unknown }) => without)).toEqual([[], []])
      expect(together).toMatchObject({ base: "1.7-post-fix", without: [], equivalent: [[]], traces: 2 })
      for (const run of runs) expect(run.notExercised).toEqual(expect.arrayContaining(together.notExercised))
      expect(refused).toEqual([])
    }),
  )

  it.effect("traces of two builds explain nothing together: exit 1", () =>
    Effect.gen(function* () {
      const names = ["postfix-stats-page", "prefix-stats-page"].map(recording)
      const { out, code } = yield* wakediff("diagnose", ...names)
      expect(code).toBe(1)
      expect(out).toMatch(/^together {2}unexplained {2}no choice of the fix's parts explains 2 traces$/m)
      expect(out).toMatch(/^2 traces: 2 complete$/m)
    }),
  )

  it.effect("--branch decides which parts there are", () =>
    Effect.gen(function* () {
      const { out, code } = yield* wakediff("diagnose", "--branch", "1.6", recording("postfix-stats-page"))
      expect(code).toBe(0)
      expect(out).toContain("1.6-post-fix explains all")
      expect(out).not.toContain("spoe-margin")
      const refused = yield* wakediff("diagnose", "--branch", "1.5", recording("postfix-stats-page"))
      expect(refused.code).toBe(2)
    }),
  )

  it.effect("a trace that cannot tell: exit 4, and why", () =>
    Effect.gen(function* () {
      const bare = yield* wakediff("diagnose", at("no-outcomes.csv"))
      expect([bare.code, bare.err]).toEqual([4, ""])
      expect(bare.out).toMatch(/inconclusive.*\n {2}why +it has no outcome rows/)
      const empty = yield* wakediff("diagnose", at("empty\x1b[31m.csv"))
      expect(empty.code).toBe(4)
      expect(empty.out).toContain("it never reached the")
      expect(empty.out).toContain("1.7-post-fix and 1.7-pre-fix")
      expect(empty.out).not.toContain("\x1b")
    }),
  )

  it.effect("a trace that is not there is refused, the others are diagnosed: exit 3", () =>
    Effect.gen(function* () {
      const { out, err, code } = yield* wakediff("diagnose", "missing.csv", recording("postfix-stats-page"))
      expect(code).toBe(3)
      expect(err).toContain("missing.csv")
      expect(out).toContain("1.7-post-fix explains all 16120 rows")
    }),
  )
})
