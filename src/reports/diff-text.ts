import type { DiffRun, Finding, WaitSide } from "../domain/documents.ts"
import type { Paint, Style } from "../domain/style.ts"
import { inert } from "../domain/text.ts"
import { entityKinds } from "../domain/vocabulary.ts"
import { changeNames, endingNames, shownFindings, wakeClasses, type Ending } from "../domain/wait.ts"
import { columns, counted, indent, milliseconds, share } from "./layout.ts"

/** One diff for the terminal: the summary tables and the worst findings. */
export const diffText = (run: DiffRun, style: Style, most: number = shownFindings): string =>
  [
    `${style.bold(inert(run.trace))}  ${counted(run.rows, "row")}`,
    ...indent(replays(run, style)),
    "",
    ...indent(waitTable(run, style)),
    "",
    ...indent(wakeTable(run, style)),
    "",
    ...findings(run, style, most),
  ].join("\n")

const replays = (run: DiffRun, style: Style): ReadonlyArray<string> => {
  const line = (side: "from" | "to") => {
    const replay = run.replay[side]
    const fidelity = run.fidelity[side]
    if (replay.firstDepartureRow === null) return ["fidelity 1", style.dim("every input row as recorded")]
    const rules = [
      counted(replay.deferredRuns, "deferred run"),
      `${replay.lostRuns} lost`,
      `${replay.phantomRuns} phantom`,
      counted(replay.mismatches, "mismatch", "mismatches"),
    ]
    const note = `rests on the replay's rules from row ${replay.firstDepartureRow} on: ${rules.join(", ")}`
    return [`fidelity ${share(fidelity)}`, fidelity < 0.5 ? style.yellow(note) : style.dim(note)]
  }
  return columns(
    [
      ["from", style.cyan(run.from), ...line("from")],
      ["to", style.cyan(run.to), ...line("to")],
    ],
    ["left", "left", "left", "left"],
  )
}

const bad: ReadonlySet<Ending> = new Set<Ending>(["starved", "undefined"])

/** Waits by ending, a pair of columns a kind of requester. Endings and kinds that do not occur are left out. */
const waitTable = (run: DiffRun, style: Style): ReadonlyArray<string> => {
  const kinds = entityKinds
    .map(({ name }) => ({ name, counts: run.waitsByKind[name] }))
    .filter(({ counts }) => endingNames.some((ending) => counts.from[ending] + counts.to[ending] > 0))
  const used = endingNames.filter((ending) => run.waits.from[ending] + run.waits.to[ending] > 0)
  if (used.length === 0) return ["no waits: nobody failed to get a buffer"]
  const all = kinds.length > 1 ? [...kinds, { name: "all", counts: run.waits }] : kinds
  const pair = (from: number, to: number, ending: Ending | undefined): string => {
    const text = from === to ? `${from}` : `${from} → ${to}`
    if (ending === undefined || !bad.has(ending) || from === to) return text
    return to < from ? style.green(text) : style.red(text)
  }
  const table = [
    [style.bold("waits"), ...all.map(({ name }) => style.bold(name))],
    ...used.map((ending) =>
      [`${ending}`].concat(all.map(({ counts }) => pair(counts.from[ending], counts.to[ending], ending))),
    ),
    ["all", ...all.map(({ counts }) => pair(sum(counts.from), sum(counts.to), undefined))],
  ]
  const changes = changeNames.filter((name) => run.waits.changes[name] > 0)
  return [
    ...columns(table, ["left", ...all.map(() => "right" as const)]),
    style.dim(changes.map((name) => `${run.waits.changes[name]} ${name}`).join(", ")),
  ]
}

const sum = (counts: Readonly<Record<Ending, number>>): number =>
  endingNames.reduce((total, name) => total + counts[name], 0)

