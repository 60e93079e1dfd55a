import type { CiChange, DiffRun, Finding, WaitSide } from "../../domain/documents.ts"
import { entityKinds } from "../../domain/vocabulary.ts"
import { endingNames, wakeClasses, type Ending } from "../../domain/wait.ts"
import { changed } from "./changed.ts"

/** What differs between two diffs of one trace: counts of waits, single waits, counts of wakes, and the replays' departures. */
export const diffChanges = (before: DiffRun, after: DiffRun): ReadonlyArray<CiChange> => [
  ...sides.flatMap((side) => [
    ...waitCountChanges(before, after, side),
    ...wakeCountChanges(before, after, side),
    ...replayChanges(before, after, side),
  ]),
  ...waitChanges(before, after),
]

type Side = "from" | "to"

/** The second semantics first: a change there is what the fix does now. */
const sides: ReadonlyArray<Side> = ["to", "from"]

const wanted: ReadonlySet<Ending> = new Set<Ending>(["served directly", "served otherwise"])
const unwanted: ReadonlySet<Ending> = new Set<Ending>(["starved", "undefined"])

const waitCountChanges = (before: DiffRun, after: DiffRun, side: Side): ReadonlyArray<CiChange> =>
  endingNames.toReversed().flatMap((ending) =>
    entityKinds.flatMap(({ name }) => {
      const [was, is] = [before.waitsByKind[name][side][ending], after.waitsByKind[name][side][ending]]
      const subject = `waits of ${name}s, ${ending} under ${after[side]}`
      const weight = unwanted.has(ending) ? -1 : wanted.has(ending) ? 1 : 0
      return countChange("waits", subject, was, is, weight)
    }),
  )

const wakeWeights: Readonly<Record<string, number>> = { futile: -1, misdirected: -1, redundant: -1, herd: -1 }

const wakeCountChanges = (before: DiffRun, after: DiffRun, side: Side): ReadonlyArray<CiChange> =>
  (["total", ...wakeClasses.map(({ name }) => name)] as const).flatMap((name) => {
    const subject = name === "total" ? `wakes under ${after[side]}` : `wakes, ${name} under ${after[side]}`
    return countChange("wakes", subject, before.wakes[side][name], after.wakes[side][name], wakeWeights[name])
  })

/** `weight`: 1 where more is better, -1 where less is, 0 where nobody can tell. */
const countChange = (
  kind: CiChange["kind"],
  subject: string,
  was: number,
  is: number,
  weight = 0,
): ReadonlyArray<CiChange> => {
  if (was === is) return []
  const gain = (is - was) * weight
  return [changed(kind, subject, `${was}`, `${is}`, gain < 0 ? "worse" : gain > 0 ? "better" : "other")]
}

const departures = {
  inPlaceRows: "input rows in their place",
  deferredRuns: "deferred runs",
  lostRuns: "lost runs",
  phantomRuns: "phantom runs",
  mismatches: "mismatches",
} as const

const replayChanges = (before: DiffRun, after: DiffRun, side: Side): ReadonlyArray<CiChange> => {
  const [was, is] = [before.replay[side], after.replay[side]]
  const under = `under ${after[side]}`
  const counts = (Object.keys(departures) as Array<keyof typeof departures>).flatMap((key) =>
    countChange("replay", `${departures[key]} ${under}`, was[key], is[key], key === "inPlaceRows" ? 1 : -1),
  )
  const [first, firstNow] = [firstText(was.firstDepartureRow), firstText(is.firstDepartureRow)]
  if (first === firstNow) return counts
  const place = { row: is.firstDepartureRow, entity: null }
  const subject = `${after[side]} rests on the replay's rules`
  return [changed("replay", subject, first, firstNow, "other", place), ...counts]
}

const firstText = (row: number | null): string => (row === null ? "nowhere" : `from row ${row} on`)

// Single waits.

const waitChanges = (before: DiffRun, after: DiffRun): ReadonlyArray<CiChange> => {
  const [was, is] = [waitsOf(before), waitsOf(after)]
  return [...new Set([...is.keys(), ...was.keys()])].flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)]
    // What is not among the kept findings may be among those that were left out.
    if (old === undefined && before.findingsLeftOut > 0) return []
    if (now === undefined && after.findingsLeftOut > 0) return []
    if (old === undefined || now === undefined) return [comeOrGone(old, now, before, after)]
    return sides.flatMap((side) => sideChange(old, now, side, after[side]))
  })
}

const waitsOf = ({ findings }: DiffRun): ReadonlyMap<string, Finding> =>
  new Map(
    findings
      .filter(({ requester }) => requester !== null)
      .map((finding) => [`${finding.requester}/${finding.buffer}/${finding.beginRow}`, finding]),
  )

const subjectOf = ({ requester, buffer, beginRow }: Finding): string =>
  `${requester} waits for ${buffer === "own" ? "its own buffer" : buffer} (row ${beginRow})`

const placeOf = ({ beginRow, requester }: Finding) => ({ row: beginRow, entity: requester })

const sideChange = (old: Finding, now: Finding, side: Side, under: string): ReadonlyArray<CiChange> => {
  const [was, is] = [sideText(old[side], now), sideText(now[side], now)]
  if (was === is) return []
  const subject = `${subjectOf(now)} under ${under}`
  return [changed("wait", subject, was, is, endingDirection(old[side], now[side]), placeOf(now))]
}

const endingDirection = (old: WaitSide | null, now: WaitSide | null): CiChange["direction"] => {
  const [was, is] = [gradeOf(old), gradeOf(now)]
  return is < was ? "worse" : is > was ? "better" : "other"
}

/** Having no such wait is as good as being served. */
const gradeOf = (side: WaitSide | null): number =>
  side === null || wanted.has(side.ending) ? 2 : unwanted.has(side.ending) ? 0 : 1

const sideText = (side: WaitSide | null, { requester }: Finding): string => {
  if (side === null) return "no such wait"
  const stead = side.waiter === requester ? "" : `, ${side.waiter} queued in its stead`
  return `${side.ending} at row ${side.endRow}${stead}`
}

/** A wait that differed between the two semantics and does not any more, or the other way round. */
const comeOrGone = (
  old: Finding | undefined,
  now: Finding | undefined,
  before: DiffRun,
  after: DiffRun,
): CiChange => {
  const finding = (now ?? old)!
  const direction = now === undefined || !isBad(now) ? (isBad(old) ? "better" : "other") : "worse"
  return changed(
    "wait",
    subjectOf(finding),
    bothTexts(old, before),
    bothTexts(now, after),
    direction,
    placeOf(finding),
  )
}

const bothTexts = (one: Finding | undefined, { from, to }: DiffRun): string =>
  one === undefined
    ? "no difference between the two semantics"
    : `${sideText(one.from, one)} under ${from}, ${sideText(one.to, one)} under ${to}`

const isBad = (finding: Finding | undefined): boolean =>
  finding?.to !== null && finding?.to !== undefined && unwanted.has(finding.to.ending)
