import type { Results, StageResult } from "./results.ts"
import { nativeNames } from "./stages/native.ts"
import { ownNames } from "./stages/own.ts"
import { wholeNames } from "./stages/whole.ts"

type Found = Omit<Results, "targets">

interface Target {
  readonly target: string
  /** Undefined where what it speaks of was not measured. */
  readonly met: (found: Found) => boolean | undefined
}

const stageOf = ({ stages }: Found, name: string): StageResult | undefined =>
  stages.find((stage) => stage.name === name)

/** What the project promises of speed and memory. A stage that is promised something is one line here. */
const targets: ReadonlyArray<Target> = [
  {
    target: "reading + verify at least 90 % of csv-parse alone",
    met: (found) => atLeast(stageOf(found, ownNames.readingAndVerify)?.ratio, 0.9),
  },
  {
    target: "replay alone at least a quarter of the native replay",
    met: (found) => {
      const replay = stageOf(found, ownNames.replay)
      return replay?.of === nativeNames.replay ? atLeast(replay.ratio, 0.25) : undefined
    },
  },
  {
    target: "replay alone at least 40 M rows/s",
    met: (found) => atLeast(stageOf(found, ownNames.replay)?.rowsPerSecond, 40e6),
  },
  {
    target: "memory under 250 MB and flat",
    met: (found) => {
      const short = stageOf(found, ownNames.readingAndVerify)?.peakMegabytes
      const long = found.long.peakMegabytes
      return short === undefined ? undefined : Math.max(short, long) < 250 && long < 1.5 * short
    },
  },
  {
    target: "columnar verify, whole process, in less time than native verify of the CSV, long input",
    met: (found) => atLeast(stageOf(found, wholeNames.columnsLong)?.ratio, 1),
  },
  {
    target: "the same on one core",
    met: (found) => atLeast(stageOf(found, wholeNames.columnsLongOneCore)?.ratio, 1),
  },
  {
    target: "columnar verify, whole process: memory under 250 MB, short input and longest",
    met: (found) => {
      const peaks = [wholeNames.columnsShort, wholeNames.columnsLongest].map(
        (name) => stageOf(found, name)?.peakMegabytes,
      )
      return peaks.includes(undefined) ? undefined : peaks.every((peak) => peak! < 250)
    },
  },
  {
    target: "columns at most 40 % of the gzip CSV",
    met: ({ sizes }) => (sizes === undefined ? undefined : sizes.columnar <= 0.4 * sizes.gzip),
  },
  {
    target: "the recordings on two cores at least 1.8 times one core",
    met: (found) => atLeast(stageOf(found, wholeNames.corpusTwoCores)?.ratio, 1.8),
  },
  {
    target: "--help in less than 3 times node -e 0",
    met: ({ startUp }) => (startUp === null ? undefined : startUp.help < 3 * startUp.node),
  },
]

const atLeast = (found: number | null | undefined, least: number): boolean | undefined =>
  found === null || found === undefined ? undefined : found >= least

/** Which targets are met, of those that can be judged. */
export const targetsOf = (found: Found): Results["targets"] =>
  targets.flatMap(({ target, met }) => {
    const judged = met(found)
    return judged === undefined ? [] : [{ target, met: judged }]
  })
