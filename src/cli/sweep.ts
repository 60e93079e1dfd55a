import { Command, Flag } from "effect/cli"
import { jobs, json, readingFlags, traces } from "./flags.ts"
import { lazily } from "./platform.ts"

export const sweep = Command.make(
  "sweep",
  {
    traces,
    limit: Flag.String("limit").pipe(
      Flag.withMetavar("LIMITS"),
      Flag.withDescription("Pool limits to try: 4..32, or 5,8,12; 0 is none"),
    ),
    reserve: Flag.String("reserve").pipe(
      Flag.withMetavar("RESERVES"),
      Flag.withDescription("Reserves to try, such as 2,4,8; without it, the trace's own"),
      Flag.optional,
    ),
    under: Flag.String("under").pipe(
      Flag.withMetavar("SEMANTICS"),
      Flag.atLeast(0),
      Flag.withDescription("A semantics to replay under; repeatable; without it, before and after the fix"),
    ),
    jobs,
    json,
    ...readingFlags,
  },
  lazily(() => import("./sweep.handler.ts").then((handler) => handler.sweepCommand)),
).pipe(
  Command.withDescription(
    "Replay traces with other pool settings: from which limit on nobody starves, where herds begin",
  ),
  Command.withExamples([
    {
      command: "wakediff sweep --limit 4..32 --reserve 2,4,8 run.csv.gz",
      description: "three reserves, before and after the fix",
    },
    {
      command: "wakediff sweep --limit 8,16,0 --under 1.7-post-fix run.csv.gz",
      description: "what a larger pool would change",
    },
  ]),
)
