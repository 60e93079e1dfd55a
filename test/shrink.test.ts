import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, expect, it, vi } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { findingText, isFindingFailure, parseFinding } from "../src/analysis/shrink/question.ts"
import { isShrinkFailure, shrink, type ShrinkRequest, type Shrunk } from "../src/analysis/shrink/shrink.ts"
import { shows, targetOf } from "../src/analysis/shrink/judge.ts"
import { reenact } from "../src/analysis/shrink/reenact.ts"
import { scriptOf } from "../src/analysis/shrink/script.ts"
import { entityUnits, operationUnits, sceneUnits } from "../src/analysis/shrink/units.ts"
import type { Tape } from "../src/analysis/tape.ts"
import { isOutcome } from "../src/domain/row-forms.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import { Event } from "../src/domain/vocabulary.ts"
import { allParts } from "../src/semantics/registry.ts"
import { choiceOf, choose, isChoiceFailure } from "../src/semantics/semantics.ts"
import { writeBatch, writeHead } from "../src/traces/write.ts"
import { wakediff, recording, repository } from "./support/command.ts"
import { generate, type GeneratorOptions } from "./support/generate.ts"
import { decode, recordings, verifyBatches } from "./support/replaying.ts"

const tapeOf = (batches: ReadonlyArray<RowBatch>): Tape => ({
  head: batches[0]!.head,
  batches,
  rowCount: batches.reduce((count, { rowCount }) => count + rowCount, 0),
})
const read = (text: string): Tape => tapeOf([...decode(Buffer.from(text))])
const textOf = ({ head, batches }: Tape): string =>
  writeHead(head.preamble) + batches.map(writeBatch).join("")

const finding = (text: string) => {
  const parsed = parseFinding(text)
  if (isFindingFailure(parsed)) throw new Error(`${text}: ${parsed._tag}`)
  return parsed
}

const inputRowCount = ({ batches }: Tape): number =>
  batches.reduce((count, { rowCount, event, site }) => {
    for (let i = 0; i < rowCount; i++) if (!isOutcome(event[i]!, site[i]!)) count++
    return count
  }, 0)

/** What the laws say of one shrinking; undefined where the trace does not show the finding. */
const hold = (trace: Tape, request: ShrinkRequest): Shrunk | undefined => {
  const small = shrink(trace, request)
  if (isShrinkFailure(small)) {
    expect(small._tag).toMatch(/^(NotShown|NoOutcomes)$/)
    return undefined
  }
  const text = textOf(small.tape)
  // Outcomes are made anew: a recording that was cut off amid those of its last row may have had fewer of them.
  expect(inputRowCount(small.tape)).toBeLessThanOrEqual(inputRowCount(trace))
  // It is a trace that reads back, and shows the finding still.
  const readBack = read(text)
  expect(targetOf(readBack, small.finding, { ...small.lens, faithful: false })).toBeDefined()
  if (small.makerIsKnown)
    expect(verifyBatches(readBack.batches, small.maker.after)).toMatchObject({
      deviationCount: 0,
      unjudgedRowCount: 0,
    })
  // Shrinking it again changes nothing.
  const again = shrink(readBack, { ...request, finding: small.finding })
  if (isShrinkFailure(again)) throw new Error(again._tag)
  expect(textOf(again.tape)).toBe(text)
  return small
}

/** Small processes whose pool is too small for them; some keep more than usual for responses. */
const crowded = (seed: number, after: number): GeneratorOptions => {
  const reserve = seed % 3 === 0 ? 4 : 2
  return {
    seed,
    after,
    rowCount: 250,
    reserve,
    limit: reserve + 1 + (seed % 2),
    clientCount: 8,
    appletPercent: 60,
    spoePercent: 60,
  }
}

const generated = (seed: number, after: number, rowCount = 250): Tape =>
  tapeOf([...generate({ ...crowded(seed, after), rowCount }).batches])

const tapeNamed = (name: string): Tape =>
  tapeOf([...decode(recordings.find((one) => one.name.startsWith(name))!.bytes())])

