import { Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { failKindNames } from "../domain/wait.ts"
import { parseShard, shardForm } from "./ci/shard.ts"
import { jobs, json, readingFlags, semanticsFlag, without } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"
import { reportFlag } from "./report-flag.ts"

/** What says which traces are compared with which baselines, and how: of `ci` and of `review`. */
export const corpusFlags = {
  traces: Argument.String("DIR").pipe(
    Argument.variadic({ min: 0 }),
    Argument.withDescription("Folders of recordings; without it, what the configuration says, or traces"),
  ),
  baseline: Flag.String("baseline").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription(
      "Where the accepted outcomes are; without it, what the configuration says, or reports",
    ),
    Flag.optional,
  ),
  jobs,
  lastFailed: Flag.Boolean("last-failed").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Only the traces that failed in the last run here"),
  ),
  config: Flag.String("config").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("The configuration; without it, the nearest wakediff.config.json, .js, .mjs or .ts"),
    Flag.optional,
  ),
  against: semanticsFlag("against", "What every trace must behave as, whatever the configuration says").pipe(
    Flag.optional,
  ),
  without,
  from: semanticsFlag("from", "The first semantics of the diff, as --against").pipe(Flag.optional),
  to: semanticsFlag("to", "The second semantics of the diff, as --against").pipe(Flag.optional),
  failOn: Flag.String("fail-on").pipe(
    Flag.withMetavar("KIND,..."),
    Flag.withDescription(
      `Fail for one of these, even where the baseline has it: ${failKindNames.join(", ")}`,
    ),
    Flag.optional,
  ),
  ...readingFlags,
}

export const ci = Command.make(
  "ci",
  {
    ...corpusFlags,
    update: Flag.Literals("update", ["all", "changed", "missing", "none"]).pipe(
      Flag.withDefault("none" as const),
      Flag.withDescription(
        "Write baselines anew: the missing ones, or the changed ones too, or all, and remove those of no trace. Never in CI",
      ),
    ),
    shard: Flag.String("shard").pipe(
      Flag.withMetavar("I/N"),
      Flag.filterMap(
        (text) => Option.fromUndefinedOr(parseShard(text)),
        () => shardForm,
      ),
      Flag.withDescription(
        "Do one of N shares of the traces, by a hash of their content; 'wakediff merge' joins them",
      ),
      Flag.optional,
    ),
    json,
    reports: reportFlag,
  },
  lazily(() => import("./ci.handler.ts").then((handler) => handler.ciCommand)),
).pipe(
  Command.withShortDescription("Do all recordings still give what was accepted?"),
  Command.withDescription(
    paragraph(
      "Replays every trace of a corpus, compares the verdict and the diff of each with its baseline, and says what has changed. " +
        "Fails for a changed, a missing and an obsolete baseline, and for a trace that deviates from the semantics that the " +
        "configuration names for it.",
    ),
  ),
  Command.withExamples([
    { command: "wakediff ci", description: "what wakediff.config.json says" },
    { command: "wakediff ci traces --baseline reports", description: "the same without a configuration" },
    { command: "wakediff ci --update changed", description: "accept what has changed, to be committed" },
    { command: "wakediff ci --shard 2/4 --report json=shard-2.json", description: "one of four CI jobs" },
  ]),
)
