import { Argument, Command, Flag } from "effect/cli"
import { findingForms } from "../analysis/shrink/question.ts"
import { readingFlags, semanticsFlag, without } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"

const findings = findingForms.map(({ form, meaning }) => paragraph(`${form} - ${meaning}.`)).join("\n")

export const shrink = Command.make(
  "shrink",
  {
    trace: Argument.String("TRACE").pipe(
      Argument.withDescription("One recording, plain, gzip or zstd; - for standard input"),
    ),
    keep: Flag.String("keep").pipe(
      Flag.withMetavar("FINDING"),
      Flag.withDescription("What the smaller trace must still show: one of the findings above"),
    ),
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("OUT"),
      Flag.withDescription("Where the smaller trace goes, as CSV; - for standard output"),
    ),
    under: semanticsFlag(
      "under",
      "The semantics that shows it; without it, the one that made the trace, and of a deviation, the branch after the fix",
    ).pipe(Flag.optional),
    without,
    beside: semanticsFlag(
      "beside",
      "The second semantics of a difference; without it, the trace's branch after the fix",
    ).pipe(Flag.optional),
    ...readingFlags,
  },
  lazily(() => import("./shrink.handler.ts").then((handler) => handler.shrinkCommand)),
).pipe(
  Command.withShortDescription("The smallest trace that still shows a finding"),
  Command.withDescription(
    paragraph(
      "Leaves out of a trace what a finding does not need: time before and behind it, entities, runs, single operations, " +
        "buffers of the pool. Each smaller trace is made anew by the rules of the semantics that made the recording, so that it is " +
        "a valid trace of its own. Of the result nothing more can be left out alone.",
    ) + `\n\nFindings:\n${findings}`,
  ),
  Command.withExamples([
    {
      command: "wakediff shrink run.csv.gz --keep ending:starved -o starved.csv",
      description: "why does somebody wait for ever?",
    },
    {
      command: "wakediff shrink run.csv.gz --keep deviation --under 1.7-post-fix -o deviates.csv",
      description: "the shortest proof that this build is not the fix",
    },
    {
      command: "wakediff shrink run.csv.gz --keep difference:fixed --beside 1.7-post-fix -o -",
      description: "a wait that the fix ends better, on standard output",
    },
  ]),
)
