import type { Lane, Timeline } from "../../domain/documents.ts"
import { inert } from "../../domain/text.ts"
import type { Renderer } from "../kinds.ts"
import { share } from "../layout.ts"
import type { ReportView, RunView } from "../view.ts"
import { flowCount, laneEvents, type TraceEvent } from "./perfetto-lane.ts"

/**
 * A trace in the Trace Event format, which ui.perfetto.dev and its trace processor open: a process for each trace and semantics.
 * What the format has no events for is in `metadata`, which Perfetto lists as `json_metadata.…`.
 */
export const perfetto: Renderer = (view) => {
  const processes = processesOf(view)
  const lines: Array<string> = []
  for (const process of processes) {
    for (const event of processEvents(process)) lines.push(JSON.stringify(event))
  }
  const metadata = JSON.stringify(metadataOf(view, processes), null, 2)
  return { file: `{"traceEvents":[\n${lines.join(",\n")}\n],\n"metadata":${metadata}}\n` }
}

/** One lane of one run. */
interface Process {
  readonly name: string
  readonly pid: number
  /** How many flows the processes before it have. */
  readonly flow: number
  readonly timeline: Timeline
  readonly lane: Lane
}

/** Every lane of every run, in this order, with numbers that no other has. */
const processesOf = ({ runs }: ReportView): ReadonlyArray<Process> => {
  const processes: Array<Process> = []
  let flow = 0
  for (const { trace, timeline } of runs) {
    if (timeline === null) continue
    for (const lane of timeline.lanes) {
      // A process's number is also its main thread's, and the next one that of its thread of offers.
      const pid = 10 * (processes.length + 1)
      processes.push({ name: inert(`${trace} · ${lane.under}`), pid, flow, timeline, lane })
      flow += flowCount(lane)
    }
  }
  return processes
}

function* processEvents({ name, pid, flow, timeline, lane }: Process): Generator<TraceEvent> {
  yield { ph: "M", pid, name: "process_name", args: { name } }
  yield { ph: "M", pid, name: "process_sort_index", args: { sort_index: pid } }
  yield* laneEvents(timeline, lane, { pid, flow })
}

/** Flat, for Perfetto reads no more than texts and numbers of it. */
const metadataOf = (
  { version, title, headline, runs, refused }: ReportView,
  processes: ReadonlyArray<Process>,
): { readonly [Key in string]: string } => ({
  tool: inert(`wakediff ${version}`),
  title: inert(title),
  headline: inert(headline),
  ...numbered("trace", runs.map(runText)),
  ...numbered(
    "refused",
    refused.map(({ trace, error }) => inert(`${trace}: ${error}`)),
  ),
  ...numbered("process", processes.map(processText)),
})

const runText = ({ trace, headline, timeline }: RunView): string =>
  inert(`${trace}: ${headline}${timeline === null ? " (no timeline)" : ""}`)

const processText = ({ name, timeline: { limit, reserve }, lane: { fidelity, leftOut, pool } }: Process) =>
  `${name}: limit ${limit}, reserve ${reserve}, fidelity ${share(fidelity)}, left out: ${leftOut.waits} waits, ` +
  `${leftOut.wakes} wakes; offers merged: ${leftOut.offers}; changes in a point of the curves: ${pool.stride}`

const numbered = (word: string, texts: ReadonlyArray<string>): { readonly [Key in string]: string } =>
  Object.fromEntries(texts.map((text, at) => [`${word} ${at + 1}`, text]))
