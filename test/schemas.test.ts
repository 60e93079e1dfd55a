/** The JSON Schemas of schemas/ are those of the definitions, and what the commands print is what they say. */
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Ajv2020, type AnySchema, type ValidateFunction } from "ajv/dist/2020.js"
import { readFileSync } from "node:fs"
import { kinds, schemaFile, staleSchemas } from "../scripts/schemas.ts"
import type { DocumentKind } from "../src/domain/documents.ts"
import { recording, wakediff } from "./support/command.ts"

it("every schema is up to date: node scripts/schemas.ts writes them", () => {
  expect(staleSchemas()).toEqual([])
})

const written = (kind: DocumentKind): AnySchema => JSON.parse(readFileSync(schemaFile(kind), "utf8"))

/** The same schema without leave for unknown keys: what we print ourselves must not have any. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== "object" || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)])
  return {
    ...Object.fromEntries(entries),
    ...("properties" in schema ? { additionalProperties: false } : {}),
  }
}

const validator = (schema: AnySchema): ValidateFunction =>
  new Ajv2020({ strict: true, allErrors: true }).compile(schema)

const lines: { readonly [K in DocumentKind]: ReadonlyArray<ReadonlyArray<string>> } = {
  verify: [
    [
      "--against",
      "1.7-post-fix",
      recording("postfix-stats-page"),
      recording("prefix-stats-page"),
      "missing.csv",
    ],
    ["--against", "1.7-pre-fix", recording("haproxy-1.7.0-spoe-crash")],
    ["--against", "1.7-post-fix", recording("haproxy-1.7.0-spoe-crash")],
  ],
  diff: [[recording("haproxy-1.7.0-stats-page"), recording("haproxy-1.7.0-spoe-crash"), "missing.csv"]],
  diagnose: [
    [recording("partial-notify-still-releases"), "missing.csv"],
    [recording("haproxy-1.7.0-spoe-crash"), recording("prefix-stats-page")],
    [recording("postfix-stats-page"), recording("prefix-stats-page")],
  ],
  check: [["traces", "missing.csv"]],
  coverage: [[recording("haproxy-1.7.0-stats-page"), "missing.csv"]],
  sweep: [["--limit", "4..6,0", "--reserve", "2,4", recording("haproxy-1.7.0-stats-page"), "missing.csv"]],
  semantics: [[]],
  ci: [["fixtures/herd", "missing.csv", "--baseline", "reports", "--jobs", "1"]],
  signoff: [
    [
      "--against",
      "1.7-post-fix",
      recording("postfix-stats-page"),
      recording("prefix-stats-page"),
      "missing.csv",
    ],
    ["--against", "1.7-pre-fix", recording("haproxy-1.7.0-spoe-crash")],
  ],
  explain: [
    ["--entity", "a2", recording("haproxy-1.7.0-spoe-starvation")],
    ["--wait", "1", "--beside", "1.7-post-fix", "--all", recording("haproxy-1.7.0-spoe-crash")],
    ["--row", "7990", "--beside", "1.7-post-fix", recording("haproxy-1.7.0-spoe-starvation")],
  ],
}

it.effect.each(kinds)("what %s --json prints is what its schema says", (kind) =>
  Effect.gen(function* () {
    const published = validator(written(kind))
    const strict = validator(closed(written(kind)) as AnySchema)
    for (const words of lines[kind]) {
      const { out, code } = yield* wakediff(kind, "--json", ...words)
      expect(code, out).not.toBe(70)
      const document = JSON.parse(out)
      published(document)
      expect(published.errors).toBeNull()
      strict(document)
      expect(strict.errors).toBeNull()
      expect(document.runs.length).toBeGreaterThan(0)
      expect(document.refused.length).toBe(words.includes("missing.csv") ? 1 : 0)
    }
  }),
)

it("a doctored document is refused", () => {
  const published = validator(written("semantics"))
  expect(published({ schema: "wakediff/semantics/1", runs: [], refused: [] })).toBe(true)
  for (const wrong of [
    { schema: "wakediff/semantics/2", runs: [], refused: [] },
    { schema: "wakediff/semantics/1", runs: [{ name: "1.6-pre-fix" }], refused: [] },
    { schema: "wakediff/semantics/1", runs: [] },
  ]) {
    expect(published(wrong)).toBe(false)
  }
})
