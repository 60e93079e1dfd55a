import type { DiffRun, Finding, WaitSide } from "../domain/documents.ts"
import { entityKinds } from "../domain/vocabulary.ts"
import { changeNames, endingNames, wakeClasses, type Ending } from "../domain/wait.ts"
import { counted, milliseconds, share } from "./layout.ts"
import type { Table, TableRow, Tone } from "./view.ts"

/** A diff in sentences and tables, for every report of it. Ids and names in them are as the trace has them: untrusted. */

/** Endings that nobody wants. */
export const badEndings: ReadonlySet<Ending> = new Set<Ending>(["starved", "undefined"])

const pair = (from: number, to: number): string => (from === to ? `${from}` : `${from} → ${to}`)

export const total = (counts: Readonly<Record<Ending, number>>): number =>
  endingNames.reduce((sum, name) => sum + counts[name], 0)

/** How many waits starve or end undefined. */
export const lostCount = (counts: Readonly<Record<Ending, number>>): number =>
  counts.starved + counts.undefined

/** `3 fixed, 76 vanished`. */
export const changesText = ({ waits }: DiffRun): string =>
  changeNames
    .filter((name) => waits.changes[name] > 0)
    .map((name) => `${waits.changes[name]} ${name}`)
    .join(", ")

/** One sentence: who starves, and what changes. */
export const diffHeadline = (run: DiffRun): string => {
  const [before, after] = [lostCount(run.waits.from), lostCount(run.waits.to)]
  const changes = changesText(run)
  const waits = total(run.waits.from) + total(run.waits.to) === 0 ? "nobody waits for a buffer" : changes
  if (run.fails.length > 0) return `fails on ${run.fails.join(", ")}: ${waits}`
  if (after > 0)
    return `${counted(after, "wait starves or ends", "waits starve or end")} undefined under ${run.to} (${before} under ${run.from}): ${waits}`
  if (before > 0)
    return `nobody starves any more under ${run.to}, where ${counted(before, "wait does", "waits do")} under ${run.from}: ${waits}`
  return waits
}

/** Waits by ending, a column a kind of requester. Endings and kinds that do not occur are left out. */
export const waitTable = (run: DiffRun): Table => {
  const kinds = entityKinds
    .map(({ name }) => ({ name: name as string, counts: run.waitsByKind[name] }))
    .filter(({ counts }) => total(counts.from) + total(counts.to) > 0)
  const used = endingNames.filter((ending) => run.waits.from[ending] + run.waits.to[ending] > 0)
  if (used.length === 0) {
    return { title: "waits", header: ["waits"], rows: [], note: "no waits: nobody failed to get a buffer" }
  }
  const all = kinds.length > 1 ? [...kinds, { name: "all", counts: run.waits }] : kinds
  const toneOf = (ending: Ending): Tone => {
    const change = run.waits.to[ending] - run.waits.from[ending]
    return !badEndings.has(ending) || change === 0 ? "neutral" : change < 0 ? "good" : "bad"
  }
  return {
    title: "waits",
    header: ["waits", ...all.map(({ name }) => name)],
    rows: [
      ...used.map((ending) => ({
        cells: [ending, ...all.map(({ counts }) => pair(counts.from[ending], counts.to[ending]))],
        tone: toneOf(ending),
      })),
      {
        cells: ["all", ...all.map(({ counts }) => pair(total(counts.from), total(counts.to)))],
        tone: "neutral",
      },
    ],
    note: changesText(run),
  }
}

/** Wakes by class under the two semantics; classes that do not occur are left out. */
export const wakeTable = (run: DiffRun): Table => {
  const { from, to } = run.wakes
  const row = (name: "total" | (typeof wakeClasses)[number]["name"], label: string): TableRow => ({
    cells: [label, `${from[name]}`, `${to[name]}`],
    tone: name === "herd" && from.herd !== to.herd ? (to.herd < from.herd ? "good" : "bad") : "neutral",
  })
  if (from.total + to.total === 0) return { title: "wakes", header: ["wakes"], rows: [], note: "no wakes" }
  return {
    title: "wakes",
    header: ["wakes", run.from, run.to],
    rows: [
      row("total", "all"),
      ...wakeClasses.filter(({ name }) => from[name] + to[name] > 0).map(({ name }) => row(name, name)),
    ],
    note: null,
  }
}

/** How far one of the two replays rests on rules: its fidelity, and what that means. */
export const replayWords = (run: DiffRun, side: "from" | "to"): readonly [string, string] => {
  const replay = run.replay[side]
  if (replay.firstDepartureRow === null) return ["fidelity 1", "every input row as recorded"]
  const rules = [
    counted(replay.deferredRuns, "deferred run"),
    `${replay.lostRuns} lost`,
    `${replay.phantomRuns} phantom`,
    counted(replay.mismatches, "mismatch", "mismatches"),
  ]
  const from = `rests on the replay's rules from row ${replay.firstDepartureRow} on`
  return [`fidelity ${share(run.fidelity[side])}`, `${from}: ${rules.join(", ")}`]
}

/** Who waits for what: `<SPOE> a2 waits for req of s3`. */
export const subject = ({ requester, requesterKind, appletName, buffer, summary }: Finding): string => {
  if (requester === null) return summary
  const name = appletName === null ? requesterKind : appletName
  return buffer === "own"
    ? `${name} ${requester} waits for its own buffer`
    : `${name} ${requester} waits for ${buffer}`
}

/** How the wait ended under one of the two semantics, and what was done meanwhile. */
export const sideText = (side: WaitSide | null, { requester }: Finding): string => {
  if (side === null) return "no such wait"
  const stead = side.waiter === requester ? "" : `, ${side.waiter} queued in its stead`
  const meanwhile = [
    counted(side.wakes, "wake") + (side.futileWakes > 0 ? ` (${side.futileWakes} futile)` : ""),
    `${counted(side.buffersFreed, "buffer")} freed`,
    `${counted(side.offers, "offer")} made`,
  ]
  return `${side.ending}${stead} at row ${side.endRow}, ${milliseconds(side.endTimeUs)}: ${meanwhile.join(", ")}`
}

/** The command that explains a finding's wait: the finding's own, in the words of `explain`. */
export const explaining = ({ command, beginRow, from, requester }: Finding): ReadonlyArray<string> => {
  const words = /^wakediff diff --from (\S+) --to (\S+)((?: --without \S+)*) --only \S+ /.exec(command)
  if (words === null || requester === null) return []
  const [own, first, second, without] = words as unknown as [string, string, string, string]
  // What only the second semantics has is explained under that one; `--without` must go on meaning the same one.
  if (from === null && without !== "" && !first.endsWith("pre-fix")) return []
  const [under, beside] = from === null ? [second, first] : [first, second]
  const rest = command.slice(own.length)
  return [`wakediff explain --row ${beginRow} --under ${under} --beside ${beside}${without} ${rest}`]
}
