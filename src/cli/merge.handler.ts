import { Effect, Result } from "effect"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { mergeShards, type ShardResult } from "../analysis/ci/merge.ts"
import { BadResult, reasonOf } from "../domain/errors.ts"
import { inert } from "../domain/text.ts"
import { textOf } from "../reports/views.ts"
import { ciCodes, ciOutcomes } from "./ci/ending.ts"
import { printDocument } from "./document.ts"
import { finish } from "./exit.ts"
import { openReports } from "./outputs.ts"
import { complain } from "./present.ts"
import type { ReportRequest } from "./report-flag.ts"
import { readResult } from "./saved-result.ts"
import { say } from "./say.ts"
import { tally } from "./tally.ts"
import { styleOf, terminalWidth } from "./terminal.ts"
import { notes, viewing } from "./view.ts"

/** `wakediff merge`: the exit codes of `wakediff ci`; 3 where the results don't make one. */
export const mergeCommand = (flags: {
  readonly results: ReadonlyArray<string>
  readonly json: boolean
  readonly reports: ReadonlyArray<ReportRequest>
}) =>
  Effect.gen(function* () {
    // Before the reports are opened: one of them may go to the same folder.
    const files = yield* Effect.forEach(flags.results, filesOf)
    const outputs = yield* openReports(flags.reports, { inputs: files.flat(), json: flags.json })
    const shards = yield* Effect.forEach(files.flat(), readShard)
    const document = yield* Effect.fromResult(mergeShards(shards))
    for (const { error } of document.refused) yield* complain({ message: error })
    if (flags.json) yield* printDocument("ci", document)
    else if (!outputs.ownStdout) {
      yield* say(textOf("ci", document, { notes, style: styleOf(), width: terminalWidth() }))
      yield* say(`\n${tally("trace", ciOutcomes(document))}`)
    }
    yield* outputs.write(yield* viewing("ci", document))
    yield* finish(ciCodes(document))
  }).pipe(Effect.scoped)

const readShard = (file: string): Effect.Effect<ShardResult, BadResult> =>
  Effect.flatMap(readResult(file), ({ kind, document }) =>
    kind === "ci"
      ? Effect.succeed({ file, document })
      : Effect.fail(bad(file, `is a result of 'wakediff ${kind}', and not of 'wakediff ci'`)),
  )

/** The results that an argument means: itself, or every .json file below it, in the order of their paths. */
const filesOf = (argument: string): Effect.Effect<ReadonlyArray<string>, BadResult> =>
  Effect.suspend(() => {
    const listed = Result.try({
      try: () => (statSync(argument).isDirectory() ? readdirSync(argument, { recursive: true }) : undefined),
      catch: reasonOf,
    })
    if (Result.isFailure(listed))
      return Effect.fail(bad(argument, `cannot be read (${inert(listed.failure)})`))
    if (listed.success === undefined) return Effect.succeed([argument])
    const names = listed.success.map(String).filter((name) => name.endsWith(".json"))
    return names.length === 0
      ? Effect.fail(bad(argument, "has no result in it"))
      : Effect.succeed(names.toSorted().map((name) => join(argument, name)))
  })

const bad = (file: string, problem: string): BadResult =>
  new BadResult({
    file,
    line: 0,
    column: 0,
    problem,
    advice: "Give what 'wakediff ci --shard I/N --report json=PATH' wrote, a file a shard",
  })
