import type { DiffRun, Finding, WaitSide } from "../domain/documents.ts"
import type { FailKind, Wait } from "../domain/wait.ts"
import type { Departures } from "../replay/projection.ts"
import { describeChoice, type Choice } from "../semantics/semantics.ts"
import type { WaitChange } from "./change.ts"
import type { Difference, Replay } from "./diff.ts"

/** Makes the command that shows something of this trace again out of the diff's own words. */
type Again = (words: ReadonlyArray<string>) => string

/** A difference as the document that `--json` prints and that every report renders. */
export const diffRun = (
  difference: Difference,
  again: Again,
  failOn: ReadonlyArray<FailKind> = [],
): DiffRun => {
  const { trace, rowCount, from, to, waits, byKind, changed, leftOutCount } = difference
  const gate = failOn.length === 0 ? [] : ["--fail-on", failOn.join(",")]
  const command = again([...choiceWords(difference), ...gate])
  return {
    trace,
    rows: rowCount,
    from: describeChoice(from.choice),
    to: describeChoice(to.choice),
    fidelity: { from: from.fidelity, to: to.fidelity },
    replay: { from: departuresOf(from.departures), to: departuresOf(to.departures) },
    waits,
    waitsByKind: byKind,
    wakes: { from: from.wakes, to: to.wakes },
    findings: [...herds(difference, command), ...changed.map((change) => finding(change, difference, again))],
    findingsLeftOut: leftOutCount,
    failOn,
    fails: failOn.filter((kind) => occurs(difference, kind)),
    command,
  }
}

const occurs = ({ waits, to }: Difference, kind: FailKind): boolean => {
  switch (kind) {
    case "starved":
    case "undefined":
      return waits.to[kind] > 0
    case "herd":
      return to.wakes.herd > 0
    default:
      return waits.changes[kind] > 0
  }
}

const departuresOf = (departures: Departures): DiffRun["replay"]["from"] => ({
  inputRows: departures.inputRowCount,
  inPlaceRows: departures.inPlaceRowCount,
  deferredRuns: departures.deferredRunCount,
  lostRuns: departures.lostRunCount,
  phantomRuns: departures.phantomRunCount,
  mismatches: departures.mismatchCount,
  firstDepartureRow: departures.firstRow,
})

/** The words for the two semantics. `--without` speaks of the second, where that has parts to lose. */
const choiceWords = ({ from, to }: Difference): ReadonlyArray<string> => {
  const without = to.choice.semantics.fix === "post-fix" ? to.choice.without : from.choice.without
  return [
    "--from",
    from.choice.semantics.name,
    "--to",
    to.choice.semantics.name,
    ...without.flatMap((part) => ["--without", part]),
  ]
}

const finding = ({ change, from, to }: WaitChange, difference: Difference, again: Again): Finding => {
  const wait = (from ?? to)!
  return {
    kind: change,
    summary: `${whoWaits(wait)}: ${how(from, difference.from.choice)}, ${how(to, difference.to.choice)}`,
    requester: wait.requester,
    requesterKind: wait.kind,
    appletName: wait.appletName,
    buffer: wait.buffer,
    beginRow: wait.beginRow,
    beginTimeUs: wait.beginTimeUs,
    from: sideOf(from),
    to: sideOf(to),
    command: again([...choiceWords(difference), "--only", wait.requester]),
  }
}

const whoWaits = ({ requester, kind, appletName, buffer }: Wait): string => {
  const name = appletName === null ? kind : `${appletName} applet`
  const whose = buffer === "own" ? "its own buffer" : `the ${buffer.replace(" of ", " buffer of ")}`
  return `${name} ${requester} waits for ${whose}`
}

const how = (wait: Wait | undefined, choice: Choice): string => {
  const under = describeChoice(choice)
  if (wait === undefined) return `no such wait under ${under}`
  const standIn = wait.waiter === wait.requester ? "" : `, with ${wait.waiter} queued in its stead`
  return `${wait.ending} under ${under}${standIn}`
}

const sideOf = (wait: Wait | undefined): WaitSide | null =>
  wait === undefined
    ? null
    : {
        waiter: wait.waiter,
        ending: wait.ending,
        endRow: wait.endRow,
        endTimeUs: wait.endTimeUs,
        wakes: wait.wakeCount,
        futileWakes: wait.futileWakeCount,
        buffersFreed: wait.freedCount,
        offers: wait.offerCount,
      }

/** A herd is a finding of its own: wakes that offers made although they had nothing to give. */
const herds = (difference: Difference, command: string): ReadonlyArray<Finding> =>
  [difference.to, difference.from]
    .filter(({ wakes }) => wakes.herd > 0)
    .map((replay: Replay) => ({
      kind: "herd",
      summary: `${replay.wakes.herd} of the ${replay.wakes.total} wakes under ${describeChoice(replay.choice)} come from offers whose avail is negative: every waiter is woken for a buffer that is not there`,
      requester: null,
      requesterKind: null,
      appletName: null,
      buffer: null,
      beginRow: replay.firstHerdWake?.row ?? 0,
      beginTimeUs: replay.firstHerdWake?.timeUs ?? 0,
      from: null,
      to: null,
      command,
    }))
