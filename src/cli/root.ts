import { Command } from "effect/cli"
import { commands } from "./commands.ts"
import { paragraph } from "./paragraph.ts"

export const root = Command.make("wakediff").pipe(
  Command.withDescription(
    paragraph(
      "Replays recordings of HAProxy's buffer wait queue under several semantics, and shows what a fix changes.",
    ),
  ),
  Command.withSubcommands(commands),
  Command.withExamples([
    { command: "wakediff diff traces", description: "What the fix changes, for every trace below a folder" },
    {
      command: "wakediff verify --against 1.7-post-fix trace.csv.gz",
      description: "Does a recording behave as the fixed code must?",
    },
    { command: "wakediff check - < trace.csv", description: "What a trace holds, read from standard input" },
    { command: "wakediff semantics", description: "The semantics, and the parts of the fix" },
  ]),
)
