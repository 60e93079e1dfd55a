import { expect, it } from "@effect/vitest"
import { Cause, Data, Effect, Exit, Layer } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { TestConsole } from "effect/testing"
import { exits, finish } from "./exit.ts"
import { parsingOnly } from "./platform.ts"
import { complaint, endingOf, presentation, reportFailure, teardownAfter } from "./present.ts"
import { root } from "./root.ts"

class TornLine extends Data.TaggedError("TornLine")<{ readonly file: string }> {
  readonly exitCode = exits.unreadable.code
  override get message() {
    return `${this.file}:7: the last line is torn`
  }
}

const ends = {
  well: Effect.void,
  finding: finish([0, 1]),
  torn: Effect.fail(new TornLine({ file: "a\x1b[31m.csv" })),
  defect: Effect.die(new Error("unreachable")),
  stranger: Effect.fail({ _tag: "Unmapped" }),
  interrupt: Effect.interrupt,
}

const trial = Command.make("wakediff").pipe(
  Command.withSubcommands([
    Command.make(
      "end",
      {
        how: Argument.Literals("how", ["well", "finding", "torn", "defect", "stranger", "interrupt"]),
        rows: Flag.Int("rows").pipe(Flag.optional),
      },
      ({ how }): Effect.Effect<void, unknown> => ends[how],
    ),
  ]),
)

/** Runs a command line as main does, and returns what it printed and the exit code. */
const run = <Input, Context, E>(
  command: Command.Command<"wakediff", Input, Context, E, never>,
  line: string,
) =>
  Effect.gen(function* () {
    const exit = yield* Command.runWith(command, { version: "1.2.3" })(line.split(" ").filter(Boolean)).pipe(
      Effect.onError(reportFailure),
      Effect.provide(Layer.merge(parsingOnly, presentation)),
      Effect.exit,
    )
    let code = -1
    teardownAfter(() => undefined)(exit, (exitCode) => {
      code = exitCode
    })
    const out = (yield* TestConsole.logLines).join("\n")
    const err = (yield* TestConsole.errorLines).join("\n")
    return { out, err, code }
  })

it.effect("help that was asked for goes to standard output and lists the exit codes", () =>
  Effect.gen(function* () {
    const { out, err, code } = yield* run(root, "--help")
    expect(code).toBe(0)
    expect(err).toBe("")
    expect(out).toContain("EXIT CODES")
    expect(out).toContain(exits.inconclusive.meaning)
    expect(out).not.toMatch(/--wizard|--log-level/)
  }),
)

it.effect("a bare command is a usage error with the help on standard error", () =>
  Effect.gen(function* () {
    const { out, err, code } = yield* run(root, "")
    expect([out, code]).toEqual(["", 2])
    expect(err).toContain("USAGE")
  }),
)

it.effect("the version is name and number", () =>
  Effect.gen(function* () {
    expect(yield* run(root, "--version")).toEqual({ out: "wakediff 1.2.3", err: "", code: 0 })
  }),
)

it.effect.each([
  ["end", /^wakediff: .*how.*\nTry 'wakediff end --help'$/],
  ["end well --rows x", /^wakediff: .*rows.*\nTry 'wakediff end --help'$/],
  ["end well --row 1", /^wakediff: .*--row.*\nTry 'wakediff end --help'$/s],
  ["edn", /^wakediff: .*edn.*\nTry 'wakediff --help'$/s],
] as const)("a wrong command line is answered in few lines: %j", ([line, expected]) =>
  Effect.gen(function* () {
    const { out, err, code } = yield* run(trial, line)
    expect([out, code]).toEqual(["", 2])
    expect(err).toMatch(expected)
  }),
)

it.effect.each([
  ["well", 0, ""],
  ["finding", 1, ""],
  ["torn", 3, String.raw`wakediff: a\x1b[31m.csv:7: the last line is torn`],
  ["interrupt", 130, "wakediff: interrupted"],
] as const)("a run that ends %s", ([how, expectedCode, expected]) =>
  Effect.gen(function* () {
    const { err, code } = yield* run(trial, `end ${how}`)
    expect([err, code]).toEqual([expected, expectedCode])
  }),
)

it.effect.each(["defect", "stranger"])("a %s is a bug of ours, with what to report", (how) =>
  Effect.gen(function* () {
    const { err, code } = yield* run(trial, `end ${how}`)
    expect(code).toBe(70)
    expect(err).toMatch(/^wakediff: this is a bug of ours \(exit 70\)\n/)
    expect(err).toContain(`node ${process.version}`)
    expect(err).toContain("command: wakediff")
    expect(err).toMatch(how === "defect" ? /Error: unreachable\n\s+at / : /Unmapped/)
    expect(err).toContain("Please open an issue")
  }),
)

it("a defect outweighs an error, and an error an interruption", () => {
  const error = Cause.fail(new TornLine({ file: "a" }))
  expect(endingOf(Cause.combine(error, Cause.interrupt(1))).exitCode).toBe(3)
  expect(endingOf(Cause.combine(error, Cause.die("x"))).exitCode).toBe(70)
})

it("a termination has its own code", () => {
  const codes: Array<number> = []
  teardownAfter(() => "SIGTERM")(Exit.interrupt(1), (code) => codes.push(code))
  teardownAfter(() => "SIGINT")(Exit.interrupt(1), (code) => codes.push(code))
  expect(codes).toEqual([143, 130])
})

it("a complaint of several lines stays one block", () => {
  expect(complaint("one\ntwo\x07\n")).toBe("wakediff: one\n  two\\x07")
})
