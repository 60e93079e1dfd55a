import { Command } from "effect/cli"
import { corpusFlags } from "./ci.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"

export const review = Command.make(
  "review",
  corpusFlags,
  lazily(() => import("./review.handler.ts").then((module) => module.reviewCommand)),
).pipe(
  Command.withShortDescription("Accept or reject what 'wakediff ci' finds changed, one by one"),
  Command.withDescription(
    paragraph(
      "Replays the corpus as 'wakediff ci' does, shows each baseline that is changed, missing or obsolete, and asks what to do with " +
        "it. What is accepted is written at once; the rest stays as it is. Exit code 1 while something is left. Needs a terminal.",
    ),
  ),
  Command.withExamples([
    { command: "wakediff review", description: "what wakediff.config.json says" },
    { command: "wakediff review --last-failed", description: "only what failed in the last run here" },
  ]),
)
