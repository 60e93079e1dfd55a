import { Schema } from "effect"

const StageResult = Schema.Struct({
  name: Schema.String,
  /** The median of its runs. */
  rowsPerSecond: Schema.Finite,
  /** Between the fastest and the slowest run, in parts of the median. */
  spread: Schema.Finite,
  /** Of the file that the stage reads; null where it reads none. */
  megabytesPerSecond: Schema.NullOr(Schema.Finite),
  /** The highest of all runs. */
  peakMegabytes: Schema.Finite,
  /** What it is compared with, and in parts of that. */
  of: Schema.NullOr(Schema.String),
  ratio: Schema.NullOr(Schema.Finite),
})
export type StageResult = typeof StageResult.Type

/** What a run of the bench found: what is kept, and what `--compare` reads. */
export const Results = Schema.Struct({
  date: Schema.String,
  machine: Schema.String,
  node: Schema.String,
  rowCount: Schema.Finite,
  /** How often each stage was measured. */
  times: Schema.Finite,
  stages: Schema.Array(StageResult),
  /** The usual input in its forms, in bytes; results of before there were columns have none. */
  sizes: Schema.optionalKey(
    Schema.Struct({ csv: Schema.Finite, gzip: Schema.Finite, columnar: Schema.Finite }),
  ),
  /** Reading and verifying an input so many times as long: what it holds in memory must not grow. */
  long: Schema.Struct({
    rowCount: Schema.Finite,
    rowsPerSecond: Schema.Finite,
    peakMegabytes: Schema.Finite,
  }),
  /** Milliseconds; null without the bundle. */
  startUp: Schema.NullOr(Schema.Struct({ help: Schema.Finite, node: Schema.Finite })),
  targets: Schema.Array(Schema.Struct({ target: Schema.String, met: Schema.Boolean })),
  /** Stages that were left out, with what they need. */
  leftOut: Schema.Array(Schema.String),
})
export type Results = typeof Results.Type

/** The results that a file's text holds. Throws where it holds something else. */
export const readResults = Schema.decodeUnknownSync(Schema.fromJsonString(Results))

export const writeResults = (results: Results): string => `${JSON.stringify(results, undefined, 2)}\n`

export const median = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
