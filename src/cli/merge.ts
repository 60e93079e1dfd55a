import { Argument, Command } from "effect/cli"
import { json } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"
import { reportFlag } from "./report-flag.ts"

export const merge = Command.make(
  "merge",
  {
    results: Argument.String("DIR").pipe(
      Argument.variadic({ min: 1 }),
      Argument.withDescription(
        "Results that --report json=PATH of 'wakediff ci' wrote: files, and folders with nothing else in their .json files",
      ),
    ),
    json,
    reports: reportFlag,
  },
  lazily(() => import("./merge.handler.ts").then((module) => module.mergeCommand)),
).pipe(
  Command.withShortDescription("Join the results of the shards of 'wakediff ci'"),
  Command.withDescription(
    paragraph(
      "Joins what the shards of one run of 'wakediff ci' have given into what the whole run would have given, byte for byte, " +
        "and ends as that would have ended. Refuses what is not of one run: another version, another corpus, other settings, a shard that is there " +
        "twice or not at all.",
    ),
  ),
  Command.withExamples([
    {
      command: "wakediff merge shards --report junit=wakediff.xml --report html=wakediff.html",
      description: "What all shards have found, for GitLab and to be downloaded",
    },
  ]),
)
