import { expect, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { lazily } from "./platform.ts"

it.live("gives the imported handler its config and Node's services", () =>
  Effect.gen(function* () {
    const handler = lazily(
      async () => (config: { readonly path: string }) =>
        FileSystem.FileSystem.use((files) => files.exists(config.path)),
    )
    expect(yield* handler({ path: "package.json" })).toBe(true)
  }),
)

it.live("a handler that does not load is a defect", () =>
  Effect.gen(function* () {
    const broken = lazily((): Promise<() => Effect.Effect<void>> => Promise.reject(new Error("gone")))
    const exit = yield* Effect.exit(broken(undefined))
    expect(String(exit)).toContain("gone")
    expect(exit._tag === "Failure" && exit.cause.reasons.map((reason) => reason._tag)).toEqual(["Die"])
  }),
)
