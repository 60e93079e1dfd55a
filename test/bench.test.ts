/** The bench's arithmetic, on made-up numbers: what it measures is not for tests. */
import { tableFromIPC } from "apache-arrow"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { assert, describe, it } from "vitest"
import { comparisonText, differences, movesBetween } from "../bench/compare.ts"
import { benchInput } from "../bench/input.ts"
import { median, readResults, writeResults, type Results, type StageResult } from "../bench/results.ts"
import { stages } from "../bench/stages.ts"
import { wholeNames } from "../bench/stages/whole.ts"
import { tableOf } from "../bench/table.ts"
import { targetsOf } from "../bench/targets.ts"
import { csvOf, decodeParquet } from "./support/parquet.ts"

const stage = (name: string, rowsPerSecond: number, spread: number): StageResult => ({
  name,
  rowsPerSecond,
  spread,
  megabytesPerSecond: null,
  peakMegabytes: 100,
  of: null,
  ratio: null,
})

const run = (...list: ReadonlyArray<StageResult>): Results => ({
  date: "2026-11-23T22:00:00.000Z",
  machine: "a machine",
  node: "v24",
  rowCount: 1000,
  times: 5,
  stages: list,
  long: { rowCount: 4000, rowsPerSecond: 1e6, peakMegabytes: 100 },
  startUp: { help: 50, node: 25 },
  targets: [],
  leftOut: [],
})

describe("--compare", () => {
  const cases = [
    { what: "beyond both spreads", before: [100, 0.05], now: [120, 0.05], change: "faster" },
    { what: "beyond both spreads, downwards", before: [100, 0.05], now: [80, 0.05], change: "slower" },
    { what: "within the older spread", before: [100, 0.3], now: [120, 0.01], change: "same" },
    { what: "within the newer spread", before: [100, 0.01], now: [120, 0.3], change: "same" },
    // A spread is in parts of its own median: 0.18 of 120 is 21.6, 0.18 of 100 would be less than the 20 between them.
    { what: "within the newer spread by its own median", before: [100, 0], now: [120, 0.18], change: "same" },
    { what: "just as far apart as the noise", before: [100, 0.25], now: [125, 0], change: "same" },
    { what: "not at all", before: [100, 0], now: [100, 0], change: "same" },
  ] as const

  it.each(cases)("medians apart $what: $change", ({ before, now, change }) => {
    const [move] = movesBetween(run(stage("x", before[0], before[1])), run(stage("x", now[0], now[1])))
    assert.strictEqual(move?.change, change)
  })

  it("names stages that are new or gone", () => {
    const moves = movesBetween(run(stage("old", 1, 0)), run(stage("young", 1, 0)))
    assert.deepStrictEqual(
      moves.map(({ name, change }) => `${name} ${change}`),
      ["young new", "old gone"],
    )
  })

  it("says what keeps two runs from being held against each other", () => {
    const one = run()
    assert.deepStrictEqual(differences(one, one), [])
    assert.deepStrictEqual(differences(one, { ...one, node: "v26", rowCount: 5, times: 1 }), [
      "another node: v24 before, v26 now",
      "another rowCount: 1000 before, 5 now",
      "fewer than three runs: their spread says little",
    ])
  })

  it("tells what has moved, and how many have not", () => {
    const older = run(stage("x", 100, 0.1), stage("y", 100, 0.1))
    assert.strictEqual(
      comparisonText(older, run(stage("x", 150, 0.1), stage("y", 101, 0.1))),
      [
        "since 2026-11-23T22:00:00.000Z:",
        "faster: x, +50 % rows/s, noise 15 %",
        "1 of 2 stages are within the noise",
      ].join("\n"),
    )
  })
})

describe("results", () => {
  it("are read as they were written, and nothing else is", () => {
    const results = run(stage("x", 1, 0))
    assert.deepStrictEqual(readResults(writeResults(results)), results)
    assert.throws(() => readResults("{}"), /date/)
    assert.throws(() => readResults("no JSON"))
  })

  it("make a table with a line for each stage", () => {
    const line = tableOf(run({ ...stage("x", 2e6, 0.1), of: "y", ratio: 0.5 })).split("\n")[4]
    assert.strictEqual(line, "| x | 2.00 |  | 10 % | 100 | 50 % of y |")
  })

  it("have a median", () => assert.strictEqual(median([9, 1, 5]), 5))
})

const replayAt = (ratio: number): StageResult => ({
  ...stage("replay alone", 50e6, 0),
  of: "native replay alone",
  ratio,
})

const sizeJudged = (columnar: number) =>
  targetsOf({ ...run(), sizes: { csv: 1000, gzip: 100, columnar } }).find(({ target }) =>
    target.includes("40 %"),
  )?.met

describe("targets", () => {
  const quarter = "replay alone at least a quarter of the native replay"
  const judged = (results: Results) => targetsOf(results).find(({ target }) => target === quarter)?.met

  it.each([
    { ratio: 0.25, met: true },
    { ratio: 0.24, met: false },
  ])("a replay at $ratio of the native one: $met", ({ ratio, met }) => {
    assert.strictEqual(judged(run(replayAt(ratio))), met)
  })

  it.each([
    { peak: 249, met: true },
    { peak: 251, met: false },
  ])("a peak of $peak MB for columns: $met", ({ peak, met }) => {
    const short = stage(wholeNames.columnsShort, 1, 0)
    const longest = { ...stage(wholeNames.columnsLongest, 1, 0), peakMegabytes: peak }
    const found = targetsOf(run(short, longest)).find(({ target }) =>
      target.includes("memory under 250 MB, short"),
    )
    assert.strictEqual(found?.met, met)
  })

  it("the size of columns is judged by the gzip CSV's", () => {
    assert.deepStrictEqual([sizeJudged(40), sizeJudged(41)], [true, false])
  })

  it("are not judged by what was not measured", () => assert.isUndefined(judged(run())))
})

describe("the input", () => {
  it("is the same trace in every form, and is made once", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wakediff-bench-"))
    const csv = fs.readFileSync(benchInput("csv", 2000, folder))
    const columnar = benchInput("columnar", 2000, folder)
    assert.strictEqual(csvOf(decodeParquet(fs.readFileSync(columnar))), csv.toString())
    const arrow = tableFromIPC(fs.readFileSync(benchInput("arrow", 2000, folder)))
    assert.strictEqual(
      arrow.numRows,
      csv
        .toString()
        .split("\n")
        .filter((line) => /^\d/.test(line)).length,
    )
    const made = fs.statSync(columnar).mtimeMs
    assert.strictEqual(fs.statSync(benchInput("columnar", 2000, folder)).mtimeMs, made)
    fs.rmSync(folder, { recursive: true })
  })
})

describe("stages", () => {
  it("have names of their own, and are compared with stages", () => {
    const names = stages.map(({ name }) => name)
    assert.strictEqual(new Set(names).size, names.length)
    for (const { against } of stages) for (const other of against) assert.include(names, other)
  })
})
