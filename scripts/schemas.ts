/**
 * Writes the JSON Schemas of the documents that `--json` prints into schemas/, from the definitions that encode them.
 *
 *     node scripts/schemas.ts          writes them
 *     node scripts/schemas.ts --check  fails when one is not up to date
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Schema } from "effect"
import { documents, type DocumentKind } from "../src/domain/documents.ts"

const folder = join(import.meta.dirname, "..", "schemas")

/** The name of a document's schema file; the number is the version in the document's `schema`. */
export const schemaFile = (kind: DocumentKind): string => join(folder, `wakediff-${kind}-1.schema.json`)

/**
 * The JSON Schema of one document. Unknown keys are allowed: a document of version 1 may gain keys, and who validates
 * with an older copy must not stumble over them.
 */
export const jsonSchema = (kind: DocumentKind): Readonly<Record<string, unknown>> => {
  const { schema, definitions } = Schema.toJsonSchemaDocument(documents[kind])
  if (Object.keys(definitions).length > 0)
    throw new Error(`the schema of ${kind} has definitions: write $defs`)
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:wakediff:${kind}:1`,
    title: `What wakediff ${kind} --json prints`,
    ...schema,
  }
}

export const kinds = Object.keys(documents) as ReadonlyArray<DocumentKind>

export const schemaText = (kind: DocumentKind): string => `${JSON.stringify(jsonSchema(kind), null, 2)}\n`

const written = (kind: DocumentKind): string | undefined => {
  try {
    return readFileSync(schemaFile(kind), "utf8")
  } catch {
    return undefined
  }
}

/** The schemas that are not up to date. */
export const staleSchemas = (): ReadonlyArray<DocumentKind> =>
  kinds.filter((kind) => written(kind) !== schemaText(kind))

if (import.meta.main) {
  const stale = staleSchemas()
  if (process.argv.includes("--check")) {
    for (const kind of stale)
      console.error(`${schemaFile(kind)} is not up to date: run node scripts/schemas.ts`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    mkdirSync(folder, { recursive: true })
    for (const kind of stale) writeFileSync(schemaFile(kind), schemaText(kind))
  }
}
