/** The pages beside the baselines, for people. */
import { Effect } from "effect"
import type { Baseline } from "../../domain/documents.ts"
import { ciIndex } from "../../reports/ci-index.ts"
import { reportKinds, type ReportKind } from "../../reports/kinds.ts"
import { baselineView } from "../../reports/views/baseline.ts"
import { notes } from "../view.ts"
import { pageMark } from "./baselines.ts"

const page: ReportKind = reportKinds.find(({ name }) => name === "markdown")!

/** The page of one baseline. */
export const pageText = (baseline: Baseline): Effect.Effect<string> =>
  Effect.map(Effect.promise(page.load), (render) => render(baselineView(baseline, notes)).file)

/** The page that lists the baselines, by their names. */
export const indexText = (baselines: ReadonlyMap<string, Baseline>): string => ciIndex(baselines, pageMark)