const wakeTable = (run: DiffRun, style: Style): ReadonlyArray<string> => {
  const { from, to } = run.wakes
  if (from.total === 0 && to.total === 0) return [`${style.bold("wakes")}  none`]
  const rows = [
    [style.bold("wakes"), "", style.bold("from"), style.bold("to")],
    ["all", "", `${from.total}`, `${to.total}`],
    ...wakeClasses
      .filter(({ name }) => from[name] + to[name] > 0)
      .map(({ name, meaning }) => [name, style.dim(meaning), `${from[name]}`, `${to[name]}`]),
  ]
  return columns(
    rows.map(([name, meaning, before, after]) => [name!, before!, after!, meaning!]),
    ["left", "right", "right", "left"],
  )
}

const paintOf = (finding: Finding, style: Style): Paint => {
  if (finding.kind === "regressed" || finding.kind === "herd") return style.red
  if (finding.to !== null && bad.has(finding.to.ending)) return style.red
  return finding.kind === "fixed" ? style.green : style.yellow
}

const findings = (run: DiffRun, style: Style, most: number): ReadonlyArray<string> => {
  const total = run.findings.length + run.findingsLeftOut
  if (total === 0) return indent([style.green("nothing differs"), style.dim(run.command)])
  const shown = run.findings.slice(0, most)
  const heading =
    shown.length === total ? counted(total, "finding") : `the worst ${shown.length} of ${total} findings`
  return [
    ...indent([style.bold(heading)]),
    ...shown.flatMap((finding, at) => indent(oneFinding(finding, at + 1, run, style))),
    ...(shown.length < total ? indent(["", style.dim(`--most ${total} shows all of them`)]) : []),
  ]
}

const oneFinding = (finding: Finding, number: number, run: DiffRun, style: Style): ReadonlyArray<string> => {
  const at = `row ${finding.beginRow}, ${milliseconds(finding.beginTimeUs)}`
  const head = `${`${number}.`.padEnd(3)} ${paintOf(finding, style)(finding.kind)}  ${subject(finding)}  ${style.dim(at)}`
  const sides = [
    [run.from, sideText(finding.from, finding)],
    [run.to, sideText(finding.to, finding)],
  ]
  const body = finding.requester === null ? [] : columns(sides, ["left", "left"])
  const commands = [finding.command, ...explaining(finding)].map((command) => style.dim(command))
  return ["", head, ...indent([...body, ...commands], 4)]
}

/** The command that explains a finding's wait: the finding's own, in the words of `explain`. */
const explaining = ({ command, beginRow, from, requester }: Finding): ReadonlyArray<string> => {
  const words = /^wakediff diff --from (\S+) --to (\S+)((?: --without \S+)*) --only \S+ /.exec(command)
  if (words === null || requester === null) return []
  const [own, first, second, without] = words as unknown as [string, string, string, string]
  // What only the second semantics has is explained under that one; `--without` must go on meaning the same one.
  if (from === null && without !== "" && !first.endsWith("pre-fix")) return []
  const [under, beside] = from === null ? [second, first] : [first, second]
  const rest = command.slice(own.length)
  return [`wakediff explain --row ${beginRow} --under ${under} --beside ${beside}${without} ${rest}`]
}

const subject = ({ requester, requesterKind, appletName, buffer, summary }: Finding): string => {
  if (requester === null) return inert(summary)
  const name = appletName === null ? requesterKind : appletName
  return inert(
    buffer === "own"
      ? `${name} ${requester} waits for its own buffer`
      : `${name} ${requester} waits for ${buffer}`,
  )
}

const sideText = (side: WaitSide | null, { requester }: Finding): string => {
  if (side === null) return "no such wait"
  const stead = side.waiter === requester ? "" : `, ${inert(side.waiter)} queued in its stead`
  const meanwhile = [
    counted(side.wakes, "wake") + (side.futileWakes > 0 ? ` (${side.futileWakes} futile)` : ""),
    `${counted(side.buffersFreed, "buffer")} freed`,
    `${counted(side.offers, "offer")} made`,
  ]
  return `${side.ending}${stead} at row ${side.endRow}, ${milliseconds(side.endTimeUs)}: ${meanwhile.join(", ")}`
}
