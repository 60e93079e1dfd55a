import { Console, Effect, Schema } from "effect"
import { documents, type DocumentKind, type Refusal } from "../domain/documents.ts"

/** A run of the document that `--json` prints for a command. */
export type RunOf<Kind extends DocumentKind> = (typeof documents)[Kind]["Type"]["runs"][number]

/** Prints a document, encoded by its schema: what goes out is what the schema says, or it is a bug of ours.
 * `fields`: what the document of this kind has beside its runs. */
export const printDocument = <Kind extends DocumentKind>(
  kind: Kind,
  runs: ReadonlyArray<RunOf<Kind>>,
  refused: ReadonlyArray<Refusal>,
  fields: Readonly<Record<string, unknown>> = {},
): Effect.Effect<void> => {
  const schema: Schema.Codec<unknown, unknown> = documents[kind]
  return Schema.encodeUnknownEffect(schema)({ schema: `wakediff/${kind}/1`, runs, ...fields, refused }).pipe(
    Effect.orDie,
    Effect.flatMap((document) => Console.log(jsonText(document))),
  )
}

// What JSON.stringify leaves as it is and a terminal acts on: DEL, C1 controls, format characters, odd separators.
const active = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu

/** Indented JSON; characters that a terminal would act on are escaped, and read back as they were. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(active, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  )
