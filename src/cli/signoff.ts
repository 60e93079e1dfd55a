import { Command } from "effect/cli"
import { jobs, json, readingFlags, semanticsFlag, traces, without } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"
import { reportFlag } from "./report-flag.ts"

export const signoff = Command.make(
  "signoff",
  {
    traces,
    against: semanticsFlag(
      "against",
      "What the traces must behave as: a name that 'wakediff semantics' lists",
    ),
    without,
    jobs,
    ...readingFlags,
    json,
    reports: reportFlag,
  },
  lazily(() => import("./signoff.handler.ts").then((module) => module.signoffCommand)),
).pipe(
  Command.withShortDescription("What to attach to the merge of a backport"),
  Command.withDescription(
    paragraph(
      "Verifies recordings of one build, and says what they show and what they don't: the verdicts, which parts of the fix they " +
        "confirm, which none of them exercises and what would, what the fix is predicted to change, the hashes of the " +
        "traces and the builds that these claim to be of, and the commands that show each of it again.",
    ),
  ),
  Command.withExamples([
    {
      command: "wakediff signoff --against 1.6-post-fix traces --report markdown=signoff.md",
      description: "For every trace below a folder, as a page for the merge request",
    },
    {
      command: "wakediff signoff --against 1.6-post-fix --without lua-alloc trace.csv.gz",
      description: "A backport that leaves one hunk out on purpose",
    },
  ]),
)
