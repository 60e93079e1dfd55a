import { createHash } from "node:crypto"
import { inert, spelled } from "../../domain/text.ts"
import type { Renderer } from "../kinds.ts"
import { counted } from "../layout.ts"
import type { ReportFinding, ReportView, Rule } from "../view.ts"
import { leftOutCount, placeText, ranked, shortened } from "./findings.ts"

/** SARIF 2.1.0 (OASIS), within what GitHub's code scanning takes. */
export const sarif: Renderer = (view) => ({ file: `${JSON.stringify(log(view), null, 2)}\n` })

/** GitHub refuses a run with more of them. */
const mostResults = 25_000
/** GitHub shows no more places of a result. */
const mostLocations = 100
/** GitHub's limit for what a rule says; a message is cut there, too. */
const longestText = 1024

const log = (view: ReportView): object => {
  const findings = ranked(view)
  const shown = findings.slice(0, mostResults)
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: driver(view) },
        // Results of one command never close those of another.
        automationDetails: { id: `wakediff/${inert(view.command)}/` },
        invocations: [invocation(view, findings.length - shown.length + leftOutCount(view))],
        columnKind: "utf16CodeUnits",
        results: results(shown, view),
      },
    ],
  }
}

const driver = (view: ReportView): object => ({
  name: "wakediff",
  version: inert(view.version),
  semanticVersion: inert(view.version),
  rules: view.rules.map(descriptor),
  notifications: [
    { id: "refused", shortDescription: { text: "A trace cannot be read." } },
    { id: "left-out", shortDescription: { text: "There are more findings than the report has." } },
  ],
})

const descriptor = (rule: Rule): object => ({
  id: inert(rule.name),
  shortDescription: message(rule.meaning),
  fullDescription: message(rule.meaning),
  help: message(rule.meaning),
  defaultConfiguration: { level: rule.level },
})

const invocation = (view: ReportView, leftOut: number): object => ({
  executionSuccessful: view.refused.length === 0,
  toolExecutionNotifications: [
    ...view.refused.map((refusal) => ({
      descriptor: { id: "refused" },
      level: "error",
      message: message(refusal.error),
      locations: [location(refusal.trace, refusal.line)],
    })),
    ...(leftOut === 0
      ? []
      : [
          {
            descriptor: { id: "left-out" },
            level: "note",
            message: message(`${counted(leftOut, "more finding")} left out`),
          },
        ]),
  ],
})

const results = (findings: ReadonlyArray<ReportFinding>, view: ReportView): ReadonlyArray<object> => {
  const ruleIndexes = new Map(view.rules.map(({ name }, index) => [name, index]))
  const traces = view.runs.slice(0, mostLocations).map(({ trace }) => trace)
  const seen = new Map<string, number>()
  return findings.map((finding) => {
    const ruleIndex = ruleIndexes.get(finding.rule)
    return {
      ruleId: inert(finding.rule),
      ...(ruleIndex === undefined ? {} : { ruleIndex }),
      level: finding.level,
      message: message(finding.title, placeText(finding), ...finding.details),
      // GitHub wants one: what is about no trace alone is about all.
      locations:
        finding.trace === null
          ? traces.map((trace) => location(trace, 0))
          : [location(finding.trace, finding.line ?? 0)],
      partialFingerprints: { "wakediff/v1": fingerprint(finding, seen) },
      properties: {
        ...(finding.row === null ? {} : { row: finding.row }),
        ...(finding.timeUs === null ? {} : { timeUs: finding.timeUs }),
        ...(finding.entity === null ? {} : { entity: inert(finding.entity) }),
        commands: finding.commands.map(inert),
      },
    }
  })
}

/** A hash of the finding's identity, and the how manyth of this identity it is. */
const fingerprint = ({ identity }: ReportFinding, seen: Map<string, number>): string => {
  const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex")
  const place = (seen.get(hash) ?? 0) + 1
  seen.set(hash, place)
  return `${hash}:${place}`
}

/** Lines of plain text. `[text](target)` would be a link in it. */
const message = (...lines: ReadonlyArray<string>): { readonly text: string } => ({
  text: shortened(
    lines
      .filter((line) => line !== "")
      .map((line) => inert(line).replaceAll(/(?<=\])\(/g, spelled))
      .join("\n"),
    longestText,
  ),
})

/** A line of a trace; 0 where none can be named. */
const location = (trace: string, line: number): object => ({
  physicalLocation: {
    artifactLocation: { uri: uriOf(trace) },
    ...(line === 0 ? {} : { region: { startLine: line } }),
  },
})

/** A path as a reference: relative to the repository's root, as GitHub takes it, unless it begins at the file system's. */
const uriOf = (trace: string): string => {
  const path = trace
    .toWellFormed()
    .replace(/^(?:\.\/+)+/, "")
    .split("/")
    .map(encodeURIComponent)
    .join("/")
  return path.startsWith("/") ? `file://${path}` : path
}
