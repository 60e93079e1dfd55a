import { Clock, Console, Effect, Option, Stream } from "effect"
import { BadUsage, quoted } from "../domain/errors.ts"
import { inert, inertLog } from "../domain/text.ts"
import { encodeTrace } from "../traces/encode.ts"
import { fileFormOf, fileForms, type FileForm } from "../traces/file-forms.ts"
import { formNames } from "../traces/form-names.ts"
import { readTrace } from "../traces/read.ts"
import { readingOf } from "./flags.ts"
import { complain } from "./present.ts"
import { counter, withProgress } from "./progress.ts"
import { say } from "./say.ts"
import { sizeText } from "./size.ts"
import { openWholeStream, refuseInput } from "./whole-file.ts"

interface ConvertFlags {
  readonly trace: string
  readonly output: string
  readonly to: Option.Option<string>
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}

/** `wakediff convert`. */
export const convertCommand = (flags: ConvertFlags) =>
  Effect.gen(function* () {
    const { trace: path, output: outputPath } = flags
    const form = yield* formOf(outputPath, Option.getOrUndefined(flags.to))
    yield* refuseTerminal(outputPath, form)
    yield* refuseInput("--output", outputPath, path)
    const output = yield* openWholeStream(outputPath, `--output ${outputPath}`)

    let torn: number | undefined
    let writtenBytes = 0
    const progress = counter(path)
    const batches = readTrace(path, {
      ...readingOf(flags),
      progress,
      reuse: true,
      onTorn: (line) => {
        torn = line
      },
    })
    const writing = Stream.runForEachWhile(encodeTrace(batches, form), (bytes) => {
      writtenBytes += bytes.length
      return Effect.map(output.write(bytes), () => !output.isClosed())
    })
    const sinceMs = yield* Clock.currentTimeMillis
    yield* withProgress(progress, writing, process.stderr, sinceMs)
    yield* output.commit
    if (torn !== undefined)
      yield* complain({ message: `${path}:${torn}: the torn last line was dropped, as --allow-torn asks` })
    if (output.isClosed()) return
    const summary = `${inert(path)} → ${inert(outputPath)}  ${progress.rows} rows, ${sizes(progress.totalBytes || progress.bytes, writtenBytes)}`
    yield* outputPath === "-" ? Console.error(inertLog(summary)) : say(summary)
  }).pipe(Effect.scoped)

/** The form that is asked for, by the name of the output or by `--to`. */
const formOf = (output: string, to: string | undefined): Effect.Effect<FileForm, BadUsage> => {
  const named = fileFormOf(output)
  const asked = fileForms.find(({ name }) => name === to)
  if (named !== undefined && asked !== undefined && named !== asked) {
    return Effect.fail(
      new BadUsage({
        problem: `--output ${quoted(output)} is named as ${named.name}, and --to says ${asked.name}`,
        advice: "Leave out --to, or name the file otherwise",
      }),
    )
  }
  const form = asked ?? named
  if (form !== undefined) return Effect.succeed(form)
  return Effect.fail(
    new BadUsage({
      problem: `--output ${quoted(output)} does not say in which form`,
      advice: `Add --to with one of ${formNames.join(", ")}`,
    }),
  )
}

const refuseTerminal = (
  output: string,
  { name, format, compression }: FileForm,
): Effect.Effect<void, BadUsage> =>
  output === "-" && process.stdout.isTTY && (compression !== undefined || !format.isText)
    ? Effect.fail(
        new BadUsage({
          problem: `${name} is binary data, and standard output is a terminal`,
          advice: "Name a file, or write to a pipe",
        }),
      )
    : Effect.void

/** What became of the size: `1.2 MB → 396.0 kB, 33 %`. */
const sizes = (before: number, after: number): string =>
  `${sizeText(before)} → ${sizeText(after)}, ${Math.round((100 * after) / before)} %`
