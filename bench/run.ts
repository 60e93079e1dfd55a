import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { benchInput, gzipped, lengthOf, nativeFolder } from "./input.ts"
import type { Measured, Stage } from "./measured.ts"
import { compileNative } from "./native.ts"
import { unmetNeeds } from "./needs.ts"
import { median, type Results, type StageResult } from "./results.ts"
import { stages as allStages } from "./stages.ts"
import { ownNames } from "./stages/own.ts"
import { targetsOf } from "./targets.ts"
import { command } from "./whole-process.ts"

export interface BenchOptions {
  readonly rowCount: number
  /** How often each stage is measured. */
  readonly times: number
  readonly date: string
  /** Told what is being done. */
  readonly say: (text: string) => void
}

/** The file that a stage is given; made if it is not there. */
const inputOf = ({ reads = "csv", length = "usual" }: Stage, rowCount: number): string =>
  benchInput(reads, lengthOf(length, rowCount))

const measureOnce = (name: string, file: string): Measured => {
  const script = path.join(import.meta.dirname, "measure.ts")
  const child = spawnSync(process.execPath, [script, name, file], { encoding: "utf8" })
  if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`)
  return JSON.parse(child.stdout) as Measured
}

const resultOf = (
  { name, withoutBytes }: Stage,
  measured: ReadonlyArray<Measured>,
  fileBytes: number,
): StageResult => {
  const rates = measured.map((one) => one.rowCount / one.seconds)
  const rowsPerSecond = median(rates)
  return {
    name,
    rowsPerSecond,
    spread: (Math.max(...rates) - Math.min(...rates)) / rowsPerSecond,
    megabytesPerSecond: withoutBytes ? null : (rowsPerSecond * fileBytes) / measured[0]!.rowCount / 1e6,
    peakMegabytes: Math.max(...measured.map((one) => one.peakMegabytes)),
    of: null,
    ratio: null,
  }
}

/** Each result with its part of the fastest among those that its stage is compared with. */
const compared = (
  stages: ReadonlyArray<Stage>,
  results: ReadonlyArray<StageResult>,
): ReadonlyArray<StageResult> =>
  results.map((result, at) => {
    const others = results.filter(({ name }) => stages[at]!.against.includes(name))
    if (others.length === 0) return result
    const fastest = others.reduce((best, other) => (other.rowsPerSecond > best.rowsPerSecond ? other : best))
    return { ...result, of: fastest.name, ratio: result.rowsPerSecond / fastest.rowsPerSecond }
  })

/** All stages in turn, `times` times over: what else the machine does in between hits all of them alike. */
const measureAll = (
  stages: ReadonlyArray<Stage>,
  { rowCount, times, say }: BenchOptions,
): ReadonlyArray<StageResult> => {
  const measured = stages.map((): Array<Measured> => [])
  for (let round = 0; round < times; round++) {
    for (const [at, stage] of stages.entries()) {
      say(`${round + 1}/${times} ${stage.name}`)
      measured[at]!.push(measureOnce(stage.name, inputOf(stage, rowCount)))
    }
  }
  return compared(
    stages,
    stages.map((stage, at) => resultOf(stage, measured[at]!, fs.statSync(inputOf(stage, rowCount)).size)),
  )
}

/** Milliseconds that a program takes to start, do what it is told, and end. */
const startUp = (args: ReadonlyArray<string>, times: number): number => {
  const runs = Array.from({ length: 2 * times + 1 }, () => {
    const begin = performance.now()
    const { status } = spawnSync(process.execPath, args, { stdio: "ignore" })
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`)
    return performance.now() - begin
  })
  return median(runs)
}

export const runBench = (options: BenchOptions): Results => {
  const { rowCount, times, date, say } = options
  const unmet = unmetNeeds()
  const missing = ({ needs = [] }: Stage) => needs.filter((need) => unmet.has(need))
  const stages = allStages.filter((stage) => missing(stage).length === 0)
  say("making the inputs")
  const file = benchInput("csv", rowCount)
  const sizes = {
    csv: fs.statSync(file).size,
    gzip: fs.statSync(gzipped(file)).size,
    columnar: fs.statSync(benchInput("columnar", rowCount)).size,
  }
  for (const stage of stages) inputOf(stage, rowCount)
  if (!unmet.has("a C compiler")) compileNative(nativeFolder)

  const results = measureAll(stages, options)
  const long = results.find(({ name }) => name === ownNames.readingAndVerifyLong)!
  const found = {
    date,
    machine: `${os.cpus()[0]?.model ?? process.arch}, ${os.availableParallelism()} cores, ${process.platform}`,
    node: process.version,
    rowCount,
    times,
    stages: results,
    sizes,
    long: {
      rowCount: lengthOf("long", rowCount),
      rowsPerSecond: long.rowsPerSecond,
      peakMegabytes: long.peakMegabytes,
    },
    startUp: unmet.has("a bundle newer than src (npm run build)")
      ? null
      : { help: startUp([command, "--help"], times), node: startUp(["-e", "0"], times) },
    leftOut: allStages.flatMap((stage) => {
      const needs = missing(stage)
      return needs.length === 0 ? [] : [`${stage.name}, for want of ${needs.join(" and ")}`]
    }),
  }
  return { ...found, targets: targetsOf(found) }
}
