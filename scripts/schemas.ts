/**
 * Writes the JSON Schemas of the documents that `--json` prints, of the configuration and of baselines into schemas/, from the
 * definitions that encode and decode them.
 *
 *     node scripts/schemas.ts          writes them
 *     node scripts/schemas.ts --check  fails when one is not up to date
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Schema } from "effect"
import { CiConfig } from "../src/cli/ci/config.ts"
import { Baseline, documents, type DocumentKind } from "../src/domain/documents.ts"

const folder = join(import.meta.dirname, "..", "schemas")

export const kinds = Object.keys(documents) as ReadonlyArray<DocumentKind>

/** What a schema is of. */
interface Published {
  readonly schema: Schema.Top
  readonly title: string
}

const ofDocument = (kind: DocumentKind): readonly [string, Published] => [
  kind,
  { schema: documents[kind], title: `What wakediff ${kind} --json prints` },
]

const published: ReadonlyMap<string, Published> = new Map<string, Published>([
  ...kinds.map(ofDocument),
  ["baseline", { schema: Baseline, title: "What a trace gave when it was accepted: wakediff ci" }],
  ["config", { schema: CiConfig, title: "What a wakediff.config.json may say" }],
])

/** The name of a schema's file; the number is the version in the document's `schema`. */
export const schemaFile = (name: string): string => join(folder, `wakediff-${name}-1.schema.json`)

/**
 * One JSON Schema. Unknown keys are allowed in a document: one of version 1 may gain keys, and who validates with an older copy
 * must not stumble over them. In a configuration they are mistakes.
 */
const jsonSchema = (name: string, { schema, title }: Published): Readonly<Record<string, unknown>> => {
  const { schema: body, definitions } = Schema.toJsonSchemaDocument(schema)
  if (Object.keys(definitions).length > 0)
    throw new Error(`the schema of ${name} has definitions: write $defs`)
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:wakediff:${name}:1`,
    title,
    ...((name === "config" ? closed(body) : body) as object),
  }
}

/** The same schema without leave for unknown keys. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== "object" || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)])
  return {
    ...Object.fromEntries(entries),
    ...("properties" in schema ? { additionalProperties: false } : {}),
  }
}

const textOf = (name: string): string =>
  `${JSON.stringify(jsonSchema(name, published.get(name)!), null, 2)}\n`

const written = (name: string): string | undefined => {
  try {
    return readFileSync(schemaFile(name), "utf8")
  } catch {
    return undefined
  }
}

/** The schemas that are not up to date. */
export const staleSchemas = (): ReadonlyArray<string> =>
  [...published.keys()].filter((name) => written(name) !== textOf(name))

if (import.meta.main) {
  const stale = staleSchemas()
  if (process.argv.includes("--check")) {
    for (const name of stale)
      console.error(`${schemaFile(name)} is not up to date: run node scripts/schemas.ts`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    mkdirSync(folder, { recursive: true })
    for (const name of stale) writeFileSync(schemaFile(name), textOf(name))
  }
}
