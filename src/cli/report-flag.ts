import { Option } from "effect"
import { Flag } from "effect/cli"
import { reportKindNames, reportKinds } from "../reports/kinds.ts"
import { didYouMean } from "../semantics/did-you-mean.ts"

/** One `--report KIND=PATH`; a path of `-` is standard output. */
export interface ReportRequest {
  readonly kind: (typeof reportKindNames)[number]
  readonly path: string
}

const form = `KIND=PATH, with one of ${reportKindNames.join(", ")}`

const parsed = (text: string): Option.Option<ReportRequest> => {
  const [, name = "", path = ""] = /^([^=]*)=(.+)$/s.exec(text) ?? []
  const kind = reportKindNames.find((known) => known === name)
  return kind === undefined ? Option.none() : Option.some({ kind, path })
}

const problem = (text: string): string => {
  const [name = ""] = text.split("=")
  const nearest = didYouMean(name, reportKindNames)
  const isKind = reportKindNames.some((known) => known === name)
  if (isKind) return `${form}; after ${name} there is no path`
  return nearest === undefined ? form : `${form}; did you mean ${nearest}?`
}

/** `--report`, any number of times. */
export const reportFlag = Flag.String("report").pipe(
  Flag.withMetavar("KIND=PATH"),
  Flag.filterMap(parsed, problem),
  Flag.atLeast(0),
  Flag.withDescription(
    `Write a report to a file, - for standard output; repeatable. ${reportKinds.map(({ name, meaning }) => `${name}: ${meaning}`).join("; ")}`,
  ),
)
