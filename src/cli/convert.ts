import { Argument, Command, Flag } from "effect/cli"
import { formNames } from "../traces/form-names.ts"
import { readingFlags } from "./flags.ts"
import { paragraph } from "./paragraph.ts"
import { lazily } from "./platform.ts"

export const convert = Command.make(
  "convert",
  {
    trace: Argument.String("IN").pipe(
      Argument.withDescription("One recording in any form; - for standard input"),
    ),
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("OUT"),
      Flag.withDescription("Where the trace goes, and by its name in which form; - for standard output"),
    ),
    to: Flag.Literals("to", formNames).pipe(
      Flag.withDescription("The form, where the name of OUT does not say it"),
      Flag.optional,
    ),
    ...readingFlags,
  },
  lazily(() => import("./convert.handler.ts").then((handler) => handler.convertCommand)),
).pipe(
  Command.withShortDescription("The same trace in another form: smaller, faster to read, or as text"),
  Command.withDescription(
    paragraph(
      `Writes a trace anew, row by row, as ${formNames.slice(0, -1).join(", ")} or ${formNames.at(-1)!}. ` +
        "Every row and every line of the preamble is kept; columns that wakediff does not know are not. CSV comes out in the canonical " +
        "spelling: columns in their order, quotes only where they are needed, lines that end in LF. A CSV that is spelled so comes back " +
        "from any form as the same bytes. OUT is written whole or not at all.",
    ),
  ),
  Command.withExamples([
    {
      command: "wakediff convert run.csv.gz -o run.parquet",
      description: "the smallest file, and the fastest to read",
    },
    {
      command: "wakediff convert run.parquet -o - --to csv",
      description: "the trace as text, on standard output",
    },
    {
      command: "wakediff convert run.csv -o run.csv.zst",
      description: "text still, about as small as gzip makes it, in a third of the time",
    },
    {
      command: "wakediff convert --allow-torn crashed.csv -o run.csv.gz",
      description: "what a process that died has left, without its torn last line",
    },
  ]),
)
