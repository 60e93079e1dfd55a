import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { Verifier } from "../src/replay/verifier.ts"
import { semanticsNamed } from "../src/semantics/semantics.ts"
import { CsvDecoder } from "../src/traces/csv-decoder.ts"

/**
 * A recording may begin in the middle of a process's life: buffers are in use and tasks in the run queue, and the trace does
 * not say whose. Cut where the wait queue is empty, between two runs and with no applet ready, it conforms as the whole does.
 */
const cutAnywhere = (name: string, semantics: string, every: number): number => {
  const packed = readFileSync(new URL(`../traces/${name}.csv.gz`, import.meta.url))
  const lines = gunzipSync(packed).toString("utf8").trimEnd().split("\n")
  const header = lines.findIndex((line) => line.startsWith("seq,"))
  const queued = new Set<string>()
  let running = false
  let cuts = 0
  for (let at = header + 1; at < lines.length - 100; at++) {
    const [, , event, entity] = lines[at]!.split(",")
    if (event === "enqueue") queued.add(entity!)
    if (event === "dequeue" || event === "wake") queued.delete(entity!)
    if (event === "task_run" || event === "applet_run") running = true
    if (event === "task_done" || event === "applet_done") running = false
    const next = lines[at + 1]!.split(",")
    const calm = queued.size === 0 && !running && next[5] !== "offer" && next[16] === "0"
    // The counters of these rows are those before their effect: the cut's own.
    if (at % every !== 0 || !calm || (next[2] !== "release" && next[2] !== "task_wakeup")) continue
    cuts++
    const counters: Readonly<Record<string, string>> = {
      "# pool.allocated": next[13]!,
      "# pool.used": next[14]!,
      "# run_queue.tasks": next[15]!,
    }
    const head = lines.slice(0, header + 1).map((line) => {
      const key = line.slice(0, line.indexOf(":"))
      return counters[key] === undefined ? line : `${key}: ${counters[key]}`
    })
    const rows = lines.slice(at + 1, at + 3000).map((line, seq) => `${seq}${line.slice(line.indexOf(","))}`)
    const decoder = new CsvDecoder(name, { allowTorn: false })
    const batches = decoder.push(Buffer.from(`${[...head, ...rows].join("\n")}\n`))
    const verifier = new Verifier(
      batches[0]!.head.preamble,
      semanticsNamed(semantics)!.after,
      batches[0]!.head.entities,
    )
    for (const batch of batches) verifier.run(batch)
    assert.strictEqual(
      verifier.deviationCount,
      0,
      `${name} from row ${at - header}: ${JSON.stringify(verifier.first)}`,
    )
  }
  return cuts
}

it.each([
  ["postfix-spoe-mixed", "1.7-post-fix"],
  ["postfix-stats-page", "1.7-post-fix"],
  ["haproxy-1.7.0-stats-page", "1.7-pre-fix"],
  ["haproxy-1.7.0-lua-peers", "1.7-pre-fix"],
] as const)("%s, cut from the middle, conforms", (name, semantics) => {
  assert.isAbove(cutAnywhere(name, semantics, 211), 5)
})