/** A trace without the note, which names the file that it comes from. */
const withoutNote = (text: string): string => text.replace(/^# workload: .*$/m, "")

describe("the laws of shrinking", () => {
  const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff_ffff }))
  const after = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: allParts }))

  it.each([
    ["ending:starved", 2],
    ["ending:pending", 2],
    ["ending:served-otherwise", 4],
    ["wake:futile", 2],
    ["wake:herd", 4],
    ["undefined", 4],
  ])("%s, under the semantics that made the trace", (words, seeds) => {
    let shown = 0
    for (const mask of [0, allParts]) {
      for (let value = 0; value < seeds; value++) {
        const request = { finding: finding(words), under: choiceOf("1.7", mask) }
        if (hold(generated(value, mask), request) !== undefined) shown++
      }
    }
    expect(shown).toBeGreaterThan(0)
  })

  it("a recording that is cut off amid the outcomes of its last row", () => {
    const trace = generated(26, 10752, 120)
    expect(hold(trace, { finding: finding("deviation") })).toBeDefined()
  })

  it.prop(
    "any finding, whatever made the trace",
    { seed, after },
    ({ seed: value, after: mask }) => {
      const trace = generated(value, mask, 120)
      for (const words of ["deviation", "difference", "ending:starved"])
        hold(trace, { finding: finding(words) })
    },
    { arbitrary: { runs: 5 } },
  )

  it("the same each time", () => {
    const [one, other] = [0, 0].map((value) => {
      const small = shrink(generated(value, 0), { finding: finding("ending:starved") })
      return isShrinkFailure(small) ? small._tag : textOf(small.tape)
    })
    expect(one).toBe(other)
    expect(one).toContain("shrunk by wakediff from generated, keeping ending:starved")
  })

  it("a difference of one kind", () => {
    const small = Array.from({ length: 8 }, (_, value) =>
      hold(generated(value, 0), { finding: finding("difference:appeared") }),
    )
    expect(small.some((one) => one !== undefined)).toBe(true)
  })

  it("a deviation that no semantics explains keeps the row as it was recorded", () => {
    const trace = tapeOf([...generate(crowded(3, allParts)).batches])
    const [batch] = trace.batches
    // A probe that lies: a buffer that nobody took.
    const at = Array.from(batch!.event.keys()).findLast(
      (i) => batch!.event[i] === Event.release && i < batch!.rowCount,
    )!
    batch!.used[at]! += 1
    const small = hold(trace, { finding: finding("deviation"), under: choiceOf("1.7", allParts) })
    assert(small !== undefined)
    expect(small.after.rowCount).toBeLessThan(20)
    expect(small.makerIsKnown).toBe(false)
  })
})

describe("a recording", () => {
  it.each([
    ["partial-notify-still-releases", "deviation", 4],
    ["partial-applet-still-parked", "deviation", 25],
    ["haproxy-1.6.0-stats-page", "difference", 15],
  ])("%s: %s in at most %i rows", (name, words, rowCount) => {
    const small = hold(tapeNamed(name), { finding: finding(words) })
    expect(small?.after.rowCount).toBeLessThanOrEqual(rowCount)
  })

  it.each([
    ["haproxy-1.7.0-spoe-starvation", "ending:starved", "shrunk-starvation"],
    ["haproxy-1.7.0-spoe-crash", "undefined", "shrunk-crash"],
    ["postfix-reserve-4", "wake:herd", "shrunk-herd"],
  ])("%s: %s is fixtures/%s", (name, words, fixture) => {
    const kept = readFileSync(join(repository, "fixtures", fixture, "trace.csv"), "utf8")
    const small = shrink(tapeNamed(name), { finding: finding(words) })
    assert(!isShrinkFailure(small))
    expect(withoutNote(textOf(small.tape))).toBe(withoutNote(kept))
  })

  it.each([
    ["shrunk-starvation", "ending:starved", "1.7-pre-fix"],
    ["shrunk-crash", "undefined", "1.7-pre-fix"],
    ["shrunk-herd", "wake:herd", "1.7-post-fix"],
  ])("fixtures/%s: of its operations, scenes and entities none can be left out", (fixture, words, name) => {
    const trace = read(readFileSync(join(repository, "fixtures", fixture, "trace.csv"), "utf8"))
    const under = choose(name)
    assert(!isChoiceFailure(under))
    const lens = { under, beside: undefined, faithful: true }
    const target = targetOf(trace, finding(words), lens)
    assert(target !== undefined)
    const script = scriptOf(trace)
    const whole = new Uint8Array(script.steps.length).fill(1)
    const made = (kept: Uint8Array) => reenact(script, kept, trace.head.preamble, under.after)
    expect(shows(made(whole), target, lens)).toBe(true)
    for (const { kept, clear } of [entityUnits, sceneUnits, operationUnits]) {
      for (const unit of kept(script, whole)) {
        const steps = whole.slice()
        clear(script, steps, [unit])
        const smaller = made(steps)
        expect(smaller.rowCount <= trace.rowCount && shows(smaller, target, lens), `unit ${unit}`).toBe(false)
      }
    }
  })

  it("of one requester: its wait, under its new id", () => {
    const small = shrink(tapeNamed("haproxy-1.7.0-spoe-starvation"), {
      finding: finding("ending:starved@a2"),
    })
    assert(!isShrinkFailure(small))
    expect(findingText(small.finding)).toBe("ending:starved@a1")
  })
})

