import { Console, Effect, Schema } from "effect"
import { documents, type DocumentKind, type Documents, type Refusal } from "../domain/documents.ts"
import { jsonText } from "../reports/json-text.ts"

/** A document, and a run of it, of a command. */
export type DocumentOf<Kind extends DocumentKind> = Documents[Kind]
export type RunOf<Kind extends DocumentKind> = DocumentOf<Kind>["runs"][number]

/** A document from its parts; `fields`: what one of this kind has beside its runs. */
export const documentOf = <Kind extends DocumentKind>(
  kind: Kind,
  runs: ReadonlyArray<RunOf<Kind>>,
  refused: ReadonlyArray<Refusal>,
  fields: Readonly<Record<string, unknown>> = {},
): DocumentOf<Kind> =>
  ({ schema: `wakediff/${kind}/1`, runs, ...fields, refused }) as unknown as DocumentOf<Kind>

/** A document as its schema writes it: what goes out is what the schema says, or it is a bug of ours. */
export const encoded = <Kind extends DocumentKind>(
  kind: Kind,
  document: DocumentOf<Kind>,
): Effect.Effect<DocumentOf<Kind>> => {
  // The schemas transform nothing: what they encode to is of the same type, its keys in the schema's order.
  const schema: Schema.Codec<unknown, unknown> = documents[kind]
  return Effect.orDie(Schema.encodeUnknownEffect(schema)(document)) as Effect.Effect<DocumentOf<Kind>>
}

/** Prints a document as `--json` does: without the timelines, which only reports need. */
export const printDocument = <Kind extends DocumentKind>(
  kind: Kind,
  document: DocumentOf<Kind>,
): Effect.Effect<void> => {
  const runs = document.runs.map((run) => {
    if (!("timeline" in run)) return run
    const { timeline: _, ...rest } = run
    return rest
  })
  const brief = { ...document, runs } as DocumentOf<Kind>
  return Effect.flatMap(encoded(kind, brief), (whole) => Console.log(jsonText(whole)))
}
