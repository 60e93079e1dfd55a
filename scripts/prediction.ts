/**
 * How well a replay predicts: what the recording before the fix says of the process after it, beside the recording of the
 * same workload after the fix. Both tables of the README's chapter come from here.
 */
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { diff, type Difference } from "../src/analysis/diff.ts"
import { entityKinds } from "../src/domain/vocabulary.ts"
import { endingNames } from "../src/domain/wait.ts"
import { share } from "../src/reports/layout.ts"
import { table } from "../src/reports/markdown.ts"
import { readTrace } from "../src/traces/read.ts"

interface Pair {
  readonly before: string
  readonly after: string
  /** How far the wakes of several recordings of this workload are apart; null where only orders of magnitude are known. */
  readonly wakeSpread: number | null
}

export interface Prediction {
  readonly pair: Pair
  readonly fidelity: number
  readonly predicted: Difference
  readonly recorded: Difference
  /** Counts side by side: what, before the fix, predicted, recorded after it. */
  readonly rows: ReadonlyArray<readonly [what: string, before: number, predicted: number, recorded: number]>
}

const folder = new URL("../traces/", import.meta.url)
export const pairs: ReadonlyArray<Pair> = (
  JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as {
    readonly pairs: ReadonlyArray<Pair>
  }
).pairs

/** What the fix changes in a trace, in the branch that it names. */
const replay = (trace: string): Promise<Difference> =>
  Effect.runPromise(diff(readTrace(new URL(trace, folder).pathname)))

export const predict = async (pair: Pair): Promise<Prediction> => {
  const [predicted, recorded] = [await replay(pair.before), await replay(pair.after)]
  const rows: Array<readonly [string, number, number, number]> = []
  for (const { name } of entityKinds) {
    for (const ending of endingNames) {
      const counts = [
        predicted.byKind[name].from[ending],
        predicted.byKind[name].to[ending],
        recorded.byKind[name].to[ending],
      ] as const
      if (counts.some((count) => count > 0)) rows.push([`waits: ${name}, ${ending}`, ...counts])
    }
  }
  rows.push(["wakes", predicted.from.wakes.total, predicted.to.wakes.total, recorded.to.wakes.total])
  return { pair, fidelity: predicted.to.fidelity, predicted, recorded, rows }
}

const signed = (difference: number): string => (difference > 0 ? `+${difference}` : `${difference}`)

const one = ({ pair, fidelity, rows }: Prediction): string =>
  [
    `\`${pair.before}\` predicts \`${pair.after}\`, fidelity ${share(fidelity)}:`,
    table(
      ["", "before the fix", "predicted after it", "recorded after it", "error", "spread"],
      rows.map(([what, before, predicted, recorded]) => [
        what,
        `${before}`,
        `${predicted}`,
        `${recorded}`,
        signed(predicted - recorded),
        what === "wakes" ? (pair.wakeSpread === null ? "a thousandfold" : `${pair.wakeSpread}`) : "",
      ]),
    ),
  ].join("\n\n")

/** The README's block. */
export const predictionMarkdown = async (): Promise<string> => {
  const blocks: Array<string> = []
  for (const pair of pairs) blocks.push(one(await predict(pair)))
  return blocks.join("\n\n")
}

if (import.meta.main) console.log(await predictionMarkdown())
