import { expect, it } from "vitest"
import { parseSize, sizeText } from "./size.ts"

it.each([
  ["1", 1],
  ["4096", 4096],
  ["10B", 10],
  ["64K", 65_536],
  ["64KiB", 65_536],
  ["64kb", 64_000],
  ["500MB", 500_000_000],
  ["1.5MiB", 1_572_864],
  ["2GiB", 2_147_483_648],
  ["2 gib", 2_147_483_648],
  ["1T", 1_099_511_627_776],
])("%s is %d bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

it.each([
  "",
  "0",
  "0GiB",
  "GiB",
  "-1",
  "1e3",
  "0x10",
  "1,5MiB",
  "1.MiB",
  "5 apples",
  "1 2",
  "9007199254740993",
  "9999999T",
  "constructor",
  "1constructor",
])("%j is no size", (text) => {
  expect(parseSize(text)).toBeUndefined()
})

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [92_049, "92.0 kB"],
  [1_234_567, "1.2 MB"],
  [999_999_999, "1000.0 MB"],
  [5_000_000_000_000, "5000.0 GB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text)
})
