import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { mkdirSync, symlinkSync } from "node:fs"
import { dirname } from "node:path"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { expect, it } from "vitest"
import { Random } from "../../test/support/random.ts"
import { small, temporaryFolder } from "../../test/support/refused.ts"
import { formNames } from "./form-names.ts"
import { findTraces } from "./find.ts"

const folder = temporaryFolder()
const root = folder.path

const find = async (argument: string, already?: Set<string>): Promise<ReadonlyArray<string>> =>
  (await Effect.runPromise(findTraces(argument, already))).map((path) => path.replace(`${root}/`, ""))

const message = async (argument: string): Promise<string> =>
  (await Effect.runPromise(Effect.flip(findTraces(argument)))).message

/** So many bytes that do not compress well. */
const noise = (length: number): string => {
  const random = new Random(1)
  return Array.from({ length }, () => String.fromCodePoint(33 + random.below(90))).join("")
}

const make = (name: string, content: string | Uint8Array = small): void => {
  mkdirSync(dirname(`${root}/${name}`), { recursive: true })
  folder.file(name, content)
}

it("a file is itself, whatever it holds, and so is standard input", async () => {
  make("odd/notes.txt", "no trace")
  expect(await find(`${root}/odd/notes.txt`)).toEqual(["odd/notes.txt"])
  expect(await find("-")).toEqual(["-"])
})

it("a folder is every trace below it, told by content or named like one, in the order of their paths", async () => {
  for (const name of [
    "b.csv",
    "B.csv",
    "é.csv",
    "a/z.csv",
    "a/plain",
    "a-b/compressed.gz",
    "a-b/compressed.zst",
    "10.csv",
    "9.csv",
  ]) {
    const pack = name.endsWith(".gz") ? gzipSync : name.endsWith(".zst") ? zstdCompressSync : Buffer.from
    make(`many/${name}`, pack(small))
  }
  // The first block of zstd data is of no use before the whole of it is there.
  make("many/long", zstdCompressSync(small + noise(300_000)))
  make("many/cut-late", gzipSync(small + noise(3000)).subarray(0, 1500))
  make("many/with-mark.dat", `\ufeff${small}`)
  make("many/broken.csv", "")
  make("many/broken.csv.gz", "not gzip")
  make("many/old.csv.zst", "zstd")
  make("many/README.md", "# a folder of traces")
  make("many/other.gz", gzipSync("# other"))
  make("many/other.zst", zstdCompressSync("# other"))
  make("many/cut.gz", gzipSync(small).subarray(0, 12))
  make("many/cut.zst", zstdCompressSync(small).subarray(0, 12))
  make("many/.hidden.csv")
  make("many/.git/a.csv")
  make("many/node_modules/a.csv")
  const found = [
    "10.csv",
    "9.csv",
    "B.csv",
    "a-b/compressed.gz",
    "a-b/compressed.zst",
    "a/plain",
    "a/z.csv",
    "b.csv",
    "broken.csv",
    "broken.csv.gz",
    "cut-late",
    "long",
    "old.csv.zst",
    "with-mark.dat",
    "é.csv",
  ]
  expect(await find(`${root}/many`)).toEqual(found.map((name) => `many/${name}`))
  expect(await find(`${root}/many/`)).toEqual(found.map((name) => `many/${name}`))
})

it("a folder without traces, and one that is not there, are errors", async () => {
  make("none/notes.txt", "nothing")
  const names = formNames
    .map((name) => `.${name}`)
    .join(", ")
    .replace(/, (?!.*,)/, " or ")
  expect(await message(`${root}/none`)).toBe(
    `${root}/none: expected a folder with at least one trace, found none. A trace is a file that begins as one does, or is named ${names}`,
  )
  expect(await message(`${root}/nowhere`)).toBe(
    `${root}/nowhere: expected a trace, found no such file or folder`,
  )
})

it("links in a circle end, links to files count, pipes are left alone", async () => {
  make("links/deep/a.csv")
  symlinkSync("..", `${root}/links/deep/up`)
  symlinkSync("../links", `${root}/links/self`)
  symlinkSync("../many/9.csv", `${root}/links/z.csv`)
  symlinkSync("nowhere.csv", `${root}/links/dangling.csv`)
  execFileSync("mkfifo", [`${root}/links/pipe.csv`])
  expect(await find(`${root}/links`)).toEqual(["links/dangling.csv", "links/deep/a.csv", "links/z.csv"])
})

it("a file is given once, under the first path that leads to it", async () => {
  make("twice/a.csv")
  make("twice/b.csv")
  symlinkSync("a.csv", `${root}/twice/c.csv`)
  expect(await find(`${root}/twice`)).toEqual(["twice/a.csv", "twice/b.csv"])
  const already = new Set<string>()
  expect(await find(`${root}/twice/b.csv`, already)).toEqual(["twice/b.csv"])
  expect(await find(`${root}/twice`, already)).toEqual(["twice/a.csv"])
  expect(await find(`${root}/twice`, already)).toEqual([])
  expect(await find("-", already)).toEqual(["-"])
  expect(await find("-", already)).toEqual([])
})
