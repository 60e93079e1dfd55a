import * as fs from "node:fs"
import * as path from "node:path"
import * as zlib from "node:zlib"
import type { RowBatch, TraceHead } from "../../src/domain/batch.ts"
import type { Deviation, Undefined } from "../../src/domain/verdict.ts"
import { Verifier } from "../../src/replay/verifier.ts"
import { choose, isChoiceFailure } from "../../src/semantics/semantics.ts"
import { CsvDecoder } from "../../src/traces/csv-decoder.ts"

/** Everything that a verifier says of a trace, as a plain value. */
export interface Said {
  readonly rowCount: number
  readonly deviationCount: number
  readonly first: Deviation | undefined
  readonly undefined: Undefined | undefined
  readonly unjudgedRowCount: number
  readonly outcomeRowCount: number
  readonly awaitedCount: number
  /** The parts that the trace may have met: bits. */
  readonly touched: number
  readonly pool: readonly [
    allocated: number,
    used: number,
    taskRq: number,
    appletRq: number,
    queueLength: number,
  ]
}

export const saidBy = (verifier: Verifier): Said => {
  const { deviationCount, first, machine, outcomeRowCount, awaitedCount, rowCount, unjudgedRowCount } =
    verifier
  const { allocated, used, taskRq, appletRq, queueLength, touched } = machine
  const pool = [allocated, used, taskRq, appletRq, queueLength] as const
  const { undefined: reached } = verifier
  const counts = { rowCount, deviationCount, unjudgedRowCount, outcomeRowCount, awaitedCount }
  return { ...counts, first, undefined: reached, touched, pool }
}

export const verifierOf = (head: TraceHead, after: number): Verifier =>
  new Verifier(head.preamble, after, head.entities)

export const verifyBatches = (batches: Iterable<RowBatch>, after: number): Said => {
  let verifier: Verifier | undefined
  for (const batch of batches) {
    verifier ??= verifierOf(batch.head, after)
    verifier.run(batch)
  }
  if (verifier === undefined) throw new Error("a trace without a batch")
  return saidBy(verifier)
}

/** The batches of a trace's bytes, pushed in blocks of a length, or of lengths that a function gives. */
export function* decode(
  bytes: Uint8Array,
  blockLength: number | (() => number) = 1 << 16,
): Generator<RowBatch> {
  const decoder = new CsvDecoder("test.csv", { allowTorn: false })
  for (let from = 0; from < bytes.length;) {
    const length = typeof blockLength === "number" ? blockLength : blockLength()
    yield* decoder.push(bytes.subarray(from, from + length))
    from += length
  }
  yield* decoder.end()
}

/** Some rows of a batch as a batch of their own, without a copy. */
export const part = (batch: RowBatch, from: number, to: number): RowBatch => {
  const columns = Object.entries(batch).map(([name, column]) => [
    name,
    ArrayBuffer.isView(column) ? (column as Uint8Array).subarray(from, to) : column,
  ])
  return {
    ...(Object.fromEntries(columns) as RowBatch),
    rowCount: to - from,
    firstRow: batch.firstRow + from,
  }
}

const folder = path.join(import.meta.dirname, "../../traces")

export interface Recording {
  readonly name: string
  /** The mask of the semantics that made it. */
  readonly after: number
  readonly rowCount: number
  bytes(): Uint8Array
}

interface Expected {
  readonly rows: number
  readonly semantics: string
  readonly without: ReadonlyArray<string>
}

const expected = JSON.parse(fs.readFileSync(path.join(folder, "expected.json"), "utf8")) as {
  readonly traces: Readonly<Record<string, Expected>>
}

/** Every recording of `traces/`, with the semantics that its expectation names. */
export const recordings: ReadonlyArray<Recording> = Object.entries(expected.traces).map(
  ([name, { rows, ...trace }]) => {
    const choice = choose(trace.semantics, trace.without)
    if (isChoiceFailure(choice)) throw new Error(`${name}: ${choice._tag}`)
    const bytes = () => zlib.gunzipSync(fs.readFileSync(path.join(folder, name)))
    return { name, after: choice.after, rowCount: rows, bytes }
  },
)
