import { Schema } from "effect"
import { deviationKinds } from "../verdict.ts"

/** Pieces of which several documents are made. */

export const Count = Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))
export const Row = Count.annotate({ description: "the seq of a row of the trace" })
export const TimeUs = Schema.Finite.annotate({ description: "microseconds since the recording began" })
export const words = <const Names extends ReadonlyArray<string>>(names: Names) => Schema.Literals(names)

/** An object with a fixed key for each name, all of one kind of value. */
export const record = <Name extends string, Value extends Schema.Top>(
  names: ReadonlyArray<Name>,
  value: Value,
) => Schema.Struct(Object.fromEntries(names.map((name) => [name, value])) as { readonly [N in Name]: Value })

export const DeviationSchema = Schema.Struct({
  row: Row,
  line: Count,
  timeUs: TimeUs,
  event: Schema.String,
  entity: Schema.String.annotate({ description: "empty where the row has none" }),
  kind: words(deviationKinds.map(({ name }) => name)),
  expected: Schema.String,
  recorded: Schema.String,
  part: Schema.NullOr(Schema.String).annotate({ description: "the part of the fix whose rule says so" }),
})

export const UndefinedSchema = Schema.Struct({
  row: Row,
  kind: words(["type-confusion", "dangling-waiter"] as const),
  entity: Schema.String,
})

/** A trace that could not be read, in the place of its run. */
export const Refusal = Schema.Struct({
  trace: Schema.String,
  error: Schema.String,
  line: Count,
  column: Count,
})
export type Refusal = typeof Refusal.Type
