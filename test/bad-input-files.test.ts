/** Files that are no traces at all. */
import { chmodSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { expectRefusal, refused, row, small, temporaryFolder } from "./support/refused.ts"

const folder = temporaryFolder()

describe("what is no trace", () => {
  it.each([
    ["an ELF binary", readFileSync(process.execPath).subarray(0, 100_000)],
    ["a PNG image", Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex")],
    ["xz-compressed data", Buffer.from("fd377a585a000004e6d6b446", "hex")],
    ["UTF-16 text", Buffer.from(`\ufeff${small}`, "utf16le")],
    ["binary data", Buffer.from([1, 2, 3, 0, 10, 10])],
    ["binary data", Buffer.from([0xc0, 0xc1, 0xf5, 0xc0, 0x41])],
  ])("%s", async (found, bytes) => {
    const path = folder.file("foreign.csv", bytes)
    await expectRefusal(
      path,
      `:1:1: expected the first line of a trace, "# wakediff trace 1", found ${found}. wakediff reads CSV, plain or compressed by gzip or zstd, and its own Parquet`,
    )
  })

  it("an empty file", async () => {
    await expectRefusal(
      folder.file("empty.csv", ""),
      ': expected a trace, whose first line is "# wakediff trace 1", found an empty file. Is it a trace at all?',
    )
  })

  it("no file at all, a folder, a file in a file", async () => {
    await expectRefusal(`${folder.path}/none.csv`, ": expected a trace, found no such file or folder")
    await expectRefusal(
      `${folder.file("plain", "x")}/none.csv`,
      ": expected a trace, found no such file or folder",
    )
    await expectRefusal(
      folder.path,
      ": expected a trace, found a folder. Name it alone, not as a file, to read every trace below it",
    )
    expect((await refused("no\u0000\u001b[31mname")).message).toContain("expected a trace, found")
  })

  it.skipIf(process.getuid?.() === 0)("a file that may not be read", async () => {
    const path = folder.file("secret.csv", small)
    chmodSync(path, 0)
    await expectRefusal(path, ": expected a trace, found a file that you may not read. Check its permissions")
  })

  it("a row that ends in CR LF where the others do not", async () => {
    const error = await refused(folder.file("mixed.csv", small.replace(row(0), row(0).replace("\n", "\r\n"))))
    expect(error.message).toContain(
      String.raw`:7:29: applet_rq: expected a whole number from 0 to 4294967295, found "\x0d"`,
    )
  })
})
