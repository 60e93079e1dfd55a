import { Argument, Command, Flag } from "effect/cli"
import { json, readingFlags, semanticsFlag, without } from "./flags.ts"
import { lazily } from "./platform.ts"

export const explain = Command.make(
  "explain",
  {
    trace: Argument.String("TRACE").pipe(
      Argument.withDescription("One recording, plain, gzip or zstd, or - for standard input"),
    ),
    wait: Flag.Int("wait").pipe(
      Flag.withMetavar("NUMBER"),
      Flag.withDescription("Which wait: its number, 1 for the one that begins first"),
      Flag.optional,
    ),
    entity: Flag.String("entity").pipe(
      Flag.withMetavar("ENTITY"),
      Flag.withDescription("Which wait: the first of this requester, such as a7"),
      Flag.optional,
    ),
    row: Flag.Int("row").pipe(
      Flag.withMetavar("ROW"),
      Flag.withDescription("Which wait: the one that begins, ends or is under way at this row"),
      Flag.optional,
    ),
    under: semanticsFlag("under", "What to replay under; without it, the semantics that made the trace").pipe(
      Flag.optional,
    ),
    beside: semanticsFlag(
      "beside",
      "A second semantics: how the same wait goes there, and where they part",
    ).pipe(Flag.optional),
    without,
    all: Flag.Boolean("all").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Show every event, where like ones are folded otherwise"),
    ),
    json,
    ...readingFlags,
  },
  lazily(() => import("./explain.handler.ts").then((handler) => handler.explainCommand)),
).pipe(
  Command.withDescription(
    "Explain one wait: who failed to get what and why, whom the queue held for it, each offer, and how it ended",
  ),
  Command.withExamples([
    { command: "wakediff explain run.csv.gz --entity a7", description: "the first wait of an applet" },
    {
      command: "wakediff explain run.csv.gz --row 7963 --beside 1.7-post-fix",
      description: "a wait by its row, as recorded and with the fix",
    },
    {
      command: "wakediff explain run.csv.gz --wait 1 --under 1.7-post-fix --without applet-runs --all",
      description: "every event of the first wait under a backport that misses a hunk",
    },
  ]),
)
