import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { parseArgs } from "node:util"
import { benchInput } from "./input.ts"
import { csvMeasurements, ownMeasurements, type Measured } from "./measure.ts"

/** Measures everything that the README states about speed and memory, each in a process of its own; see README.md. */

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "2000000" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
})
const rowCount = Number(options.rows)
if (!Number.isInteger(rowCount) || rowCount < 1) throw new Error("--rows NUMBER")
const times = options.quick ? 1 : 5

interface Line {
  readonly name: string
  readonly rowsPerSecond: number
  readonly megabytesPerSecond: number
  /** Of csv-parse alone at its fastest. */
  ratio: number
  /** Between the fastest and the slowest, in parts of the median. */
  readonly spread: number
  readonly peakMegabytes: number
}

const measureOnce = (name: string, file: string): Measured => {
  const script = path.join(import.meta.dirname, "measure.ts")
  const child = spawnSync(process.execPath, [script, name, file], { encoding: "utf8" })
  if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`)
  return JSON.parse(child.stdout) as Measured
}

const median = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

const lineOf = (name: string, measured: ReadonlyArray<Measured>, bytesPerRow: number): Line => {
  const rates = measured.map((one) => one.rowCount / one.seconds)
  const rowsPerSecond = median(rates)
  return {
    name,
    rowsPerSecond,
    megabytesPerSecond: (rowsPerSecond * bytesPerRow) / 1e6,
    ratio: 0,
    spread: (Math.max(...rates) - Math.min(...rates)) / rowsPerSecond,
    peakMegabytes: Math.max(...measured.map((one) => one.peakMegabytes)),
  }
}

/** All measurements in turn, `times` times over: what else the machine does in between hits all of them alike. */
const measureAll = (file: string, names: ReadonlyArray<string>): ReadonlyArray<Line> => {
  const measured = new Map<string, Array<Measured>>(names.map((name) => [name, []]))
  for (let round = 0; round < times; round++) {
    for (const name of names) {
      if (!options.json) process.stderr.write(`\r\u001b[K${round + 1}/${times} ${name}`)
      measured.get(name)!.push(measureOnce(name, file))
    }
  }
  if (!options.json) process.stderr.write("\r\u001b[K")
  const lines = names.map((name) => {
    const one = measured.get(name)!
    return lineOf(name, one, fs.statSync(file).size / one[0]!.rowCount)
  })
  const fastest = Math.max(
    ...lines.filter(({ name }) => name in csvMeasurements).map((line) => line.rowsPerSecond),
  )
  for (const line of lines) line.ratio = line.rowsPerSecond / fastest
  return lines
}

/** Milliseconds that a program takes to start, do what it is told, and end. */
const startUp = (args: ReadonlyArray<string>): number => {
  const runs = Array.from({ length: options.quick ? 3 : 10 }, () => {
    const begin = performance.now()
    const { status } = spawnSync(process.execPath, args, { stdio: "ignore" })
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`)
    return performance.now() - begin
  })
  return median(runs)
}

const command = path.join(import.meta.dirname, "../bin/wakediff.js")
const built = fs.existsSync(path.join(import.meta.dirname, "../dist/main.js"))

const file = benchInput(rowCount)
const lines = measureAll(file, [...Object.keys(csvMeasurements), ...Object.keys(ownMeasurements)])
const longRowCount = 4 * rowCount
const long = measureOnce("reading + verify", benchInput(longRowCount))
const start = built ? { help: startUp([command, "--help"]), node: startUp(["-e", "0"]) } : undefined

const verifying = lines.find(({ name }) => name === "reading + verify")!
const replaying = lines.find(({ name }) => name === "replay alone")!
const targets = [
  { target: "reading + verify at least 85 % of csv-parse alone", met: verifying.ratio >= 0.85 },
  { target: "replay alone at least 40 M rows/s", met: replaying.rowsPerSecond >= 40e6 },
  {
    target: "memory under 300 MB and flat",
    met:
      Math.max(verifying.peakMegabytes, long.peakMegabytes) < 300 &&
      long.peakMegabytes < 1.5 * verifying.peakMegabytes,
  },
  ...(start === undefined
    ? []
    : [{ target: "--help in less than 3 times node -e 0", met: start.help < 3 * start.node }]),
]

if (options.json) {
  const { version, arch, platform } = process
  console.log(
    JSON.stringify(
      { node: version, arch, platform, rowCount, times, lines, longRowCount, long, start, targets },
      undefined,
      2,
    ),
  )
} else {
  console.log(
    `${path.basename(file)}: ${(fs.statSync(file).size / 1e6).toFixed(0)} MB, Node ${process.version}, median of ${times}\n`,
  )
  console.log("| | M rows/s | MB/s | of csv-parse | spread | peak MB |")
  console.log("| --- | --: | --: | --: | --: | --: |")
  for (const { name, rowsPerSecond, megabytesPerSecond, ratio, spread, peakMegabytes } of lines) {
    const inMemory = name.endsWith("alone")
    const cells = [
      name,
      (rowsPerSecond / 1e6).toFixed(2),
      inMemory ? "" : megabytesPerSecond.toFixed(0),
      inMemory ? "" : `${(100 * ratio).toFixed(0)} %`,
      `${(100 * spread).toFixed(0)} %`,
      peakMegabytes.toFixed(0),
    ]
    console.log(`| ${cells.join(" | ")} |`)
  }
  console.log(
    `\nreading + verify of ${long.rowCount} rows: ${(long.rowCount / long.seconds / 1e6).toFixed(2)} M rows/s, peak ${long.peakMegabytes.toFixed(0)} MB`,
  )
  if (start !== undefined)
    console.log(`wakediff --help: ${start.help.toFixed(0)} ms; node -e 0: ${start.node.toFixed(0)} ms`)
  for (const { target, met } of targets) console.log(`${met ? "met" : "missed"}: ${target}`)
}
