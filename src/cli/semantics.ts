import { Command } from "effect/cli"
import { json } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"

export const semantics = Command.make(
  "semantics",
  { json },
  lazily(() => import("./semantics.handler.ts").then((module) => module.semanticsCommand)),
).pipe(
  Command.withShortDescription("The semantics, and the parts of the fix"),
  Command.withDescription(
    paragraph(
      "Lists every semantics that a trace can be replayed under, and every part of the fix: where it lives in HAProxy's " +
        "source, what the code did before it and does after it, and what it looks like when a backport misses it.",
    ),
  ),
  Command.withExamples([
    { command: "wakediff semantics", description: "To read" },
    { command: "wakediff semantics --json", description: "The same as a JSON document" },
  ]),
)
