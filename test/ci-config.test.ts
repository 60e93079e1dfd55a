/** The configuration: where it is found, what it decides, and the one error that a wrong one gets. */
import { mkdirSync, writeFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { ci, ciDocument, useCorpusFolder, write } from "./support/corpus-folder.ts"

useCorpusFolder()

const config = (value: unknown, file = "wakediff.config.json"): void => write(file, JSON.stringify(value))

it.effect.each([
  ["json", '{"baseline": "kept"}'],
  ["js", 'export default { baseline: "kept" }'],
  ["mjs", 'export default { baseline: "kept" }'],
  ["ts", 'const baseline: string = "kept"\nexport default { baseline }'],
] as const)(
  "a wakediff.config.%s is found in the folder above, and its paths start there",
  ([ending, text]) =>
    Effect.gen(function* () {
      write(`wakediff.config.${ending}`, text)
      mkdirSync("deep/er", { recursive: true })
      process.chdir("deep/er")
      const document = yield* ciDocument("--update", "all").pipe(
        Effect.ensuring(Effect.sync(() => process.chdir("../.."))),
      )
      expect(document.baseline).toBe("../../kept")
      expect(document.runs.map(({ trace }: { readonly trace: string }) => trace)).toEqual([
        "traces/confused.csv",
        "traces/deep/herd.csv",
        "traces/starved.csv",
      ])
      expect((yield* ci()).code).toBe(0)
    }),
)

const asked = (words: ReadonlyArray<string>) =>
  Effect.map(ciDocument(...words), ({ runs }) =>
    runs.map(
      ({
        verify,
        diff,
      }: {
        verify: { semantics: string; without: Array<string> } | null
        diff: { to: string; failOn: unknown }
      }) => [verify === null ? null : [verify.semantics, ...verify.without].join(" "), diff.to, diff.failOn],
    ),
  )

it.effect("the first expectation that matches decides, and a flag wins over all", () =>
  Effect.gen(function* () {
    config({
      expect: [
        { files: "traces/deep/*", against: "1.7-post-fix", without: ["offer-budget"] },
        {
          files: ["traces/st*d.csv", "traces/{deep/herd,starved}.csv"],
          against: "1.7-pre-fix",
          to: "1.6-post-fix",
        },
      ],
      failOn: ["starved"],
    })
    expect(yield* asked([])).toEqual([
      [null, "1.7-post-fix", ["starved"]],
      ["1.7-post-fix offer-budget", "1.7-post-fix", ["starved"]],
      ["1.7-pre-fix", "1.6-post-fix", ["starved"]],
    ])
    expect(yield* asked(["--against", "1.6-pre-fix", "--fail-on", "herd"])).toEqual(
      [1, 2, 3].map(() => ["1.6-pre-fix", "1.7-post-fix", ["herd"]]),
    )
  }),
)

const settings = (value: unknown) =>
  Effect.suspend(() => {
    config(value)
    return Effect.map(ciDocument(), (document) => document.settings)
  })

it.effect("its hash is that of what is asked, and of nothing else", () =>
  Effect.gen(function* () {
    const one = yield* settings({ expect: [{ files: "traces/**", against: "1.7-pre-fix" }] })
    expect(
      yield* settings({ jobs: 2, expect: [{ against: "1.7-pre-fix", without: [], files: ["traces/**"] }] }),
    ).toBe(one)
    expect(yield* settings({ expect: [{ files: "traces/**", against: "1.7-post-fix" }] })).not.toBe(one)
  }),
)

const wrong: ReadonlyArray<readonly [text: string, says: string]> = [
  ['{"trace": "x"}', "wakediff.config.json: trace: there is no such key. Did you mean traces?"],
  ['{"jobs": 0}', "wakediff.config.json: jobs: expected a value greater than or equal to 1, got 0"],
  ['{"traces": 3}', "wakediff.config.json: traces: "],
  ['{"expect": [{"files": "x", "against": "1.7-postfix"}]}', "expect[0].against: "],
  ['{"expect": [{"files": "x", "against": "1.7-postfix"}]}', "Did you mean 1.7-post-fix?"],
  ['{"expect": [{"files": "x"}]}', "expect[0].against: missing key"],
  [
    '{"expect": [{"files": "x", "against": "1.7-post-fix", "witout": []}]}',
    "expect[0].witout: there is no such key. Did you mean without?",
  ],
  [
    '{"expect": [{"files": "x", "against": "1.7-pre-fix", "without": ["offer-budget"]}]}',
    "expect[0].without: ",
  ],
  ['{"failOn": ["starvd"]}', "failOn[0]: "],
  ["[]", "wakediff.config.json: expected object"],
  ["{", "wakediff.config.json: "],
]
it.effect.each(wrong)("a wrong one gets one error: %s", ([text, says]) =>
  Effect.gen(function* () {
    writeFileSync("wakediff.config.json", text)
    const { code, err, out } = yield* ci()
    expect([code, out]).toEqual([2, ""])
    expect(err).toContain(says)
    expect(err.split("\n").length).toBe(1)
  }),
)

it.effect("a glob that is no trace's is a mistake, where the whole corpus is looked at", () =>
  Effect.gen(function* () {
    config({ expect: [{ files: ["traces/starved.csv", "traces/herd.csv"], against: "1.7-post-fix" }] })
    const { err, code } = yield* ci()
    expect(code).toBe(2)
    expect(err).toBe(
      'wakediff: the configuration expects something of "traces/herd.csv", which is no trace of the corpus. Globs start from the configuration\'s folder',
    )
    expect((yield* ci("traces/starved.csv")).code).toBe(1)
  }),
)

it.effect("two in one folder, one that is not there, and one that exports nothing are mistakes", () =>
  Effect.gen(function* () {
    config({})
    write("wakediff.config.ts", "export const x = 1")
    expect(yield* ci()).toMatchObject({ code: 2, err: expect.stringContaining("two configurations") })
    expect(yield* ci("--config", "wakediff.config.ts")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no default export"),
    })
    expect(yield* ci("--config", "none.json")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no such file"),
    })
    expect((yield* ci("--config", "wakediff.config.json")).code).toBe(1)
  }),
)
