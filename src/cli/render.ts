import { Argument, Command } from "effect/cli"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"
import { reportFlag } from "./report-flag.ts"

export const render = Command.make(
  "render",
  {
    result: Argument.String("RESULT").pipe(
      Argument.withDescription("A result as --report json=PATH or --json wrote it; - for standard input"),
    ),
    reports: reportFlag,
  },
  lazily(() => import("./render.handler.ts").then((module) => module.renderCommand)),
).pipe(
  Command.withShortDescription("Make reports of a saved result, without replaying"),
  Command.withDescription(
    paragraph(
      "Renders a saved result as any report kind; without --report, as text. What --report json=PATH wrote holds the timelines, " +
        "which the kinds html and perfetto show; what --json printed does not. Exit code 0 whatever the result says: the command " +
        "that made it has told.",
    ),
  ),
  Command.withExamples([
    {
      command: "wakediff diff traces --report json=result.json",
      description: "Save a result",
    },
    {
      command: "wakediff render result.json --report html=result.html --report perfetto=result.perfetto.json",
      description: "Look at it in a browser, and in ui.perfetto.dev",
    },
  ]),
)
