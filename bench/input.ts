import * as fs from "node:fs"
import * as path from "node:path"
import * as zlib from "node:zlib"
import { allParts } from "../src/semantics/registry.ts"
import { ParquetWriter } from "../src/traces/parquet/writer.ts"
import {
  generate,
  generateText,
  type GeneratedTrace,
  type GeneratorOptions,
} from "../test/support/generate.ts"
import { arrowOf } from "./arrow.ts"
import { isNewer } from "./newer.ts"

const cache = path.join(import.meta.dirname, "../node_modules/.cache/wakediff-bench")

/** Where the native program is compiled. */
export const nativeFolder: string = path.join(cache, "native")

/** How long the inputs are, in parts of the usual one: what is held in memory must not grow, and the targets speak of long traces. */
export const inputLengths = { short: 0.4, usual: 1, long: 4, longest: 8 } as const
export type InputLength = keyof typeof inputLengths

export const lengthOf = (length: InputLength, usualRowCount: number): number =>
  Math.ceil(inputLengths[length] * usualRowCount)

/** Count it up when the generator or `arrow.ts` changes, so that no old file is taken for a new one. */
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
  // What an Arrow file is made of; it changes no row.
  batchRowCount: 1 << 16,
} as const satisfies Partial<GeneratorOptions>

/** Each of the forms is a trace of at least so many rows that conforms to the post-fix semantics: the same in all of them, and on every machine. */
export type InputForm = "csv" | "columnar" | "arrow"

interface Making {
  readonly suffix: string
  /** The sources that the file's bytes come from beside the generator: it is made anew when they change. */
  readonly sources?: string
  readonly bytes: (options: GeneratorOptions) => Iterable<string | Uint8Array>
}

function* columnarBytes({ head, batches }: GeneratedTrace): Generator<Uint8Array> {
  const writer = new ParquetWriter(head)
  for (const batch of batches) yield* writer.push(batch)
  yield* writer.end()
}

const makings: Readonly<Record<InputForm, Making>> = {
  csv: { suffix: ".csv", bytes: generateText },
  columnar: {
    suffix: ".parquet",
    sources: path.join(import.meta.dirname, "../src/traces/parquet"),
    bytes: (options) => columnarBytes(generate(options)),
  },
  arrow: { suffix: ".arrows", bytes: (options) => [arrowOf(generate(options).batches)] },
}

/** The input in a form; made once, from the generator, piece by piece (but see {@link arrowOf}). */
export const benchInput = (form: InputForm, rowCount: number, folder = cache): string => {
  const { suffix, sources, bytes } = makings[form]
  const file = path.join(folder, `rows-${rowCount}-v${version}${suffix}`)
  const isThere = sources === undefined ? fs.existsSync(file) : isNewer(file, sources)
  if (!isThere) writeWhole(file, bytes({ ...workload, rowCount }))
  return file
}

/** A CSV as gzip, beside it. */
export const gzipped = (file: string): string => {
  const target = `${file}.gz`
  if (!fs.existsSync(target)) writeWhole(target, [zlib.gzipSync(fs.readFileSync(file))])
  return target
}

/** Writes a file under another name until it is whole. */
const writeWhole = (file: string, pieces: Iterable<string | Uint8Array>): void => {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const unfinished = `${file}.${process.pid}`
  const descriptor = fs.openSync(unfinished, "w")
  for (const piece of pieces) fs.writeFileSync(descriptor, piece)
  fs.closeSync(descriptor)
  fs.renameSync(unfinished, file)
}
