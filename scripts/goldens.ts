/**
 * What every report kind makes of every trace, kept in fixtures/goldens/: whole where the trace is a small one of fixtures/, as a
 * digest where it is a recording. `node scripts/goldens.ts` writes them anew; `node scripts/goldens.ts DIR` writes the reports behind
 * the digests to a folder, so that two versions can be compared.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { Effect, Schema, type Stream } from "effect"
import { diagnoseRun } from "../src/analysis/diagnose/run.ts"
import { diagnose, type Diagnosis } from "../src/analysis/diagnose/diagnose.ts"
import { diffRun } from "../src/analysis/diff-run.ts"
import { choicesOf, diff } from "../src/analysis/diff.ts"
import { recorded, recordedAfter, type Recorded } from "../src/analysis/timeline/recorded.ts"
import { verifyRun } from "../src/analysis/verify-run.ts"
import { verify } from "../src/analysis/verify.ts"
import { commandAgain } from "../src/cli/reading.ts"
import { notes } from "../src/cli/view.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import { documents } from "../src/domain/documents.ts"
import type { BadTrace } from "../src/domain/errors.ts"
import { page } from "../src/reports/html/page.ts"
import { reportKinds, type Rendered } from "../src/reports/kinds.ts"
import type { ReportView } from "../src/reports/view.ts"
import { viewOf } from "../src/reports/views.ts"
import { choose, isChoiceFailure } from "../src/semantics/semantics.ts"
import { readTrace } from "../src/traces/read.ts"

const root = new URL("../", import.meta.url)
const folder = new URL("fixtures/goldens/", root)

type Golden = "verify" | "diff" | "diagnose"
export const goldenCommands: ReadonlyArray<Golden> = ["verify", "diff", "diagnose"]

type Batches = Stream.Stream<RowBatch, BadTrace>
const reading = { allowTorn: false, maxInflatedBytes: undefined }

/** A run with its timeline, as the command makes it. `trace`: its path from the project's folder. */
const runOf = (command: Golden, trace: string, batches: Batches) => {
  const again = (words: ReadonlyArray<string>) => commandAgain(command, words, reading, trace)
  const explaining = (words: ReadonlyArray<string>) => commandAgain("explain", words, reading, trace)
  switch (command) {
    case "verify": {
      const choice = choose("1.7-post-fix")
      if (isChoiceFailure(choice)) throw new Error(choice._tag)
      return recorded(batches, { choices: () => [choice], explaining }, (rows) =>
        Effect.map(verify(rows, choice), (found) => verifyRun(found, again(["--against", "1.7-post-fix"]))),
      )
    }
    case "diff":
      return recorded(batches, { choices: (head) => choicesOf(head, {}), explaining }, (rows) =>
        Effect.map(diff(rows), (found) => diffRun(found, again, ["regressed", "starved"])),
      )
    case "diagnose":
      return Effect.map(
        recordedAfter(batches, { choices: ({ best }: Diagnosis) => [best.choice], explaining }, (rows) =>
          diagnose(rows),
        ),
        ({ found, timeline }) => ({ found: diagnoseRun(found, again([])), timeline }),
      )
  }
}

/** The view of one trace's run. */
export const goldenView = async (
  command: Golden,
  trace: string,
  batches: Batches = readTrace(new URL(trace, root).pathname),
): Promise<ReportView> => {
  const analysis: Effect.Effect<Recorded<object>, BadTrace> = runOf(command, trace, batches)
  const { found, timeline } = await Effect.runPromise(analysis)
  const run = { ...found, trace, timeline }
  const together = command === "diagnose" ? { together: null } : {}
  const document = { schema: `wakediff/${command}/1`, runs: [run], ...together, refused: [] }
  const encoded = Schema.encodeUnknownSync(documents[command] as Schema.Codec<unknown, unknown>)(document)
  return viewOf(command, encoded as never, { version: "0.0.0", notes })
}

/** The page without its script and style, which are built. */
const bareAssets = { script: "", style: "", policy: "" }

/** Every kind's report of a view, by the kind's file extension and name. */
export const goldenReports = async (view: ReportView): Promise<ReadonlyMap<string, Rendered>> => {
  const all = new Map<string, Rendered>()
  for (const { name, extension, load } of reportKinds) {
    const rendered = name === "html" ? { file: page(view, bareAssets) } : (await load())(view)
    all.set(`${name}.${extension}`, rendered)
  }
  return all
}

const textOf = ({ file, log }: Rendered): string => (log === undefined ? file : `${file}\n${log}`)
const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

export const recordings = readdirSync(new URL("traces/", root))
  .filter((name) => /\.csv(\.gz)?$/.test(name))
  .toSorted()
export const fixtures = ["shrunk-starvation", "shrunk-crash", "shrunk-herd"]

/** A recording's digests, by `COMMAND KIND.EXTENSION`. */
export const digestsOf = async (recording: string): Promise<Readonly<Record<string, string>>> => {
  const digests: Record<string, string> = {}
  for (const command of goldenCommands) {
    const reports = await goldenReports(await goldenView(command, `traces/${recording}`))
    for (const [name, rendered] of reports) digests[`${command} ${name}`] = digestOf(textOf(rendered))
  }
  return digests
}

/** Kinds whose reports of a small trace are kept whole: those that a person can read. */
const readable = /^(markdown|junit|github|sarif)\./

/** A fixture's reports, by file name. */
export const textsOf = async (fixture: string): Promise<ReadonlyMap<string, string>> => {
  const texts = new Map<string, string>()
  for (const command of goldenCommands) {
    const reports = await goldenReports(await goldenView(command, `fixtures/${fixture}/trace.csv`))
    for (const [name, rendered] of reports)
      if (readable.test(name)) texts.set(`${fixture}.${command}.${name}`, textOf(rendered))
  }
  return texts
}

const digestsFile = new URL("digests.json", folder)

export const keptDigests = (): Readonly<Record<string, Readonly<Record<string, string>>>> =>
  JSON.parse(readFileSync(digestsFile, "utf8"))

export const keptTexts = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((name) => name !== "digests.json")
      .map((name) => [name, readFileSync(new URL(name, folder), "utf8")]),
  )

const writeGoldens = async (): Promise<void> => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const digests: Record<string, Readonly<Record<string, string>>> = {}
  for (const recording of recordings) digests[recording] = await digestsOf(recording)
  writeFileSync(digestsFile, `${JSON.stringify(digests, null, 2)}\n`)
  for (const fixture of fixtures)
    for (const [name, text] of await textsOf(fixture)) writeFileSync(new URL(name, folder), text)
}

/** The reports behind the digests. */
const writeReports = async (target: string): Promise<void> => {
  if (!existsSync(target)) mkdirSync(target, { recursive: true })
  for (const recording of recordings) {
    for (const command of goldenCommands) {
      const reports = await goldenReports(await goldenView(command, `traces/${recording}`))
      for (const [name, rendered] of reports)
        writeFileSync(`${target}/${recording}.${command}.${name}`, textOf(rendered))
    }
  }
}

if (import.meta.main) {
  const [target] = process.argv.slice(2)
  await (target === undefined ? writeGoldens() : writeReports(target))
}
