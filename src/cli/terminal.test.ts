import { expect, it } from "@effect/vitest"
import { hasColours, styleOf, terminalWidth } from "./terminal.ts"

const terminal = { isTTY: true, columns: 120 }

it.each([
  [terminal, {}, true],
  [{}, {}, false],
  [terminal, { NO_COLOR: "1" }, false],
  [terminal, { NO_COLOR: "" }, true],
  [terminal, { TERM: "dumb" }, false],
  [{}, { FORCE_COLOR: "1" }, true],
  [terminal, { FORCE_COLOR: "0" }, false],
  [terminal, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
])("%j with %j has colours: %s", (output, env, expected) => {
  expect(hasColours(output, env)).toBe(expected)
})

it("paints on a terminal only", () => {
  expect(styleOf(terminal, {}).red("x")).toBe("\x1b[31mx\x1b[39m")
  expect(styleOf({}, {}).red("x")).toBe("x")
})

it("knows the width of a terminal, and takes one width for everything else", () => {
  expect([terminal, { isTTY: true, columns: 10 }, {}].map(terminalWidth)).toEqual([120, 40, 100])
})
