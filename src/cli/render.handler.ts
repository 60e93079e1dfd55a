import { Effect } from "effect"
import { BadUsage, quoted } from "../domain/errors.ts"
import { textOf, viewedKinds, type ViewedKind } from "../reports/views.ts"
import { openReports } from "./outputs.ts"
import { complain } from "./present.ts"
import type { ReportRequest } from "./report-flag.ts"
import { readResult } from "./saved-result.ts"
import { say } from "./say.ts"
import { styleOf, terminalWidth } from "./terminal.ts"
import { notes, viewing } from "./view.ts"

/** `wakediff render`: exit code 0 where the reports are written, whatever they say. */
export const renderCommand = (flags: {
  readonly result: string
  readonly reports: ReadonlyArray<ReportRequest>
}) =>
  Effect.gen(function* () {
    const outputs = yield* openReports(flags.reports, { inputs: [flags.result] })
    const { kind, document } = yield* readResult(flags.result)
    if (!isViewed(kind)) {
      return yield* new BadUsage({
        problem: `${quoted(flags.result)} is a result of '${kind}', which has no reports`,
        advice: `There are reports of ${viewedKinds.join(", ")}`,
      })
    }
    for (const { error } of document.refused) yield* complain({ message: error })
    if (flags.reports.length === 0) {
      const terminal = { notes, style: styleOf(), width: terminalWidth() }
      return yield* say(textOf(kind, document as never, terminal))
    }
    yield* outputs.write(yield* viewing(kind, document as never))
  }).pipe(Effect.scoped)

const isViewed = (kind: string): kind is ViewedKind => viewedKinds.some((known) => known === kind)
