import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { blockNames, readmeFile, texts, withBlocks } from "../scripts/readme.ts"
import { parts } from "../src/semantics/registry.ts"

const readme = readFileSync(readmeFile, "utf8")
const fresh = await texts()

it("what the README shows is what the registry and the commands say: node scripts/readme.ts writes it", () => {
  expect(withBlocks(readme, fresh)).toBe(readme)
})

it("a README that drifts is found", () => {
  const drifted = readme.replace(parts[0].after, "It is otherwise.")
  expect(drifted).not.toBe(readme)
  expect(withBlocks(drifted, fresh)).toBe(readme)
})

it.each(blockNames)("so is one without the markers of %s", (name) => {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  for (const broken of [
    readme.replace(begin, ""),
    readme.replace(end, `${end}\n${end}`),
    readme.replace(begin, "X").replace(end, begin).replace("X", end),
  ]) {
    expect(() => withBlocks(broken, fresh)).toThrow(/README\.md (must have|has)/)
  }
})
