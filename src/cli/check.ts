import { Command } from "effect/cli"
import { jobs, json, readingFlags, traces } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"

export const check = Command.make(
  "check",
  { traces, jobs, ...readingFlags, json },
  lazily(() => import("./check.handler.ts").then((module) => module.checkCommand)),
).pipe(
  Command.withShortDescription("Can a recording be read, and what does it hold?"),
  Command.withDescription(
    paragraph(
      "Reads each trace to its end and says what it is: its preamble, rows, time, entities by kind and applet name, " +
        "events and sites. A trace that cannot be read is answered with the file, line and column of what is wrong.",
    ),
  ),
  Command.withExamples([
    { command: "wakediff check trace.csv.gz", description: "What one recording holds" },
    {
      command: "wakediff check traces --json",
      description: "Every trace below a folder, as a JSON document",
    },
    {
      command: "wakediff check --allow-torn crashed.csv",
      description: "The last line was cut off when the process died: drop it",
    },
  ]),
)
