import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { benchInput, gzipped, nativeFolder } from "./input.ts"
import type { Measured, Need, Stage } from "./measured.ts"
import { compileNative, hasCompiler } from "./native.ts"
import { median, type Results, type StageResult } from "./results.ts"
import { stages as allStages } from "./stages.ts"
import { ownNames } from "./stages/own.ts"
import { targetsOf } from "./targets.ts"

export interface BenchOptions {
  readonly rowCount: number
  /** How often each stage is measured. */
  readonly times: number
  readonly date: string
  /** Told what is being done. */
  readonly say: (text: string) => void
}

const command = path.join(import.meta.dirname, "../bin/wakediff.js")
const bundle = path.join(import.meta.dirname, "../dist/main.js")

const measureOnce = (name: string, file: string): Measured => {
  const script = path.join(import.meta.dirname, "measure.ts")
  const child = spawnSync(process.execPath, [script, name, file], { encoding: "utf8" })
  if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`)
  return JSON.parse(child.stdout) as Measured
}

const resultOf = (
  { name, inMemory }: Stage,
  measured: ReadonlyArray<Measured>,
  bytesPerRow: number,
): StageResult => {
  const rates = measured.map((one) => one.rowCount / one.seconds)
  const rowsPerSecond = median(rates)
  return {
    name,
    rowsPerSecond,
    spread: (Math.max(...rates) - Math.min(...rates)) / rowsPerSecond,
    megabytesPerSecond: inMemory ? null : (rowsPerSecond * bytesPerRow) / 1e6,
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
  file: string,
  bytesPerRow: number,
  { times, say }: BenchOptions,
): ReadonlyArray<StageResult> => {
  const measured = stages.map((): Array<Measured> => [])
  for (let round = 0; round < times; round++) {
    for (const [at, { name }] of stages.entries()) {
      say(`${round + 1}/${times} ${name}`)
      measured[at]!.push(measureOnce(name, file))
    }
  }
  return compared(
    stages,
    stages.map((stage, at) => resultOf(stage, measured[at]!, bytesPerRow)),
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
  const isThere: Readonly<Record<Need, boolean>> = {
    "a C compiler": hasCompiler(),
    "the bundle (npm run build)": fs.existsSync(bundle),
  }
  const missing = ({ needs }: Stage): boolean => needs !== undefined && !isThere[needs]
  say("making the input")
  const file = benchInput(rowCount)
  const longFile = benchInput(4 * rowCount)
  gzipped(file)
  if (isThere["a C compiler"]) compileNative(nativeFolder)

  const bytesPerRow = fs.statSync(file).size / rowCount
  const stages = allStages.filter((stage) => !missing(stage))
  const results = measureAll(stages, file, bytesPerRow, options)
  say(`${ownNames.readingAndVerify}, the long input`)
  const long = measureOnce(ownNames.readingAndVerify, longFile)
  const found = {
    date,
    machine: `${os.cpus()[0]?.model ?? process.arch}, ${os.availableParallelism()} cores, ${process.platform}`,
    node: process.version,
    rowCount,
    times,
    stages: results,
    long: {
      rowCount: long.rowCount,
      rowsPerSecond: long.rowCount / long.seconds,
      peakMegabytes: long.peakMegabytes,
    },
    startUp: isThere["the bundle (npm run build)"]
      ? { help: startUp([command, "--help"], times), node: startUp(["-e", "0"], times) }
      : null,
    leftOut: allStages.filter(missing).map(({ name, needs }) => `${name}, for want of ${needs}`),
  }
  return { ...found, targets: targetsOf(found) }
}
