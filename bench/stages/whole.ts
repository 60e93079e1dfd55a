import { decode, recordings } from "../../test/support/replaying.ts"
import type { Measurement, Stage } from "../measured.ts"
import { oneCore } from "../needs.ts"
import { runWakediff } from "../whole-process.ts"
import { nativeNames } from "./native.ts"

const bundle = "a bundle newer than src (npm run build)"

export const wholeNames = {
  columnsLong: "wakediff verify of columns, whole process, long input",
  columnsLongOneCore: "wakediff verify of columns, whole process, long input, one core",
  columnsShort: "wakediff verify of columns, whole process, short input",
  columnsLongest: "wakediff verify of columns, whole process, longest input",
  corpusOneCore: "wakediff ci, the recordings, one core",
  corpusTwoCores: "wakediff ci, the recordings, two cores",
} as const

/** Start-up, reading, the verification and its trials of every part, the report. */
const verifying =
  (launcher?: ReadonlyArray<string>): Measurement =>
  (file) => {
    const words = ["verify", "--against", "1.7-post-fix", "--json", file]
    const { stdout, ...measured } = runWakediff(words, launcher)
    const { runs } = JSON.parse(stdout) as { runs: ReadonlyArray<{ readonly rows: number }> }
    return Promise.resolve({ rowCount: runs[0]!.rows, ...measured })
  }

/** The gate over the recordings in `traces/`, which replays each under many semantics. */
const gating =
  (jobs: number, launcher?: ReadonlyArray<string>): Measurement =>
  () => {
    const { seconds, peakMegabytes } = runWakediff(["ci", "--jobs", String(jobs)], launcher)
    return Promise.resolve({ rowCount: recordedRowCount(), seconds, peakMegabytes })
  }

const recordedRowCount = (): number => {
  let rowCount = 0
  for (const { bytes } of recordings) for (const batch of decode(bytes())) rowCount += batch.rowCount
  return rowCount
}

/** The built command as users run it. */
export const wholeStages: ReadonlyArray<Stage> = [
  {
    name: "wakediff verify, whole process",
    against: [nativeNames.verify],
    needs: [bundle],
    measure: verifying(),
  },
  {
    name: "wakediff verify of columns, whole process",
    against: [nativeNames.verify],
    reads: "columnar",
    needs: [bundle],
    measure: verifying(),
  },
  {
    name: "wakediff verify of columns, whole process, one core",
    against: [nativeNames.verifyOneCore],
    reads: "columnar",
    needs: [bundle, "taskset"],
    measure: verifying(oneCore),
  },
  {
    name: wholeNames.columnsLong,
    against: [nativeNames.verifyLong],
    reads: "columnar",
    length: "long",
    needs: [bundle],
    measure: verifying(),
  },
  {
    name: wholeNames.columnsLongOneCore,
    against: [nativeNames.verifyLongOneCore],
    reads: "columnar",
    length: "long",
    needs: [bundle, "taskset"],
    measure: verifying(oneCore),
  },
  // For their memory.
  {
    name: wholeNames.columnsShort,
    against: [],
    reads: "columnar",
    length: "short",
    needs: [bundle],
    measure: verifying(),
  },
  {
    name: wholeNames.columnsLongest,
    against: [],
    reads: "columnar",
    length: "longest",
    needs: [bundle],
    measure: verifying(),
  },
  {
    name: wholeNames.corpusOneCore,
    against: [],
    withoutBytes: true,
    needs: [bundle, "taskset"],
    measure: gating(1, oneCore),
  },
  {
    name: wholeNames.corpusTwoCores,
    against: [wholeNames.corpusOneCore],
    withoutBytes: true,
    needs: [bundle, "two cores"],
    measure: gating(2),
  },
]
