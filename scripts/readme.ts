/**
 * Writes the parts of README.md that are made from something else, between their markers: the tables of the registry and of
 * the predictions, and what the commands really print.
 *
 *     node scripts/readme.ts          writes them
 *     node scripts/readme.ts --check  fails when they are not up to date
 */
import { Effect, type Stream } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { diffRun } from "../src/analysis/diff-run.ts"
import { diff } from "../src/analysis/diff.ts"
import { explain } from "../src/analysis/explain/explain.ts"
import { tape } from "../src/analysis/tape.ts"
import { verifyRun } from "../src/analysis/verify-run.ts"
import { verify } from "../src/analysis/verify.ts"
import { notes } from "../src/cli/view.ts"
import type { RowBatch } from "../src/domain/batch.ts"
import type { BadTrace } from "../src/domain/errors.ts"
import { plain } from "../src/domain/style.ts"
import { commandLine } from "../src/domain/text.ts"
import { diffText } from "../src/reports/diff-text.ts"
import { explainText } from "../src/reports/explain-text.ts"
import { reportKinds } from "../src/reports/kinds.ts"
import { verifyText } from "../src/reports/verify-text.ts"
import { choose, isChoiceFailure } from "../src/semantics/semantics.ts"
import { semanticsMarkdown } from "../src/semantics/table.ts"
import { readTrace } from "../src/traces/read.ts"
import { confusionMarkdown } from "./confusion.ts"
import { predictionMarkdown } from "./prediction.ts"

const root = join(import.meta.dirname, "..")
export const readmeFile = join(root, "README.md")

/** A trace of the project, under the name that a user in the project's folder gives it. */
const trace = (name: string): Stream.Stream<RowBatch, BadTrace> => readTrace(join(root, name))

const session = (command: string, output: string): string =>
  ["```console", `$ npx ${command}`, output, "```"].join("\n")

const diffExample = (): Promise<string> => {
  const name = "traces/haproxy-1.7.0-spoe-starvation.csv.gz"
  const again = (words: ReadonlyArray<string>) => commandLine(["wakediff", "diff", ...words, name])
  return Effect.runPromise(
    Effect.map(diff(trace(name)), (difference) => {
      const run = diffRun({ ...difference, trace: name }, again)
      return session(`wakediff diff ${name} --most 1`, diffText(run, plain, 1))
    }),
  )
}

const verifyExample = (): Promise<string> => {
  const name = "traces/partial-notify-still-releases.csv.gz"
  const choice = choose("1.7-post-fix")
  if (isChoiceFailure(choice)) throw new Error(choice._tag)
  const again = commandLine(["wakediff", "verify", "--against", "1.7-post-fix", name])
  return Effect.runPromise(
    Effect.map(verify(trace(name), choice), (verification) => {
      const run = verifyRun({ ...verification, trace: name }, again)
      return session(`wakediff verify ${name} --against 1.7-post-fix`, verifyText(run, notes, plain, 100))
    }),
  )
}

const explainExample = (): Promise<string> => {
  const name = "traces/haproxy-1.7.0-spoe-starvation.csv.gz"
  const command = commandLine(["wakediff", "explain", "--entity", "a2", name])
  return Effect.runPromise(
    Effect.map(tape(trace(name)), (whole) => {
      const explanation = explain(whole, { which: { by: "entity", id: "a2" } })
      if ("_tag" in explanation) throw explanation
      const text = explainText({ ...explanation, trace: name, command }, plain, 100)
      return session(`wakediff explain ${name} --entity a2`, text)
    }),
  )
}

const reportKindsTable = (): string =>
  [
    "| kind | what it is |",
    "| --- | --- |",
    ...reportKinds.map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`),
  ].join("\n")

/** What stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
const blocks: ReadonlyArray<{ readonly name: string; readonly text: () => string | Promise<string> }> = [
  { name: "diff-example", text: diffExample },
  { name: "verify-example", text: verifyExample },
  { name: "explain-example", text: explainExample },
  { name: "report-kinds", text: reportKindsTable },
  { name: "semantics", text: semanticsMarkdown },
  { name: "prediction", text: predictionMarkdown },
  { name: "confusion", text: confusionMarkdown },
]
export const blockNames: ReadonlyArray<string> = blocks.map(({ name }) => name)

/** Each generated text by its block's name. */
export const texts = async (): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all(blocks.map(async ({ name, text }) => [name, await text()] as const)))

/** The same README with its blocks up to date. Each marker must be there once, on a line of its own. */
export const withBlocks = (readme: string, fresh: ReadonlyMap<string, string>): string => {
  let lines = readme.split("\n")
  for (const [name, text] of fresh) {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
    for (const marker of [begin, end]) {
      const count = lines.filter((line) => line === marker).length
      if (count !== 1)
        throw new Error(`README.md must have the line ${marker} once, and has it ${count} times`)
    }
    const [from, to] = [lines.indexOf(begin), lines.indexOf(end)]
    if (to < from) throw new Error(`README.md has ${end} before ${begin}`)
    // Prettier would pad the cells of the tables to hundreds of characters.
    const block = ["", "<!-- prettier-ignore-start -->", "", text, "", "<!-- prettier-ignore-end -->", ""]
    lines = [...lines.slice(0, from + 1), ...block.join("\n").split("\n"), ...lines.slice(to)]
  }
  return lines.join("\n")
}

if (import.meta.main) {
  const readme = readFileSync(readmeFile, "utf8")
  const fresh = withBlocks(readme, await texts())
  if (!process.argv.includes("--check")) {
    if (fresh !== readme) writeFileSync(readmeFile, fresh)
  } else if (fresh !== readme) {
    console.error("README.md is not up to date: run node scripts/readme.ts")
    process.exitCode = 1
  }
}
