/** `wakediff convert`: nothing of a trace is lost in any form, and no half of one is ever left behind. */
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { afterAll, describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { encodeTrace } from "../src/traces/encode.ts"
import { fileForms } from "../src/traces/file-forms.ts"
import { formNames } from "../src/traces/form-names.ts"
import { readTrace } from "../src/traces/read.ts"
import { program, repository, spawned, wakediff } from "./support/command.ts"
import { generateText } from "./support/generate.ts"
import { header, preamble, row, small } from "./support/refused.ts"
import { recordings } from "./support/replaying.ts"

const folder = mkdtempSync(join(tmpdir(), "wakediff-convert-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content)
  return at(name)
}
/** The files whose names begin so: a part file would be among them. */
const left = (name: string): ReadonlyArray<string> =>
  readdirSync(folder).filter((other) => other.startsWith(name))
const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

const odd = [
  ...generateText({
    seed: 3,
    after: 0,
    rowCount: 500,
    appletPercent: 100,
    appletNames: ['"a", b', "two\nlines", ""],
  }),
].join("")

describe("a canonical CSV", () => {
  it.effect.each(recordings)("$name, through every form and back, is the same bytes", ({ name, bytes }) =>
    Effect.gen(function* () {
      const original = bytes()
      let before = put("chain.csv", original)
      for (const to of [...formNames, ...formNames.toReversed()]) {
        const after = at(before.endsWith("a") ? `chain.b` : `chain.a`)
        const { err, code } = yield* wakediff("convert", before, "-o", after, "--to", to)
        expect({ err, code }, `${name} to ${to}`).toEqual({ err: "", code: 0 })
        before = after
      }
      // Not toEqual, whose report of a difference in megabytes is of no use.
      expect(readFileSync(before).equals(original)).toBe(true)
    }),
  )

  it.effect.each(fileForms)("with odd names, by way of $name", ({ name }) =>
    Effect.gen(function* () {
      const [there, back] = [at(`odd.${name}`), at("odd-back.csv")]
      yield* wakediff("convert", put("odd.csv", odd), "-o", at(`first.${name}`))
      yield* wakediff("convert", at(`first.${name}`), "-o", there)
      expect(hash(readFileSync(there))).toBe(hash(readFileSync(at(`first.${name}`))))
      yield* wakediff("convert", there, "-o", back)
      expect(readFileSync(back, "utf8")).toBe(odd)
    }),
  )

  it.effect.each(fileForms)("without rows, by way of $name", ({ name }) =>
    Effect.gen(function* () {
      const empty = put("empty.csv", preamble + header)
      yield* wakediff("convert", empty, "-o", at(`empty2.${name}`))
      const { code } = yield* wakediff("convert", at(`empty2.${name}`), "-o", at("empty-back.csv"))
      expect(code).toBe(0)
      expect(readFileSync(at("empty-back.csv"), "utf8")).toBe(preamble + header)
    }),
  )
})

describe.each(fileForms)("$name", (form) => {
  it("is the same bytes however the trace came", async () => {
    const text = Buffer.from(odd)
    const hashes = new Set<string>()
    for (const length of [100, 1000, 7777, 1 << 20]) {
      const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
        text.subarray(i * length, (i + 1) * length),
      )
      const encoded = encodeTrace(readTrace("-", { stdin: Readable.from(pieces) }), form)
      // eslint-disable-next-line no-await-in-loop
      hashes.add(hash(Buffer.concat(await Effect.runPromise(Stream.runCollect(encoded)))))
    }
    expect(hashes.size).toBe(1)
  })

  it.effect("of a trace that is bad half-way leaves no output, and the old file as it was", () =>
    Effect.gen(function* () {
      const bad = put("bad.csv", `${recordings[0]!.bytes().toString()}bad`)
      const fresh = yield* wakediff("convert", bad, "-o", at(`fresh.${form.name}`))
      expect(fresh.code).toBe(3)
      expect(fresh.err).toContain("a torn last line")
      expect(left(`fresh.${form.name}`)).toEqual([])
      const old = put(`old.${form.name}`, "old\n")
      expect((yield* wakediff("convert", bad, "-o", old)).code).toBe(3)
      expect(left(`old.${form.name}`)).toEqual([`old.${form.name}`])
      expect(readFileSync(old, "utf8")).toBe("old\n")
    }),
  )

  it("on a full disk: the old file stays, and nothing else does", async ({ skip }) => {
    const disk = at(`disk-${form.name}`)
    mkdirSync(disk)
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", disk])
    if (mounted.status !== 0) skip("no file system can be mounted here")
    try {
      writeFileSync(join(disk, "old"), "old\n")
      const large = put("large.csv", recordings[0]!.bytes())
      const words = ["convert", large, "-o", join(disk, "old"), "--to", form.name]
      const { out, err, code } = await spawned([...program, ...words])
      expect(err).toContain("cannot be written: no space is left on the device (ENOSPC)")
      expect({ out, code }).toEqual({ out: "", code: 5 })
      expect(readdirSync(disk)).toEqual(["old"])
      expect(readFileSync(join(disk, "old"), "utf8")).toBe("old\n")
    } finally {
      spawnSync("umount", [disk])
    }
  })

  it("to standard output is the bytes of the file, and the summary goes to standard error", async () => {
    const trace = put("stdout.csv", small)
    const file = at(`file.${form.name}`)
    await spawned([...program, "convert", trace, "-o", file])
    const shell = `"$0" "$@" > '${at("stdout")}'`
    const [node, ...own] = program
    const ran = spawnSync(
      "bash",
      ["-c", shell, node, ...own, "convert", trace, "-o", "-", "--to", form.name],
      {
        encoding: "utf8",
      },
    )
    expect(hash(readFileSync(at("stdout")))).toBe(hash(readFileSync(file)))
    expect(ran.stderr).toMatch(/^\S+ → - {2}2 rows, \d+ bytes → .+ %\n$/)
  })
})

const encoded = async (name: string): Promise<Buffer> => {
  const form = fileForms.find((one) => one.name === name)!
  const bytes = Stream.runCollect(encodeTrace(readTrace(put("plain.csv", small)), form))
  return Buffer.concat(await Effect.runPromise(bytes))
}

it("gzip data bears no time and no name, and zstd data a checksum", async () => {
  // Flags and time.
  expect([...(await encoded("csv.gz")).subarray(3, 8)]).toEqual([0, 0, 0, 0, 0])
  expect((await encoded("csv.zst"))[4]! & 4).toBe(4)
})

it.each(fileForms)("the memory stays flat: $name", ({ name }) => {
  const rows = 'BEGIN { for (i = 0; i < 2000000; i++) print i "," i ",task_run,t1,,,,,,,,,,,,,"}'
  const peak = 'data:text/javascript,process.on("exit",()=>console.error(process.resourceUsage().maxRSS))'
  const [node, main] = program
  const run = spawnSync(
    "bash",
    [
      "-c",
      'head=$1 rows=$2; (printf %s "$head"; awk "$rows") | "$0" --import "$3" "$4" convert - -o "$5" --to "$6"',
      node,
      preamble + header,
      rows,
      peak,
      main!,
      at("long"),
      name,
    ],
    { encoding: "utf8" },
  )
  expect(run.stdout).toContain("2000000 rows")
  expect(Number(run.stderr) / 1024).toBeLessThan(260)
})

it.effect("what is no canonical CSV comes out as one", () =>
  Effect.gen(function* () {
    const lines = (small + row(2)).trimEnd().split("\n")
    const from = lines.findIndex((line) => line.startsWith("seq"))
    const spelled = lines.map((line, i) => {
      if (i < from) return line.replace(": ", ":  ")
      const cells = line.split(",").map((cell) => `"${cell}"`)
      return [...cells.toReversed(), i === from ? "weather" : "fine"].join(",")
    })
    const path = put("spelled.csv", `\ufeff${spelled.join("\r\n")}\r\n`)
    const { code } = yield* wakediff("convert", path, "-o", at("canonical.csv"))
    expect(code).toBe(0)
    expect(readFileSync(at("canonical.csv"), "utf8")).toBe(small + row(2))
  }),
)

it.effect("a torn last line is dropped with leave, and told", () =>
  Effect.gen(function* () {
    const torn = put("torn.csv", `${small}2,5,tas`)
    const { err, code } = yield* wakediff("convert", "--allow-torn", torn, "-o", at("whole.csv"))
    expect(code).toBe(0)
    expect(err).toBe(`wakediff: ${torn}:9: the torn last line was dropped, as --allow-torn asks`)
    expect(readFileSync(at("whole.csv"), "utf8")).toBe(small)
  }),
)

it.effect("the bound on decompression is kept", () =>
  Effect.gen(function* () {
    yield* wakediff("convert", put("bound.csv", small), "-o", at("bound.csv.gz"))
    const { err, code } = yield* wakediff(
      "convert",
      "--max-inflated",
      "100",
      at("bound.csv.gz"),
      "-o",
      at("bound.csv.zst"),
    )
    expect(code).toBe(3)
    expect(err).toContain("at most 100 bytes of decompressed data")
    expect(existsSync(at("bound.csv.zst"))).toBe(false)
  }),
)

it.effect("says what became of it in one inert line", () =>
  Effect.gen(function* () {
    const path = put("\u001b[31mred.csv", small)
    const { out, err, code } = yield* wakediff("convert", path, "-o", at("red.csv"))
    expect({ err, code }).toEqual({ err: "", code: 0 })
    const shown = path.replace("\u001b", String.raw`\x1b`)
    expect(out).toBe(
      `${shown} → ${at("red.csv")}  2 rows, ${small.length} bytes → ${small.length} bytes, 100 %`,
    )
  }),
)

describe("a wrong command line is answered with exit 2, and nothing is written", () => {
  const trace = join(repository, "fixtures/herd/trace.csv")
  const cases: ReadonlyArray<readonly [name: string, words: ReadonlyArray<string>, said: string]> = [
    ["no form", [trace, "-o", at("x.dat")], "does not say in which form. Add --to with one of csv, csv.gz, "],
    ["no form of standard output", [trace, "-o", "-"], '--output "-" does not say in which form'],
    [
      "two forms",
      [trace, "-o", at("x.csv.gz"), "--to", "csv"],
      "is named as csv.gz, and --to says csv. Leave out --to, or name the file otherwise",
    ],
    ["a form that is none", [trace, "-o", at("x.csv"), "--to", "arrow"], "--to"],
    ["the trace itself", [trace, "-o", trace], "is the trace itself. Name another file"],
    ["no output", [trace], "--output"],
    ["two traces", [trace, trace, "-o", at("x.csv")], ""],
  ]
  it.effect.each(cases)("%s", ([, words, said]) =>
    Effect.gen(function* () {
      const { out, err, code } = yield* wakediff("convert", ...words)
      expect({ out, code }).toEqual({ out: "", code: 2 })
      expect(err).toContain(said)
      expect(left("x.")).toEqual([])
    }),
  )

  it.effect.each(fileForms)("$name to a terminal: only text", ({ name, format, compression }) =>
    Effect.gen(function* () {
      const isTTY = Object.getOwnPropertyDescriptor(process.stdout, "isTTY")
      Object.defineProperty(process.stdout, "isTTY", { value: true, configurable: true })
      // Text is not refused: that the trace is not there is.
      const { err } = yield* wakediff("convert", at("gone.csv"), "-o", "-", "--to", name)
      if (isTTY === undefined) Reflect.deleteProperty(process.stdout, "isTTY")
      else Object.defineProperty(process.stdout, "isTTY", isTTY)
      expect(err).toContain(
        format.isText && compression === undefined
          ? "no such file or folder"
          : `${name} is binary data, and standard output is a terminal. Name a file, or write to a pipe`,
      )
    }),
  )
})

describe("what cannot be written", () => {
  const cases: ReadonlyArray<readonly [path: string, said: string]> = [
    ["/dev/full", "no space is left on the device (ENOSPC)"],
    [folder, "it is a folder (EISDIR)"],
    [at("nowhere/x"), "its folder is not there (ENOENT)"],
  ]
  it.effect.each(cases)("%s", ([path, said]) =>
    Effect.gen(function* () {
      const ran = yield* wakediff("convert", put("fine.csv", small), "-o", path, "--to", "csv")
      const err = `wakediff: --output ${path} cannot be written: ${said}`
      expect(ran).toEqual({ out: "", err, code: 5 })
    }),
  )
})

it("a closed pipe ends the conversion, and is no error", async ({ onTestFinished }) => {
  // Without end, if it were read to its end.
  const words = ["convert", "-", "-o", "-", "--to", "csv"]
  const child = spawn(program[0], [...program.slice(1), ...words], { cwd: repository })
  let err = ""
  child.stderr.on("data", (chunk) => (err += chunk))
  child.stdin.on("error", () => undefined)
  child.stdin.write(preamble + header)
  onTestFinished(() => {
    clearInterval(feed)
    child.kill()
  })
  let seq = 0
  const feed = setInterval(() => {
    child.stdin.write(Array.from({ length: 2000 }, () => row(seq++)).join(""))
  }, 5)
  child.stdout.once("data", () => child.stdout.destroy())
  const code = await new Promise((done) => child.on("exit", done))
  expect({ code, err }).toEqual({ code: 0, err: "" })
})

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s in the middle: the old file, no part file, exit %i", async (signal, expected) => {
  const path = put(`${signal}.csv.gz`, "old\n")
  const { out, err, code } = await spawned([...program, "convert", "-", "-o", path], {
    input: recordings[0]!.bytes().subarray(0, 500_000).toString(),
    started: (kill) => {
      const timer = setInterval(() => {
        if (left(signal).length < 2) return
        clearInterval(timer)
        setTimeout(() => kill(signal), 300)
      }, 10)
    },
  })
  expect({ out, err, code }).toEqual({ out: "", err: "wakediff: interrupted\n", code: expected })
  expect(left(signal)).toEqual([`${signal}.csv.gz`])
  expect(readFileSync(path, "utf8")).toBe("old\n")
})
