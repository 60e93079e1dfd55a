/** What the user sees when help is asked for, when the command line is wrong, and when something fails. */
import { Cause, Console, Effect, Exit, Layer, type Runtime } from "effect"
import { CliConfig, CliError, CliOutput, GlobalFlag } from "effect/cli"
import { commandLine, inert, inertLog } from "../domain/text.ts"
import { exitHelp, exits, Finished, terminatedCode } from "./exit.ts"
import { hasColours, styleOf } from "./terminal.ts"
import { version } from "./version.ts"

/** An error of the user's making, or of the trace's: it says what happened and with which code the process ends. */
export interface UserError {
  readonly _tag: string
  readonly exitCode: number
  readonly message: string
}

export function isUserError(error: unknown): error is UserError {
  return (
    typeof error === "object" &&
    error !== null &&
    "exitCode" in error &&
    typeof error.exitCode === "number" &&
    "message" in error &&
    typeof error.message === "string"
  )
}

const help = (
  doc: Parameters<CliOutput.Formatter["formatHelpDoc"]>[0],
  output: NodeJS.WriteStream,
): string => {
  const text = CliOutput.defaultFormatter({ colors: hasColours(output) }).formatHelpDoc(doc)
  const isRoot = doc.commandPath === undefined || doc.commandPath.length === 1
  return isRoot ? `${text}\n\n${exitHelp(styleOf(output).bold("EXIT CODES"))}` : text
}

/** Help that was asked for goes to standard output; what answers a wrong command line goes to standard error. */
export const presenter: CliOutput.Presenter = {
  present: (event) => {
    switch (event._tag) {
      case "Version":
        return Console.log(`${event.name} ${event.version}`)
      case "Help":
        return event.reason === "Requested"
          ? Console.log(help(event.helpDoc, process.stdout))
          : Console.error(help(event.helpDoc, process.stderr))
      case "InvalidInvocation": {
        const errors = event.errors.map((error) => complaint(error.message))
        return Console.error([...errors, `Try '${event.commandPath.join(" ")} --help'`].join("\n"))
      }
    }
  },
}

/** The presenter, and the built-in flags: no wizard and no log level, which this tool has no use for. */
export const presentation: Layer.Layer<never> = Layer.mergeAll(
  CliOutput.layerPresenter(presenter),
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
)

/** `wakediff: message`, on as many lines as the message has, each inert. */
export function complaint(message: string): string {
  return inertLog(`wakediff: ${message.trim().split("\n").map(inert).join("\n  ")}`)
}

/** Prints a user's error and goes on: for a command that reports each of several traces. */
export function complain(error: { readonly message: string }): Effect.Effect<void> {
  return Console.error(complaint(error.message))
}

/** What a failed run means: the exit code, and what is still to be printed on standard error. */
export interface Ending {
  readonly exitCode: number
  readonly text: string | undefined
}

/** Reads a failure's cause. A defect outweighs an error, an error outweighs an interruption. */
export function endingOf(cause: Cause.Cause<unknown>): Ending {
  const defect = cause.reasons.some((reason) => reason._tag === "Die")
  if (defect) return { exitCode: exits.bug.code, text: bugReport(Cause.pretty(cause)) }
  if (Cause.hasInterruptsOnly(cause))
    return { exitCode: exits.interrupted.code, text: complaint("interrupted") }
  const error = Cause.squash(cause)
  if (error instanceof Finished) return { exitCode: error.exitCode, text: undefined }
  if (isUserError(error)) return { exitCode: error.exitCode, text: complaint(error.message) }
  if (CliError.isCliError(error)) {
    // ShowHelp has been presented already; a handler's own usage error has not.
    return {
      exitCode: exits.usage.code,
      text: error._tag === "ShowHelp" ? undefined : complaint(error.message),
    }
  }
  return { exitCode: exits.bug.code, text: bugReport(Cause.pretty(cause)) }
}

/** Prints what the cause of a failure leaves to be said. */
export function reportFailure(cause: Cause.Cause<unknown>): Effect.Effect<void> {
  const { text } = endingOf(cause)
  return text === undefined ? Effect.void : Console.error(text)
}

/** The process's exit code from the program's exit; `signal` tells a termination from an interruption. */
export function teardownAfter(signal: () => NodeJS.Signals | undefined): Runtime.Teardown {
  return (exit, done) => {
    const exitCode = Exit.isSuccess(exit) ? exits.nothingFound.code : endingOf(exit.cause).exitCode
    done(exitCode === exits.interrupted.code && signal() === "SIGTERM" ? terminatedCode : exitCode)
  }
}

/** The block that a bug of ours prints: all that a report needs, to be copied as it stands. */
export function bugReport(error: string): string {
  const lines = error.split("\n").map((line) => `  ${inertLog(inert(line))}`)
  return [
    `wakediff: this is a bug of ours (exit ${exits.bug.code})`,
    "",
    `  wakediff ${version}, node ${process.version}, ${process.platform}-${process.arch}`,
    `  command: ${commandLine(["wakediff", ...process.argv.slice(2)])}`,
    ...lines,
    "",
    "Please open an issue where you got wakediff from, with this whole text, and the trace if you may share it.",
  ].join("\n")
}
