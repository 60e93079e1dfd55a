import { spelled } from "../../domain/text.ts"
import { counted } from "../layout.ts"
import type { Renderer } from "../kinds.ts"
import type { Refusal } from "../../domain/documents.ts"
import type { Fact, ReportFinding, ReportView, RunView } from "../view.ts"
import { placeText } from "./findings.ts"
import { element, textElement } from "./xml.ts"

/**
 * Test results: a suite for the command, a case for each trace. GitLab, Jenkins and GitHub's test reporters read one `failure`
 * of a case, and GitLab its text only, so there is one, which says everything. They show nothing of a case that
 * has passed but its `system-out`. `file` is what GitLab and mikepenz/action-junit-report link a case to.
 */
export const junit: Renderer = (view) => {
  const cases = [
    ...(view.findings.length === 0 ? [] : [jointCase(view)]),
    ...view.runs.map((run) => runCase(run, view.command)),
    ...view.refused.map((refusal) => refusalCase(refusal, view.command)),
  ]
  const counts = {
    tests: cases.length,
    failures: cases.filter(({ outcome }) => outcome === "failed").length,
    errors: cases.filter(({ outcome }) => outcome === "refused").length,
  }
  const skipped = cases.filter(({ outcome }) => outcome === "unsure").length
  // The time is always 0: a duration would differ from run to run, and dorny/test-reporter shows NaN where there is none.
  const name = className(view.command)
  const suite = element(
    "testsuite",
    { name, ...counts, skipped, time: 0 },
    cases.map(({ text }) => text),
  )
  const file = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    element("testsuites", { name: "wakediff", ...counts, time: 0 }, [suite]),
    "",
  ]
  return { file: file.join("\n") }
}

interface Case {
  readonly outcome: RunView["outcome"] | "refused"
  readonly text: string
}

/** As the suite is called: dorny/test-reporter makes no groups then. */
const className = (command: string): string => `wakediff.${command}`

/** What is found in several traces together. */
const jointCase = (view: ReportView): Case => {
  const isFailed = errorsOf(view.findings).length > 0
  return {
    outcome: isFailed ? "failed" : "passed",
    text: element("testcase", { name: "all traces together", classname: className(view.command), time: 0 }, [
      ...(isFailed ? [failure(view.headline, view.findings, 0)] : []),
      textElement("system-out", {}, inertLines([view.headline, ...view.findings.flatMap(findingLines)])),
    ]),
  }
}

const runCase = (run: RunView, command: string): Case => {
  const others = run.findings.filter(({ level }) => run.outcome !== "failed" || level !== "error")
  const lines = [
    run.headline,
    ...run.facts.flatMap(factLines),
    ...others.flatMap(findingLines),
    ...leftOutLines(run.findingsLeftOut),
    run.command,
  ]
  return {
    outcome: run.outcome,
    text: testcase(run.trace, command, [...verdict(run), textElement("system-out", {}, inertLines(lines))]),
  }
}

const refusalCase = ({ trace, error }: Refusal, command: string): Case => ({
  outcome: "refused",
  text: testcase(trace, command, [
    textElement("error", { type: "refused", message: error }, inertLines([error])),
  ]),
})

const testcase = (trace: string, command: string, children: ReadonlyArray<string>): string =>
  element("testcase", { name: trace, classname: className(command), file: trace, time: 0 }, children)

/** What a trace counts as. No verdict is neither a pass nor a failure: such a case is skipped, and says why. */
const verdict = (run: RunView): ReadonlyArray<string> => {
  switch (run.outcome) {
    case "passed":
      return []
    case "failed":
      return [failure(run.headline, run.findings, run.findingsLeftOut)]
    case "unsure":
      return [textElement("skipped", {}, inertLines([run.headline]))]
  }
}

/** The worst error gives the type and the message; where all are left out, the headline. */
const failure = (headline: string, findings: ReadonlyArray<ReportFinding>, leftOut: number): string => {
  const errors = errorsOf(findings)
  const [first] = errors
  return textElement(
    "failure",
    { type: first?.rule ?? "failed", message: first?.title ?? headline },
    inertLines([headline, ...errors.flatMap(findingLines), ...leftOutLines(leftOut)]),
  )
}

const errorsOf = (findings: ReadonlyArray<ReportFinding>): ReadonlyArray<ReportFinding> =>
  findings.filter(({ level }) => level === "error")

const findingLines = (finding: ReportFinding): ReadonlyArray<string> => {
  const place = placeText(finding)
  return [
    "",
    `${finding.level} ${finding.rule}: ${finding.title}`,
    ...(place === "" ? [] : [place]),
    ...finding.details,
    ...finding.commands,
  ]
}

const factLines = ({ label, value }: Fact): ReadonlyArray<string> =>
  value.length === 1 ? [`${label}: ${value[0]}`] : [`${label}:`, ...value.map((line) => `  ${line}`)]

const leftOutLines = (count: number): ReadonlyArray<string> =>
  count === 0 ? [] : ["", `${counted(count, "more finding")} left out`]

/** `[[ATTACHMENT|path]]` in a text makes GitLab link, and Jenkins attach, a file of the machine that ran the tests. */
const inertLines = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) => line.replaceAll(/(?<=\[)\[(?=ATTACHMENT)/gi, spelled))
