/** What a backporter attaches to a merge says what was shown, says what was not, and can be shown again. */
import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Documents } from "../src/domain/documents.ts"
import { version } from "../src/cli/version.ts"
import { inertLog } from "../src/domain/text.ts"
import { program, recording, spawned, wakediff } from "./support/command.ts"
import { pageOf } from "./support/kind-judges.ts"
import { payloads } from "./support/views.ts"

type Signoff = Documents["signoff"]

const folder = mkdtempSync(join(tmpdir(), "wakediff-signoff-"))
afterAll(() => rmSync(folder, { recursive: true }))

const fixture = (name: string): string => `fixtures/${name}/trace.csv`

const signed = (...words: ReadonlyArray<string>) =>
  Effect.map(wakediff("signoff", "--json", ...words), ({ out, code }) => ({
    code,
    document: JSON.parse(out) as Signoff,
  }))

/** The words of a command line, as a shell takes them apart. */
const wordsOf = (command: string): ReadonlyArray<string> =>
  execFileSync("bash", ["-c", `wakediff() { printf '%s\\0' "$@"; }; ${command}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1)

const sha256sum = (path: string): string =>
  execFileSync("sha256sum", ["--", path], { encoding: "utf8" }).replace(/^\\/, "").slice(0, 64)

describe("the page", () => {
  it.effect.each([
    ["conforms", 0, ["--against", "1.7-post-fix", fixture("herd"), fixture("shrunk-herd")]],
    ["deviates", 1, ["--against", "1.7-post-fix", fixture("herd"), fixture("parked-applet")]],
    ["crash", 0, ["--against", "1.7-pre-fix", fixture("type-confusion")]],
  ] as const)("%s", ([name, expected, words]) =>
    Effect.gen(function* () {
      const page = join(folder, `${name}.md`)
      const { code } = yield* wakediff("signoff", ...words, "--report", `markdown=${page}`)
      expect(code).toBe(expected)
      const text = readFileSync(page, "utf8").replaceAll(version, "VERSION")
      yield* Effect.promise(() => expect(text).toMatchFileSnapshot(`golden/signoff-${name}.md`))
    }),
  )
})

describe("the verdict over all traces", () => {
  const whole = recording("backport-1.6-stats-page")
  const partial = recording("partial-applet-still-parked")

  it.effect("a backport conforms, and nothing more is claimed than was shown", () =>
    Effect.gen(function* () {
      const { code, document } = yield* signed("--against", "1.6-post-fix", whole)
      expect(code).toBe(0)
      expect(document.together.verdict).toBe("conforms")
      const { out } = yield* wakediff("signoff", "--against", "1.6-post-fix", whole)
      const confirmed = document.together.parts.filter(({ confirmedBy }) => confirmedBy.length > 0).length
      expect(confirmed).toBeGreaterThan(0)
      expect(out).toContain(
        `signed off: 1 trace conforms to 1.6-post-fix; ${confirmed} of 13 parts confirmed, ${13 - confirmed} not exercised`,
      )
      for (const { part, workload } of document.together.parts) {
        expect(out).toContain(part)
        expect(workload).not.toBe("")
      }
    }),
  )

  it.effect("a partial backport fails, and the hunk is named", () =>
    Effect.gen(function* () {
      const { code, document } = yield* signed(
        "--against",
        "1.7-post-fix",
        recording("postfix-stats-page"),
        partial,
      )
      expect([code, document.together.verdict]).toEqual([1, "deviates"])
      const parked = document.together.parts.find(({ part }) => part === "applet-runs")
      expect(parked?.contradictedBy).toEqual([partial])
      const { out } = yield* wakediff("signoff", "--against", "1.7-post-fix", partial)
      expect(out).toContain("not signed off: the trace deviates from 1.7-post-fix")
    }),
  )

  it.effect("a gap that is declared is signed off as what it is", () =>
    Effect.gen(function* () {
      const words = ["--against", "1.7-post-fix", "--without", "applet-runs", partial]
      const { code, document } = yield* signed(...words)
      expect([code, document.together.verdict, document.without]).toEqual([0, "conforms", ["applet-runs"]])
      expect(document.runs[0]!.diff.to).toBe("1.7-post-fix without applet-runs")
      const { out } = yield* wakediff("signoff", ...words)
      expect(out).toContain("signed off: 1 trace conforms to 1.7-post-fix without applet-runs;")
    }),
  )

  it.effect("a trace that could not be read leaves the verdict open", () =>
    Effect.gen(function* () {
      const { code, document } = yield* signed("--against", "1.7-post-fix", fixture("herd"), "missing.csv")
      expect([code, document.together.verdict]).toEqual([3, "inconclusive"])
      expect(document.together.counts).toEqual({ conforms: 1, deviates: 0, inconclusive: 0, refused: 1 })
      const { out } = yield* wakediff("signoff", "--against", "1.7-post-fix", fixture("herd"), "missing.csv")
      expect(out).toContain("not signed off: 1 could not be read;")
    }),
  )

  it.effect("nothing that could be read, nothing signed off", () =>
    Effect.gen(function* () {
      const page = join(folder, "nothing.md")
      const { code } = yield* wakediff(
        "signoff",
        "--against",
        "1.7-post-fix",
        "missing.csv",
        "--report",
        `markdown=${page}`,
      )
      expect(code).toBe(3)
      expect(readFileSync(page, "utf8")).toContain("not signed off: 1 could not be read")
    }),
  )

  it.effect("a trace without outcome rows is inconclusive", () =>
    Effect.gen(function* () {
      const path = join(folder, "bare.csv")
      const text = readFileSync(fixture("herd"), "utf8")
      writeFileSync(path, text.slice(0, text.indexOf("\n0,") + 1))
      const { code, document } = yield* signed("--against", "1.7-post-fix", path)
      expect([code, document.together.verdict]).toEqual([4, "inconclusive"])
    }),
  )
})

describe("what a trace is", () => {
  it.effect("hashes are sha256sum's, of plain, gzip and torn files", () =>
    Effect.gen(function* () {
      const torn = join(folder, "torn.csv")
      writeFileSync(torn, readFileSync(fixture("herd")).subarray(0, -3))
      const paths = [fixture("herd"), recording("postfix-stats-page"), torn]
      const { document } = yield* signed("--against", "1.7-post-fix", "--allow-torn", ...paths)
      expect(document.runs.map(({ sha256 }) => sha256)).toEqual(paths.map(sha256sum))
      expect(document.runs.map(({ tornLine }) => tornLine)).toEqual([null, null, 59])
    }),
  )

  it("of standard input: of what was read", async () => {
    const path = recording("postfix-stats-page")
    const words = ["signoff", "--against", "1.7-post-fix", "--json", "-"]
    const { out, code } = await spawned([...program, ...words], { input: readFileSync(path) })
    expect(code).toBe(0)
    expect((JSON.parse(out) as Signoff).runs[0]!.sha256).toBe(sha256sum(path))
  })

  it.effect("claims are the preamble's, and doubts say where they don't fit", () =>
    Effect.gen(function* () {
      const copy = join(folder, "copy.csv")
      copyFileSync(fixture("herd"), copy)
      const paths = [fixture("herd"), copy, recording("postfix-stats-page")]
      const { document } = yield* signed("--against", "1.6-post-fix", ...paths)
      expect(document.runs[2]!.claims).toContainEqual({
        key: "commit",
        value: "a73e59b6901a164d19b1145e8511602d9814f28f",
      })
      expect(document.together.doubts).toEqual([
        expect.stringContaining(`${fixture("herd")} claims to be of HAProxy`),
        expect.stringContaining(`${copy} claims to be of HAProxy`),
        expect.stringContaining(`${recording("postfix-stats-page")} claims to be of HAProxy 1.8-dev0`),
        "the traces claim to be of 2 builds: a73e59b6901a164d19b1145e8511602d9814f28f, no commit",
        `${copy} is the same recording as ${fixture("herd")}`,
      ])
    }),
  )
})

const rowOf = ({ first, undefined: reached }: Documents["verify"]["runs"][number]): number =>
  first?.row ?? reached?.row ?? Number.POSITIVE_INFINITY

const again = <Kind extends keyof Documents>(command: string) =>
  Effect.map(wakediff(...wordsOf(command), "--json"), ({ out, code }) => ({
    code,
    document: JSON.parse(out) as Documents[Kind],
  }))

describe("every line can be shown again", () => {
  it.effect.each([
    ["1.6-post-fix", recording("backport-1.6-stats-page")],
    ["1.7-post-fix", recording("partial-notify-still-releases")],
    ["1.7-pre-fix", fixture("shrunk-crash")],
    ["1.7-pre-fix", fixture("parked-applet")],
  ] as const)("%s, %s", ([against, trace]) =>
    Effect.gen(function* () {
      const { code, document } = yield* signed("--against", against, trace)
      const [run] = document.runs
      const verified = yield* again<"verify">(run!.verify.command)
      expect(verified.document.runs).toEqual([run!.verify])
      const diffed = yield* again<"diff">(run!.diff.command)
      expect(diffed.document.runs[0]!.waits).toEqual(run!.diff.waits)
      const signedAgain = yield* again<"signoff">(document.together.command)
      expect([signedAgain.code, signedAgain.document]).toEqual([code, document])
      const base = rowOf(run!.verify)
      expect(run!.parts.length).toBeGreaterThan(10)
      for (const { part, status, row, command } of run!.parts) {
        const turned = rowOf((yield* again<"verify">(command)).document.runs[0]!)
        if (status === "confirmed") expect([part, turned]).toEqual([part, row])
        if (status === "contradicted") expect(turned).toBeGreaterThan(base)
        if (status === "not exercised") expect(turned).toBeGreaterThanOrEqual(base)
      }
    }),
  )
})

/** A page, and what is printed, of a trace that is called, and says, this. */
const told = (payload: string) =>
  Effect.gen(function* () {
    const place = mkdtempSync(join(folder, "hostile-"))
    const path = join(place, `${payload.slice(0, 60).replaceAll("/", "_")}.csv`)
    const text = readFileSync(fixture("herd"), "utf8")
    const claims = `# commit: ${payload.slice(0, 500)}\n# workload: ${payload.slice(0, 500)}`
    writeFileSync(
      path,
      text.replace(/^# workload: .*/m, () => claims),
    )
    const page = join(place, "page.md")
    const ran = yield* wakediff("signoff", "--against", "1.7-post-fix", path, "--report", `markdown=${page}`)
    return { ...ran, path, page: readFileSync(page, "utf8") }
  })

describe("hostile preambles and file names are inert", () => {
  // A line break ends a preamble's line, and no file name holds NUL or half a character.
  const possible = Object.entries(payloads).filter(([, text]) => !/[\n\r\0\p{Cs}]/u.test(text) && text !== "")

  it.effect.each(possible)("%s", ([, payload]) =>
    Effect.gen(function* () {
      const { out, err, code, path, page } = yield* told(payload)
      expect([code, err]).toEqual([0, ""])
      expect(out + page).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      expect(inertLog(out)).toBe(out)
      expect(pageOf(page).tags).toEqual(pageOf((yield* told("tame")).page).tags)
      const { document } = yield* signed("--against", "1.7-post-fix", path)
      expect(wordsOf(document.runs[0]!.verify.command).at(-1)).toBe(path)
    }),
  )
})
