/** The configuration of `wakediff ci`: what a file may say, and the one place where it is found wrong. */
import { Effect, Result, Schema, SchemaIssue } from "effect"
import { BadUsage } from "../../domain/errors.ts"
import { inert } from "../../domain/text.ts"
import { failKindNames } from "../../domain/wait.ts"
import { didYouMean } from "../../semantics/did-you-mean.ts"
import { partNames } from "../../semantics/registry.ts"
import { semanticsNames } from "../../semantics/semantics.ts"
import { chosen } from "../choice.ts"

const Text = Schema.String.pipe(Schema.check(Schema.isMinLength(1)))
const Texts = Schema.Union([Text, Schema.Array(Text).pipe(Schema.check(Schema.isMinLength(1)))])
const SemanticsWord = Schema.Literals(semanticsNames)
const Parts = Schema.Array(Schema.Literals(partNames))

/** What is expected of some of the traces. */
const Expectation = Schema.Struct({
  files: Texts.annotate({
    description:
      "globs, as paths from this file's folder; of several entries the first that matches a trace counts",
  }),
  against: SemanticsWord.annotate({ description: "what the traces must behave as" }),
  without: Schema.optionalKey(Parts).annotate({ description: "parts of `against` that are turned back" }),
  from: Schema.optionalKey(SemanticsWord).annotate({
    description: "the first semantics of the diff; the trace's branch before the fix without it",
  }),
  to: Schema.optionalKey(SemanticsWord).annotate({
    description: "the second semantics of the diff; the trace's branch after the fix without it",
  }),
})
export type Expectation = typeof Expectation.Type

export const CiConfig = Schema.Struct({
  $schema: Schema.optionalKey(Schema.String),
  traces: Schema.optionalKey(Texts).annotate({ description: 'folders and files; "traces" without it' }),
  baseline: Schema.optionalKey(Text).annotate({
    description: 'the folder that holds the baselines; "reports" without it',
  }),
  failOn: Schema.optionalKey(Schema.Array(Schema.Literals(failKindNames))).annotate({
    description: "kinds of change that fail, whether the baseline knows them or not",
  }),
  jobs: Schema.optionalKey(Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(1)))).annotate({
    description: "how many traces to replay at a time; as many as there are processors without it",
  }),
  expect: Schema.optionalKey(Schema.Array(Expectation)),
})
export type CiConfig = typeof CiConfig.Type

/** What a configuration file holds; `file` is its path, for errors. */
export const decodeConfig = (file: string, value: unknown): Effect.Effect<CiConfig, BadUsage> =>
  Effect.gen(function* () {
    const decoded = Schema.decodeUnknownResult(CiConfig, decoding)(value)
    if (Result.isFailure(decoded)) return yield* badConfig(file, decoded.failure.issue, value)
    for (const [at, { against, without }] of (decoded.success.expect ?? []).entries()) {
      yield* chosen(against, without).pipe(
        Effect.mapError(
          ({ problem, advice }) =>
            new BadUsage({ problem: `${inert(file)}: expect[${at}].without: ${problem}`, advice }),
        ),
      )
    }
    return decoded.success
  })

/** Every problem is collected, only the first is told: one at a time is what people mend. */
const decoding = { errors: "all", onExcessProperty: "error", reportInput: true } as const

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const badConfig = (
  file: string,
  issue: SchemaIssue.Issue,
  value: unknown,
): Effect.Effect<never, BadUsage> => {
  const [{ path = [], message }] = format(issue).issues as [
    { readonly path?: ReadonlyArray<PropertyKey>; readonly message: string },
  ]
  const isKey = message.startsWith("Unexpected key")
  const [word, known] = isKey
    ? [path.at(-1), Object.keys(keysAt(path.length))]
    : [valueAt(value, path), words]
  const nearest = typeof word === "string" ? didYouMean(word, known) : undefined
  const what = isKey ? "there is no such key" : message.charAt(0).toLowerCase() + message.slice(1)
  const place = path.length === 0 ? "" : `${pathText(path)}: `
  return Effect.fail(
    new BadUsage({
      problem: `${inert(file)}: ${inert(place + what)}`,
      advice: nearest === undefined ? undefined : `Did you mean ${nearest}?`,
    }),
  )
}

const words = [...semanticsNames, ...partNames, ...failKindNames]

/** The keys that an object so deep in the file may have. */
const keysAt = (depth: number): object => (depth === 1 ? CiConfig.fields : Expectation.fields)

const valueAt = (value: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce<unknown>(
    (inner, key) => (inner as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key],
    value,
  )

/** `expect[0].against`. */
const pathText = (path: ReadonlyArray<PropertyKey>): string =>
  path
    .map((key, at) => (typeof key === "number" ? `[${key}]` : `${at === 0 ? "" : "."}${String(key)}`))
    .join("")