describe("findings as words", () => {
  it.each([
    "deviation",
    "undefined",
    "ending:served-directly",
    "ending:starved@a2",
    "wake:herd",
    "difference:fixed",
  ])("%s is read back", (words) => expect(findingText(finding(words))).toBe(words))
  it.each([
    "",
    "ending",
    "ending:",
    "ending:starved@",
    "ending:starved@t1",
    "wake",
    "wake:",
    "deviation:",
    "difference:same",
    "undefined:x",
  ])("%j is none", (words) => expect(isFindingFailure(parseFinding(words))).toBe(true))
})

describe("wakediff shrink", () => {
  let folder = ""
  const at = (name: string): string => join(folder, name)
  const herd = "fixtures/shrunk-herd/trace.csv"
  beforeAll(() => {
    vi.stubEnv("NO_COLOR", "1")
    folder = mkdtempSync(join(tmpdir(), "wakediff-shrink-"))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.effect("writes the trace and says what became of it; the trace does what the summary says", () =>
    Effect.gen(function* () {
      const out = at("small.csv")
      const run = yield* wakediff(
        "shrink",
        recording("haproxy-1.7.0-spoe-crash"),
        "--keep",
        "undefined",
        "-o",
        out,
      )
      expect([run.code, run.err]).toEqual([0, ""])
      expect(run.out).toMatch(/11759 → 21 rows, 108 → 4 entities/)
      expect(run.out).toContain(`wakediff verify --against 1.7-pre-fix ${out}`)
      expect(readFileSync(out, "utf8")).toMatch(
        /; shrunk by wakediff from haproxy-1.7.0-spoe-crash.csv.gz, keeping undefined$/m,
      )
      const verified = yield* wakediff("verify", "--against", "1.7-pre-fix", out)
      expect(verified.code).toBe(0)
      const checked = yield* wakediff("check", out)
      expect(checked.code).toBe(0)
      expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([])
    }),
  )

  it.effect("to standard output: the trace alone, the summary on standard error", () =>
    Effect.gen(function* () {
      const run = yield* wakediff("shrink", herd, "--keep", "wake:herd", "-o", "-")
      expect(run.code).toBe(0)
      expect(`${run.out}\n`).toBe(readFileSync(join(repository, herd), "utf8"))
      expect(run.err).toMatch(/35 → 35 rows/)
    }),
  )

  it.effect("refuses what makes no sense, and writes nothing", () =>
    Effect.gen(function* () {
      const copy = at("copy.csv")
      writeFileSync(copy, readFileSync(join(repository, herd)))
      symlinkSync(copy, at("link.csv"))
      const cases: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp, number?]> = [
        [[copy, "--keep", "wake:herd", "-o", at("link.csv")], /is the trace itself/],
        [[copy, "--keep", "wake:herd", "-o", folder], /it is a folder \(EISDIR\)/, 5],
        [[copy, "--keep", "wake:herd", "-o", at("none/x.csv")], /its folder is not there \(ENOENT\)/, 5],
        [[copy, "--keep", "wake:hurd", "-o", at("x.csv")], /no class of wakes "hurd". Did you mean herd\?/],
        [
          [copy, "--keep", "ending:starved", "-o", at("x.csv")],
          /does not show ending:starved under 1.7-post-fix.*ending:pending \(1\), wake:herd \(1\)/,
        ],
        [[copy, "--keep", "ending:pending@s99", "-o", at("x.csv")], /Those who do wait so: s5/],
        [[copy, "--keep", "deviation", "-o", at("x.csv")], /does not show deviation/],
        [
          [copy, "--keep", "wake:herd", "--beside", "1.7-post-fix", "-o", at("x.csv")],
          /--beside goes with --keep difference/,
        ],
        [[copy, "--keep", "wake:herd", "--under", "1.9", "-o", at("x.csv")], /no semantics "1.9"/],
      ]
      for (const [words, message, code = 2] of cases) {
        const run = yield* wakediff("shrink", ...words)
        expect([words, run.code, run.out]).toEqual([words, code, ""])
        expect(run.err).toMatch(message)
      }
      expect(existsSync(at("x.csv"))).toBe(false)
      expect(readFileSync(copy, "utf8")).toBe(readFileSync(join(repository, herd), "utf8"))
    }),
  )

  it.effect("a trace that cannot be read: exit 3, and nothing written", () =>
    Effect.gen(function* () {
      writeFileSync(at("bad.csv"), "no trace\n")
      const run = yield* wakediff("shrink", at("bad.csv"), "--keep", "undefined", "-o", at("y.csv"))
      expect(run.code).toBe(3)
      expect(existsSync(at("y.csv"))).toBe(false)
    }),
  )
})
