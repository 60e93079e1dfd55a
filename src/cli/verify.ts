import { Command } from "effect/cli"
import { jobs, json, readingFlags, semanticsFlag, traces, without } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"
import { reportFlag } from "./report-flag.ts"

export const verify = Command.make(
  "verify",
  {
    traces,
    against: semanticsFlag(
      "against",
      "What the trace must behave as: a name that 'wakediff semantics' lists",
    ),
    without,
    jobs,
    ...readingFlags,
    json,
    reports: reportFlag,
  },
  lazily(() => import("./verify.handler.ts").then((module) => module.verifyCommand)),
).pipe(
  Command.withShortDescription("Does a recording behave as a semantics predicts?"),
  Command.withDescription(
    paragraph(
      "Replays each trace under one semantics and compares, row by row, what was recorded with what it predicts. " +
        "Says where the trace deviates first, which rule says so, and which parts of the fix the trace confirms.",
    ),
  ),
  Command.withExamples([
    {
      command: "wakediff verify --against 1.7-post-fix trace.csv.gz",
      description: "Does this build behave as the fixed code must?",
    },
    {
      command: "wakediff verify --against 1.6-post-fix --without notify-release traces",
      description: "Did a backport to 1.6 miss this one hunk? For every trace below a folder",
    },
    {
      command: "zcat trace.csv.gz | wakediff verify --against 1.7-pre-fix --json -",
      description: "The same as a JSON document, from standard input",
    },
  ]),
)
