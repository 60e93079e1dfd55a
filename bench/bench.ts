import * as fs from "node:fs"
import * as path from "node:path"
import { parseArgs } from "node:util"
import { comparisonText } from "./compare.ts"
import { readResults, writeResults } from "./results.ts"
import { runBench } from "./run.ts"
import { tableOf } from "./table.ts"

/** Measures everything that the README states about speed and memory; see README.md. */

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "2500000" },
    times: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    save: { type: "string" },
    compare: { type: "string" },
  },
})
const rowCount = Number(options.rows)
if (!Number.isInteger(rowCount) || rowCount < 1) throw new Error("--rows NUMBER")
if (!/^[1-9]\d*$/.test(options.times)) throw new Error("--times NUMBER")

// Read before minutes are spent: a file that is not there must not be found out at their end.
const older =
  options.compare === undefined ? undefined : readResults(fs.readFileSync(options.compare, "utf8"))

const say = (text: string): void => {
  if (process.stderr.isTTY && !options.json) process.stderr.write(`\r\u001b[K${text}`)
}
const results = runBench({
  rowCount,
  times: options.quick ? 1 : Number(options.times),
  date: new Date().toISOString(),
  say,
})
say("")

const latest = path.join(import.meta.dirname, "results/latest.json")
const save = options.save ?? (options.quick ? undefined : latest)
if (save !== undefined) {
  fs.mkdirSync(path.dirname(save), { recursive: true })
  fs.writeFileSync(save, writeResults(results))
}
console.log(options.json ? writeResults(results).trimEnd() : tableOf(results))
if (older !== undefined) console[options.json ? "error" : "log"](`\n${comparisonText(older, results)}`)
