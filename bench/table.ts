import type { Results, StageResult } from "./results.ts"

const percent = (part: number): string => `${(100 * part).toFixed(0)} %`

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

const rowOf = (stage: StageResult): string => {
  const { name, rowsPerSecond, megabytesPerSecond, spread, peakMegabytes, of, ratio } = stage
  const cells = [
    name,
    (rowsPerSecond / 1e6).toFixed(2),
    megabytesPerSecond === null ? "" : megabytesPerSecond.toFixed(0),
    percent(spread),
    peakMegabytes.toFixed(0),
    ratio === null ? "" : `${percent(ratio)} of ${of}`,
  ]
  return `| ${cells.join(" | ")} |`
}

/** A run's results as Markdown. */
export const tableOf = (results: Results): string => {
  const { long, sizes, startUp } = results
  return [
    `${results.rowCount} rows, ${results.machine}, Node ${results.node}, median of ${results.times}`,
    "",
    "| | M rows/s | MB/s | spread | peak MB | compared |",
    "| --- | --: | --: | --: | --: | --- |",
    ...results.stages.map(rowOf),
    "",
    `reading + verify of ${long.rowCount} rows: ${(long.rowsPerSecond / 1e6).toFixed(2)} M rows/s, peak ${long.peakMegabytes.toFixed(0)} MB`,
    ...(sizes === undefined
      ? []
      : [
          `the input: ${megabytes(sizes.csv)} MB as CSV, ${megabytes(sizes.gzip)} as gzip, ${megabytes(sizes.columnar)} as columns, ${percent(sizes.columnar / sizes.gzip)} of gzip`,
        ]),
    ...(startUp === null
      ? []
      : [`wakediff --help: ${startUp.help.toFixed(0)} ms; node -e 0: ${startUp.node.toFixed(0)} ms`]),
    ...results.leftOut.map((text) => `left out: ${text}`),
    ...results.targets.map(({ target, met }) => `${met ? "met" : "missed"}: ${target}`),
  ].join("\n")
}
