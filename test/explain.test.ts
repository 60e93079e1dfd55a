/** The causal chain of a wait: what it says, where it points, and what it refuses. */
import { existsSync, readdirSync } from "node:fs"
import { assert, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  explain,
  type Explanation,
  type ExplainOptions,
  type Which,
} from "../src/analysis/explain/explain.ts"
import { tape, type Tape } from "../src/analysis/tape.ts"
import { plain } from "../src/domain/style.ts"
import { explainText } from "../src/reports/explain-text.ts"
import { choose, isChoiceFailure, type Choice } from "../src/semantics/semantics.ts"
import { readTrace } from "../src/traces/read.ts"
import { recording, wakediff } from "./support/command.ts"

const tapes = new Map<string, Promise<Tape>>()
const tapeOf = (path: string): Promise<Tape> => {
  const known = tapes.get(path) ?? Effect.runPromise(tape(readTrace(path)))
  tapes.set(path, known)
  return known
}
const choice = (name: string, without: ReadonlyArray<string> = []): Choice => {
  const found = choose(name, without)
  if (isChoiceFailure(found)) throw new Error(found._tag)
  return found
}
const explained = (whole: Tape, options: ExplainOptions): Explanation => {
  const found = explain(whole, options)
  if ("_tag" in found) throw found
  return found
}
const entity = (id: string): Which => ({ by: "entity", id })
const number = (n: number): Which => ({ by: "wait", number: n })

const starvation = recording("haproxy-1.7.0-spoe-starvation")
const herd = recording("postfix-reserve-4")
const crash = recording("haproxy-1.7.0-spoe-crash")

