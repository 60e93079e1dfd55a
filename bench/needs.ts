import { spawnSync } from "node:child_process"
import * as os from "node:os"
import * as path from "node:path"
import { hasCompiler } from "./native.ts"
import { isNewer } from "./newer.ts"

const bundle = path.join(import.meta.dirname, "../dist/main.js")
const sources = path.join(import.meta.dirname, "../src")

/** Binds the command behind it to the first core: what a process does on more of them must not count. */
export const oneCore: ReadonlyArray<string> = ["taskset", "-c", "0"]

const canBind = (): boolean => {
  const [program = "", ...words] = [...oneCore, "true"]
  return spawnSync(program, words, { stdio: "ignore" }).status === 0
}

/** What stages may need of the machine, and whether it is there. A bundle of older sources would be measured as if it were these. */
const needs = {
  "a C compiler": hasCompiler,
  "a bundle newer than src (npm run build)": () => isNewer(bundle, sources),
  taskset: canBind,
  "two cores": () => os.availableParallelism() >= 2,
} as const satisfies Record<string, () => boolean>

export type Need = keyof typeof needs

/** The needs that this machine does not meet. */
export const unmetNeeds = (): ReadonlySet<Need> =>
  new Set((Object.keys(needs) as Array<Need>).filter((need) => !needs[need]()))
