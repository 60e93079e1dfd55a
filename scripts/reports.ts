/**
 * The reports of traces/, kept in reports/: the diff of every trace as JSON and as Markdown. Without arguments they are
 * written anew; with `--check` they are compared, and what differs, is missing or is left over fails.
 */
import { Effect, Schema } from "effect"
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { diffRun } from "../src/analysis/diff-run.ts"
import { diff } from "../src/analysis/diff.ts"
import { documents, type DiffRun } from "../src/domain/documents.ts"
import { commandLine } from "../src/domain/text.ts"
import { diffMarkdown } from "../src/reports/diff-markdown.ts"
import { escaped, table } from "../src/reports/markdown.ts"
import { readTrace } from "../src/traces/read.ts"

const root = new URL("../", import.meta.url)
const folder = new URL("reports/", root)

/** What a report of a trace is called: the trace's name without its ending. */
const stem = (trace: string): string => trace.replace(/\.csv(\.gz)?$/, "")

const runOf = (trace: string): Promise<DiffRun> => {
  const name = `traces/${trace}`
  const again = (words: ReadonlyArray<string>) => commandLine(["wakediff", "diff", ...words, name])
  return Effect.runPromise(
    diff(readTrace(new URL(name, root).pathname)).pipe(
      Effect.map((difference) => diffRun({ ...difference, trace: name }, again)),
    ),
  )
}

const json = (run: DiffRun): string => {
  const document = { schema: "wakediff/diff/1", runs: [run], refused: [] } as const
  return `${JSON.stringify(Schema.encodeSync(documents.diff)(document), null, 2)}\n`
}

const index = (runs: ReadonlyMap<string, DiffRun>): string =>
  [
    "# What the fix changes in each recording",
    "Written by `npm run reports`; CI compares. Fidelity says how much of a replay is the recording itself.",
    table(
      ["recording", "fidelity before the fix", "after it", "waits", "starved or undefined", "wakes", "herd"],
      [...runs].map(([trace, run]) => [
        `[${escaped(stem(trace))}](${stem(trace)}.md)`,
        run.fidelity.from.toFixed(4),
        run.fidelity.to.toFixed(4),
        both(total(run.waits.from), total(run.waits.to)),
        both(
          run.waits.from.starved + run.waits.from.undefined,
          run.waits.to.starved + run.waits.to.undefined,
        ),
        both(run.wakes.from.total, run.wakes.to.total),
        both(run.wakes.from.herd, run.wakes.to.herd),
      ]),
    ),
  ].join("\n\n") + "\n"

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0)
const both = (from: number, to: number): string => (from === to ? `${from}` : `${from} → ${to}`)

/** Every report by its file's name. */
export const freshReports = async (): Promise<ReadonlyMap<string, string>> => {
  const traces = readdirSync(new URL("traces/", root)).filter((name) => /\.csv(\.gz)?$/.test(name))
  const runs = new Map<string, DiffRun>()
  for (const trace of traces.toSorted()) runs.set(trace, await runOf(trace))
  const files = new Map<string, string>()
  for (const [trace, run] of runs) {
    files.set(`${stem(trace)}.json`, json(run))
    files.set(`${stem(trace)}.md`, diffMarkdown(run))
  }
  return files.set("README.md", index(runs))
}

/** The kept reports, by their file's name. */
export const keptReports = (): ReadonlyMap<string, string> =>
  new Map(
    (existsSync(folder) ? readdirSync(folder) : []).map((name) => [
      name,
      readFileSync(new URL(name, folder), "utf8"),
    ]),
  )

/** What is wrong with kept reports, beside fresh ones: what has changed, is missing, or belongs to no trace. */
export const compareReports = (
  kept: ReadonlyMap<string, string>,
  fresh: ReadonlyMap<string, string>,
): ReadonlyArray<string> => {
  const problems: Array<string> = []
  for (const [name, text] of fresh) {
    const known = kept.get(name)
    if (known === undefined) problems.push(`reports/${name} is missing`)
    else if (known !== text) problems.push(`reports/${name} has changed`)
  }
  for (const name of kept.keys()) if (!fresh.has(name)) problems.push(`reports/${name} belongs to no trace`)
  return problems
}

const write = (files: ReadonlyMap<string, string>): void => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, text] of files) writeFileSync(new URL(name, folder), text)
}

if (import.meta.main) {
  const fresh = await freshReports()
  if (process.argv.includes("--check")) {
    const problems = compareReports(keptReports(), fresh)
    for (const problem of problems) console.error(problem)
    const said =
      problems.length === 0
        ? `${fresh.size} reports are as they were`
        : "run npm run reports, and look at the diff"
    console.log(said)
    process.exitCode = problems.length === 0 ? 0 : 1
  } else {
    write(fresh)
    console.log(`${fresh.size} reports written`)
  }
}
