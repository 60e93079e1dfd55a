import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { exitHelp, exits, finish, gravest } from "./exit.ts"

it.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 4], 4],
  [[4, 1, 0], 1],
  [[1, 3, 4], 3],
  [[3, 70, 1], 70],
  [[0, 99], 70],
])("the gravest of %j is %i", (codes, code) => {
  expect(gravest(codes)).toBe(code)
})

it("has a code of its own for every meaning, and shows them all", () => {
  const rows = Object.values(exits)
  expect(new Set(rows.map((row) => row.code)).size).toBe(rows.length)
  const help = exitHelp("EXIT CODES")
  for (const row of rows)
    expect(help).toMatch(new RegExp(`^  ${row.code} .*${row.meaning.slice(0, 10)}`, "m"))
})

it.effect("finishing well is no failure, finishing otherwise carries the code", () =>
  Effect.gen(function* () {
    yield* finish([0, 0])
    const finished = yield* Effect.flip(finish([0, 1, 4]))
    expect(finished.exitCode).toBe(1)
  }),
)
