import type { DiffRun, Finding, WaitSide } from "../domain/documents.ts"
import { entityKinds } from "../domain/vocabulary.ts"
import { changeNames, endingNames, wakeClasses } from "../domain/wait.ts"
import { counted, milliseconds, share } from "./layout.ts"
import { escaped, literal, table } from "./markdown.ts"

/** How many findings a Markdown report names when nobody says otherwise. */
export const namedFindings = 20

/** One diff as a Markdown page. */
export const diffMarkdown = (run: DiffRun, most: number = namedFindings): string =>
  [
    `# ${escaped(run.trace)}`,
    `${counted(run.rows, "row")}, replayed under ${escaped(run.from)} and ${escaped(run.to)}.`,
    replays(run),
    "## Waits",
    waits(run),
    "## Wakes",
    wakes(run),
    "## Findings",
    findings(run, most),
    "## Again",
    literal(run.command),
  ].join("\n\n") + "\n"

const replays = (run: DiffRun): string =>
  table(
    ["replay", "fidelity", "deferred runs", "lost", "phantom", "mismatches", "rests on rules from row"],
    (["from", "to"] as const).map((side) => {
      const replay = run.replay[side]
      return [
        escaped(run[side]),
        share(run.fidelity[side]),
        `${replay.deferredRuns}`,
        `${replay.lostRuns}`,
        `${replay.phantomRuns}`,
        `${replay.mismatches}`,
        replay.firstDepartureRow === null ? "never" : `${replay.firstDepartureRow}`,
      ]
    }),
  )

const waits = (run: DiffRun): string => {
  const rows = entityKinds.flatMap(({ name }) => {
    const { from, to } = run.waitsByKind[name]
    return endingNames
      .filter((ending) => from[ending] + to[ending] > 0)
      .map((ending) => [`${name}, ${ending}`, `${from[ending]}`, `${to[ending]}`])
  })
  if (rows.length === 0) return "Nobody failed to get a buffer."
  const changes = changeNames.filter((name) => run.waits.changes[name] > 0)
  return [
    table(["requester, ending", escaped(run.from), escaped(run.to)], rows),
    `${changes.map((name) => `${run.waits.changes[name]} ${name}`).join(", ")}.`,
  ].join("\n\n")
}

const wakes = (run: DiffRun): string =>
  table(
    ["wakes", escaped(run.from), escaped(run.to)],
    (["total", ...wakeClasses.map(({ name }) => name)] as const).map((name) => [
      name,
      `${run.wakes.from[name]}`,
      `${run.wakes.to[name]}`,
    ]),
  )

const findings = (run: DiffRun, most: number): string => {
  const total = run.findings.length + run.findingsLeftOut
  if (total === 0) return "Nothing differs."
  const shown = run.findings.slice(0, most)
  const note =
    shown.length < total ? `The worst ${shown.length} of ${total}.` : `${counted(total, "finding")}.`
  return [note, ...shown.map((finding, at) => oneFinding(finding, at + 1, run))].join("\n\n")
}

const oneFinding = (finding: Finding, number: number, run: DiffRun): string =>
  [
    `${number}. **${finding.kind}**, row ${finding.beginRow} (${milliseconds(finding.beginTimeUs)}): ${escaped(finding.summary)}`,
    ...(finding.requester === null
      ? []
      : [
          `   - ${escaped(run.from)}: ${sideText(finding.from)}`,
          `   - ${escaped(run.to)}: ${sideText(finding.to)}`,
        ]),
  ].join("\n")

const sideText = (side: WaitSide | null): string => {
  if (side === null) return "no such wait"
  const where = `${side.ending} at row ${side.endRow} (${milliseconds(side.endTimeUs)})`
  const queued = `${escaped(side.waiter)} queued`
  const wakeText = `${counted(side.wakes, "wake")}, ${side.futileWakes} futile`
  return `${where}; ${queued}; ${wakeText}; ${counted(side.buffersFreed, "buffer")} freed, ${counted(side.offers, "offer")} made`
}
