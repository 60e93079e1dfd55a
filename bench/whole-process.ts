import { spawnSync } from "node:child_process"
import * as path from "node:path"
import { now, type Measured } from "./measured.ts"

const repository = path.join(import.meta.dirname, "..")
export const command: string = path.join(repository, "bin/wakediff.js")
const peakReporter = path.join(import.meta.dirname, "report-peak.js")

/** The command as users run it: start-up, all that it does, the report, its end. `launcher` is what comes before it. */
export const runWakediff = (
  words: ReadonlyArray<string>,
  launcher: ReadonlyArray<string> = [],
): Omit<Measured, "rowCount"> & { readonly stdout: string } => {
  const [program = "", ...rest] = [...launcher, process.execPath, "--import", peakReporter, command, ...words]
  const begin = now()
  const child = spawnSync(program, rest, {
    cwd: repository,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    maxBuffer: Infinity,
  })
  const seconds = now() - begin
  if (child.status !== 0) throw new Error(`wakediff ${words.join(" ")}: ${String(child.stderr)}`)
  return { seconds, peakMegabytes: Number(String(child.output[3])), stdout: String(child.stdout) }
}
