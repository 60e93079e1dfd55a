import { Command } from "effect/cli"
import { jobs, json, readingFlags, traces } from "./flags.ts"
import { lazily } from "./platform.ts"

export const coverage = Command.make(
  "coverage",
  { traces, jobs, json, ...readingFlags },
  lazily(() => import("./coverage.handler.ts").then((handler) => handler.coverageCommand)),
).pipe(
  Command.withDescription(
    "What a corpus exercises: parts of the fix, sites, what the queue can do; and what would reach the rest",
  ),
  Command.withExamples([
    { command: "wakediff coverage recordings", description: "all traces of a folder together" },
  ]),
)
