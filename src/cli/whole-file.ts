/** A file that is written whole or not at all. */
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { Console, Effect } from "effect"
import { BadUsage, quoted } from "../domain/errors.ts"

const kindOf = (path: string): "none" | "file" | "folder" | "other" => {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return "none"
  return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other"
}

const isSame = (one: string, other: string): boolean => {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    // One of them is not there.
    return false
  }
}

/** Refuses an output that is the input, or that cannot be a file; `-` is standard output, or input. */
export const refuseOutput = (output: string, input: string): Effect.Effect<void, BadUsage> =>
  Effect.suspend(() => {
    if (output === "-") return Effect.void
    if (input !== "-" && isSame(output, input)) {
      return Effect.fail(
        new BadUsage({
          problem: `--output ${quoted(output)} is the trace itself`,
          advice: "Name another file",
        }),
      )
    }
    const isFolder = Effect.try({
      try: () => kindOf(output) === "folder",
      catch: (cause) => failed(output, cause),
    })
    return Effect.flatMap(isFolder, (folder) =>
      folder
        ? Effect.fail(
            new BadUsage({ problem: `--output ${quoted(output)} is a folder`, advice: "Name a file in it" }),
          )
        : Effect.void,
    )
  })

/** Writes a text to a file, whole or not at all; `-` is standard output, and a device is written to as it is. */
export const writeWhole = (output: string, text: string): Effect.Effect<void, BadUsage> => {
  if (output === "-") return Console.log(text.replace(/\n$/, ""))
  return Effect.try({
    try: () => {
      if (kindOf(output) === "other") {
        writeFileSync(output, text)
        return
      }
      const part = `${output}.${process.pid}.part`
      try {
        writeFileSync(part, text, { flag: "wx" })
        renameSync(part, output)
      } catch (error) {
        rmSync(part, { force: true })
        throw error
      }
    },
    catch: (cause) => failed(output, cause),
  })
}

const failed = (output: string, cause: unknown): BadUsage =>
  new BadUsage({
    problem: `--output ${quoted(output)} cannot be written: ${cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)}`,
    advice: "Name a file in a folder that you may write to",
  })
