import * as fs from "node:fs"
import * as path from "node:path"
import * as zlib from "node:zlib"
import { allParts } from "../src/semantics/registry.ts"
import { generateText, type GeneratorOptions } from "../test/support/generate.ts"

const folder = path.join(import.meta.dirname, "../node_modules/.cache/wakediff-bench")

/** Where the native program is compiled. */
export const nativeFolder: string = path.join(folder, "native")

/** Count it up when the generator changes, so that no old file is taken for a new one. */
const version = 1

/** The process that the bench imagines: as many things in it as in the recordings under a SPOE filter. */
const workload = {
  seed: 2,
  after: allParts,
  limit: 10,
  reserve: 2,
  clientCount: 16,
  appletPercent: 40,
  spoePercent: 20,
  luaPercent: 0,
  countsApplets: true,
  // No name with a quote: csv-parse is to be measured at its fastest, which is without them.
  appletNames: ["<STATS>", "<CLI>", "<PEER>", "<SPOE>"],
} as const satisfies Partial<GeneratorOptions>

/** A trace of at least so many rows that conforms to the post-fix semantics; made once, the same on every machine. */
export const benchInput = (rowCount: number): string => {
  fs.mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `rows-${rowCount}-v${version}.csv`)
  if (fs.existsSync(file)) return file
  const unfinished = `${file}.${process.pid}`
  const descriptor = fs.openSync(unfinished, "w")
  for (const text of generateText({ ...workload, rowCount })) fs.writeSync(descriptor, text)
  fs.closeSync(descriptor)
  fs.renameSync(unfinished, file)
  return file
}

/** The same trace as gzip, beside it. */
export const gzipped = (file: string): string => {
  const target = `${file}.gz`
  if (fs.existsSync(target)) return target
  const unfinished = `${target}.${process.pid}`
  fs.writeFileSync(unfinished, zlib.gzipSync(fs.readFileSync(file)))
  fs.renameSync(unfinished, target)
  return target
}
