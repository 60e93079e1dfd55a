import { Command, Flag } from "effect/cli"
import { everyBranch } from "../semantics/part.ts"
import { jobs, json, readingFlags, traces } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"
import { reportFlag } from "./report-flag.ts"

export const diagnose = Command.make(
  "diagnose",
  {
    traces,
    branch: Flag.Literals("branch", everyBranch).pipe(
      Flag.withDescription("The line of HAProxy releases; without it, what the trace says of itself"),
      Flag.optional,
    ),
    jobs,
    json,
    reports: reportFlag,
    ...readingFlags,
  },
  lazily(() => import("./diagnose.handler.ts").then((module) => module.diagnoseCommand)),
).pipe(
  Command.withShortDescription("Which hunk of the fix does a recording miss?"),
  Command.withDescription(
    paragraph(
      "Finds the smallest sets of parts of the fix to turn back, or to apply, under which each trace conforms, and names the " +
        "hunks that are missing. Several traces are taken as recordings of one build, and diagnosed together, too: each excludes " +
        "what the others leave open. Exit code 1 where a hunk is missing or nothing explains a trace, 0 where the complete code " +
        "before or after the fix does, 4 where a trace cannot tell.",
    ),
  ),
  Command.withExamples([
    { command: "wakediff diagnose trace.csv.gz", description: "What does this backport miss?" },
    {
      command: "wakediff diagnose recordings --branch 1.6",
      description: "The same for a build of which there are several recordings",
    },
    { command: "zcat trace.csv.gz | wakediff diagnose --json -", description: "The same as a JSON document" },
  ]),
)