describe("the starved SPOE applet a2", async () => {
  const whole = await tapeOf(starvation)
  const run = explained(whole, { which: entity("a2"), beside: choice("1.7-post-fix") })

  it("fails for want of buffers, and its stream is queued in its stead", () => {
    const [first] = run.events
    expect(first).toMatchObject({
      row: 7963,
      timeUs: 480189,
      kind: "attempt",
      entity: "a2",
      result: "fail",
      allocated: 10,
      used: 8,
      margin: 2,
      limit: 10,
      waiter: "s3",
    })
    expect(first?.text).toContain(
      "10 allocated, 8 in use, margin 2: 2 free is not more than 2, and the limit is 10",
    )
    expect(first?.text).toContain("s3 is queued in its stead, 1st of 1")
    expect(run.events[1]).toMatchObject({ row: 7965, kind: "park", entity: "a2" })
  })

  it("is explained under the semantics that made the trace, and that is said", () => {
    expect(run).toMatchObject({ under: "1.7-pre-fix", fidelity: 1, number: 1, others: [] })
    expect(run.reason).toMatch(/conforms/)
  })

  it("starves, and why is said", () => {
    expect(run.wait.ending).toBe("starved")
    expect(run.events.at(-1)?.text).toMatch(
      /^starved.* a2 itself is in nobody's queue .*no offer.*can reach it/,
    )
  })

  it("is served with the fix, by rows that the trace does not have", () => {
    expect(run.beside?.wait?.ending).toBe("served directly")
    expect(run.beside?.events[0]?.text).toContain("a2 itself is queued")
    expect(run.beside?.events.find(({ kind }) => kind === "run")).toMatchObject({
      entity: "a2",
      recordedRow: null,
    })
    expect(run.beside?.events.find(({ kind }) => kind === "run")?.text).toMatch(/the trace has no row for it/)
  })

  it("the two part ways where the applet is queued itself", () => {
    expect(run.partWays).toMatchObject({ row: 7963, part: "applet-waiter", parts: ["applet-waiter"] })
  })

  it("like events are folded, with their first and their last, and nothing is lost", () => {
    const folds = run.events.filter(({ count }) => count !== undefined)
    expect(folds.length).toBeGreaterThan(0)
    expect(run.events.length).toBeLessThan(20)
    const all = explained(whole, { which: entity("a2"), all: true }).events
    expect(run.events.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(all.length)
    expect(all.filter(({ kind }) => kind === "offer").length).toBe(run.wait.offerCount)
    for (const { count, first, last, row } of folds) {
      expect(count).toBeGreaterThan(2)
      expect(first?.row).toBe(row)
      expect(all.map(({ text }) => text)).toEqual(expect.arrayContaining([first?.text, last?.text]))
    }
    expect(folds.map(({ text }) => text).join("\n")).toMatch(
      /6330 offers, none with a buffer to spare: avail -1, threshold 0;/,
    )
  })

  it("a semantics that lacks one hunk only parts there", () => {
    const under = choice("1.7-post-fix")
    const { partWays } = explained(whole, {
      which: number(2),
      under,
      beside: choice("1.7-post-fix", ["applet-waiter"]),
    })
    expect(partWays?.part).toBe("applet-waiter")
    expect(explained(whole, { which: number(2), under, beside: under }).partWays).toBeNull()
  })

  it("where only one of the two has the wait, they part before", () => {
    const { beside, partWays } = explained(whole, {
      which: { by: "row", row: 7990 },
      beside: choice("1.7-post-fix"),
    })
    expect(beside).toMatchObject({ wait: null, number: null, events: [] })
    expect(partWays!.row).toBeLessThan(7990)
    expect(partWays!.part).toBe("notify-release")
  })

  it("every way to name it leads to it", () => {
    for (const which of [
      number(1),
      entity("a2"),
      // Its stand-in waits for nothing itself.
      entity("s3"),
      { by: "row", row: 7963 },
      { by: "row", row: 7965 },
      { by: "row", row: 9343 },
    ] as const) {
      expect(explained(whole, { which }).wait.requester, JSON.stringify(which)).toBe("a2")
    }
  })
})

it("the herd: an offer with less than nothing wakes all, and says why", async () => {
  const whole = await tapeOf(herd)
  const run = explained(whole, { which: number(5), all: true })
  const offer = run.events.find(({ row, kind }) => row === 1427 && kind === "offer")
  expect(offer).toMatchObject({
    avail: -1,
    threshold: 4,
    unsigned: true,
    woken: ["s10", "s6", "s7"],
    ended: "queue",
  })
  expect(offer?.text).toContain("avail = 8 - 7 - 4/2 = -1, to C 4294967295, is more than the threshold 4")
  const beside = explained(whole, {
    which: number(5),
    beside: choice("1.7-post-fix", ["offer-budget"]),
  })
  expect(beside.partWays?.part).toBe("offer-budget")
})

it("the crash: the walk that reaches a SPOE context", async () => {
  const run = explained(await tapeOf(crash), { which: entity("a5"), beside: choice("1.7-post-fix") })
  expect(run.wait.ending).toBe("undefined")
  expect(run.events.at(-1)).toMatchObject({ row: 11757, kind: "end" })
  expect(run.events.at(-1)?.text).toMatch(/reaches x15.*type confusion/)
  expect(run.events.at(-2)).toMatchObject({ kind: "offer", ended: "undefined" })
  expect(run.beside?.wait?.ending).toBe("served directly")
})

const folder = new URL("../fixtures/", import.meta.url).pathname
const fixtures = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/trace.csv`))

describe("every wait of every fixture", () => {
  it.each(fixtures)("%s: each sentence has a row, and the story is the wait's", async (name) => {
    const whole = await tapeOf(`${folder}${name}/trace.csv`)
    for (const fix of ["pre-fix", "post-fix"]) {
      const under = choice(`1.7-${fix}`)
      for (let n = 1; ; n++) {
        const found = explain(whole, { which: number(n), under, beside: choice("1.7-post-fix"), all: true })
        if ("_tag" in found) break
        const { wait, events } = found
        expect(events[0]).toMatchObject({
          kind: "attempt",
          entity: wait.requester,
          result: "fail",
          row: wait.beginRow,
        })
        expect(events.at(-1)).toMatchObject({ kind: "end", row: wait.endRow, result: wait.ending })
        expect(events.filter(({ kind }) => kind === "offer").length).toBe(wait.offerCount)
        expect(events.reduce((sum, { freed = [] }) => sum + freed.length, 0)).toBe(wait.freedCount)
        const wakes = events.filter(({ woken = [] }) => woken.includes(wait.waiter))
        expect(wakes.length).toBe(wait.wakeCount)
        const rows = events.map(({ row }) => row)
        expect(rows).toEqual(rows.toSorted((a, b) => a - b))
        for (const { text, timeUs } of events) expect([text.length > 5, timeUs >= 0]).toEqual([true, true])
      }
    }
  })
})

it("an explanation is the same, byte for byte, each time, and every line of it names its row", async () => {
  const whole = await tapeOf(starvation)
  const text = () => {
    const run = explained(whole, { which: entity("a2"), beside: choice("1.7-post-fix") })
    return explainText({ ...run, command: "wakediff explain" }, plain, 100)
  }
  expect(text()).toBe(text())
  const lines = text().split("\n")
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  expect(
    lines.filter((line) => /^ {2}row \d+( to \d+)? +\d+\.\d{3} ms {2}\S/.test(line)).length,
  ).toBeGreaterThan(20)
})

it("thousands of like events are folded", async () => {
  const whole = await tapeOf(recording("haproxy-1.7.0-lua-peers"))
  assert.isAbove(whole.rowCount, 100_000)
  const run = explained(whole, { which: entity("s47"), beside: choice("1.7-post-fix") })
  expect(run.events.length).toBeLessThan(20)
})

const first = ["--wait", "1"]
it.effect.each([
  [[starvation], /must know which wait.*--wait NUMBER, --entity ENTITY and --row ROW/],
  [[starvation, ...first, "--row", "2"], /--wait and --row may each name another wait/],
  [[starvation, "--entity", "a99"], /there is no a99; the applets are a1 to a14$/],
  [[starvation, "--entity", "\x1b[31m"], /there is no "\\x1b\[31m"; the streams are s1 to/],
  [
    [starvation, "--entity", "a3"],
    /a3 never waits under 1\.7-pre-fix; those that do: a2, a13, a4, .* and \d+ more$/,
  ],
  [[starvation, "--row", "60000"], /there is no row 60000; the trace has rows 0 to 59999$/],
  [
    [starvation, "--row", "5"],
    /waits? at row 5 under 1\.7-pre-fix\. The nearest after it is wait 1, a2 for req of s3/,
  ],
  [[herd, "--row", "38727"], /waits? at row 38727 .*The nearest before it is wait 125, s23/],
  [
    [starvation, "--wait", "145"],
    /no wait 145 under 1\.7-pre-fix; its waits are 1 to 144\. The nearest is wait 144, /,
  ],
  [[starvation, "--wait", "0"], /no wait 0 .*The nearest is wait 1, /],
  [
    [starvation, ...first, "--beside", "1.7-postfix"],
    /no semantics "1\.7-postfix"\. Did you mean 1\.7-post-fix\?/,
  ],
  [[starvation, ...first, "--without", "applet-runs"], /--without turns a part .* none is named/],
  [["traces", ...first], /takes one trace, and there are 1\d here/],
] as const)("what is not there is refused with what is nearest: %j", ([words, expected]) =>
  Effect.gen(function* () {
    const { out, err, code } = yield* wakediff("explain", ...words)
    expect([code, out]).toEqual([2, ""])
    expect(err).toMatch(expected)
  }),
)

it.effect("the command that it prints, and the one that diff points to, show the same wait", () =>
  Effect.gen(function* () {
    const diff = yield* wakediff("diff", starvation, "--most", "1")
    const line = diff.out.split("\n").find((text) => text.includes("wakediff explain"))!
    const words = line.trim().split(" ").slice(1)
    const { out, code } = yield* wakediff(...words)
    expect(code).toBe(0)
    expect(out).toMatch(/<SPOE> a2 waits for req of s3: starved/)
    expect(out.split("\n").at(-1)?.trim()).toBe(line.trim())
  }),
)
