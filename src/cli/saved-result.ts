/** Results that were saved as JSON, read back: what `render` and `merge` work on. */
import { readFileSync } from "node:fs"
import { Effect, Schema } from "effect"
import { parse, type ParseError } from "jsonc-parser"
import { documents, type DocumentKind, type Documents } from "../domain/documents.ts"
import { BadResult, quoted, reasonOf } from "../domain/errors.ts"
import { inert } from "../domain/text.ts"

/** A document, and which command made it. */
export type SavedResult = { readonly [K in DocumentKind]: Saved<K> }[DocumentKind]
interface Saved<Kind extends DocumentKind> {
  readonly kind: Kind
  readonly document: Documents[Kind]
}

const advice = "Give a result that wakediff wrote, with --json or --report json=PATH"

/** Reads a result; `-` is standard input. Keys that this version doesn't know are left out. */
export const readResult = (path: string): Effect.Effect<SavedResult, BadResult> =>
  Effect.flatMap(textOf(path), (text) =>
    Effect.flatMap(parsedJson(path, text), (value) => documentIn(path, value)),
  )

const bad = (file: string, problem: string, line = 0, column = 0): BadResult =>
  new BadResult({ file, line, column, problem, advice })

const textOf = (path: string): Effect.Effect<string, BadResult> =>
  Effect.try({
    try: () => readFileSync(path === "-" ? 0 : path, "utf8"),
    catch: (cause) => bad(path, `cannot be read (${inert(reasonOf(cause))})`),
  })

/** The JSON value of a text; where it is none, the place at which it ceases to be one. */
export const parsedJson = (file: string, text: string): Effect.Effect<unknown, BadResult> =>
  Effect.suspend(() => {
    const errors: Array<ParseError> = []
    try {
      return Effect.succeed(JSON.parse(text) as unknown)
    } catch {
      // V8 does not always say where: a second parser does.
      parse(text, errors, { disallowComments: true })
      const before = text.slice(0, errors[0]?.offset ?? text.length).split("\n")
      return Effect.fail(bad(file, "is no JSON from here on", before.length, before.at(-1)!.length + 1))
    }
  })

const documentIn = (file: string, value: unknown): Effect.Effect<SavedResult, BadResult> => {
  const name = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined
  const [, word, number] = /^wakediff\/(\w+)\/(\d+)$/.exec(String(name)) ?? []
  const kind = Object.keys(documents).find((known) => known === word) as DocumentKind | undefined
  if (word === undefined) return Effect.fail(bad(file, `has no key "schema" that names a result of wakediff`))
  if (kind === undefined || number !== "1") {
    const known = Object.keys(documents).map((one) => `wakediff/${one}/1`)
    return Effect.fail(bad(file, `is a ${quoted(String(name))}, and this version knows ${known.join(", ")}`))
  }
  return decoded(file, kind, documents[kind], value)
}

/** A value as a schema has it; where it is not, the first key that is wrong. */
const decoded = <Kind extends DocumentKind>(
  file: string,
  kind: Kind,
  schema: Schema.Codec<Documents[Kind], unknown>,
  value: unknown,
): Effect.Effect<SavedResult, BadResult> =>
  Schema.decodeUnknownEffect(schema)(value).pipe(
    Effect.map((document) => ({ kind, document }) as unknown as SavedResult),
    Effect.mapError((error) => bad(file, `is not what its schema says: ${inert(firstIssue(error.message))}`)),
  )

/** What is wrong and where, from the lines of a schema's error. */
const firstIssue = (message: string): string => {
  const lines = message.split("\n").map((line) => line.trim())
  const at = lines.findIndex((line) => line.startsWith("at "))
  return at < 0 ? lines[0]! : `${lines[at - 1] ?? ""} ${lines[at]!}`
}
