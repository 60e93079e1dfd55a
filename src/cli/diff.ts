import { Command, Flag } from "effect/cli"
import { failKindNames, shownFindings } from "../domain/wait.ts"
import { jobs, json, readingFlags, semanticsFlag, traces, without } from "./flags.ts"
import { lazily } from "./platform.ts"
import { reportFlag } from "./report-flag.ts"

export const diff = Command.make(
  "diff",
  {
    traces,
    from: semanticsFlag("from", "The first semantics; without it, the trace's branch before the fix").pipe(
      Flag.optional,
    ),
    to: semanticsFlag("to", "The second semantics; without it, the trace's branch after the fix").pipe(
      Flag.optional,
    ),
    without,
    failOn: Flag.String("fail-on").pipe(
      Flag.withMetavar("KIND,..."),
      Flag.withDescription(
        `Exit with 1 if there is one of these: ${failKindNames.join(", ")}; the last three under the second semantics`,
      ),
      Flag.optional,
    ),
    only: Flag.String("only").pipe(
      Flag.withMetavar("ENTITY"),
      Flag.atLeast(0),
      Flag.withDescription(
        "Show the waits of this requester only, such as a7, unchanged ones too; repeatable",
      ),
    ),
    most: Flag.Int("most").pipe(
      Flag.withMetavar("COUNT"),
      Flag.withDefault(shownFindings),
      Flag.withDescription(`How many findings to show, worst first; ${shownFindings} without it`),
    ),
    jobs,
    json,
    reports: reportFlag,
    ...readingFlags,
  },
  lazily(() => import("./diff.handler.ts").then((handler) => handler.diff)),
).pipe(
  Command.withDescription(
    "Replay traces under two semantics and show who waits and who is woken differently: what a fix changes",
  ),
  Command.withExamples([
    { command: "wakediff diff traces", description: "what the fix changes in every trace of a folder" },
    { command: "wakediff diff run.csv.gz --fail-on regressed,starved", description: "a gate for CI" },
    {
      command: "wakediff diff run.csv.gz --from 1.7-post-fix --to 1.7-post-fix --without notify-release",
      description: "what a backport that misses one hunk does",
    },
    { command: "wakediff diff run.csv.gz --only a7", description: "every wait of one applet" },
  ]),
)
