/** The CI examples of the documentation do what it says: their commands are run as GitHub and GitLab would run them. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, join, resolve } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { parse } from "yaml"
import { commandLine } from "../src/domain/text.ts"
import { program, repository, spawned } from "./support/command.ts"
import { ci, doctor, filesOf, useCorpusFolder } from "./support/corpus-folder.ts"

useCorpusFolder()

const textOf = (name: string): string => readFileSync(join(repository, "examples", "ci", name), "utf8")
const github = parse(textOf("github-actions.yml"))
const gitlab = parse(textOf("gitlab-ci.yml"))

it.each(["github-actions", "gitlab-ci"])("docs/ci.md shows %s as it is", (name) => {
  const documentation = readFileSync(join(repository, "docs", "ci.md"), "utf8")
  const [, shown] = new RegExp(
    `<!-- ${name}:begin -->\n\n\`\`\`yaml\n([^]*?)\`\`\`\n\n<!-- ${name}:end -->`,
  ).exec(documentation)!
  expect(shown).toBe(textOf(`${name}.yml`))
})

interface Job extends Readonly<Record<string, unknown>> {
  readonly needs?: string | ReadonlyArray<string>
  readonly steps: ReadonlyArray<{ readonly uses?: string; readonly run?: string }>
  readonly artifacts: object
}

/** The keys that an example may use, of all that the system knows. */
const isOf = (keys: string, value: object): void => {
  expect(Object.keys(value).filter((key) => !keys.split(" ").includes(key))).toEqual([])
}

it("GitHub knows every key, and needs those that it needs", () => {
  isOf("name run-name on permissions env defaults concurrency jobs", github)
  for (const job of Object.values<Job>(github.jobs)) {
    isOf(
      "name permissions needs if runs-on environment concurrency outputs env defaults steps timeout-minutes strategy continue-on-error container services",
      job,
    )
    expect(job["runs-on"]).toBe("ubuntu-latest")
    for (const need of [job.needs ?? []].flat()) expect(github.jobs).toHaveProperty(need)
    for (const step of job.steps) {
      isOf("id if name uses run working-directory shell with env continue-on-error timeout-minutes", step)
      expect("uses" in step).not.toBe("run" in step)
      if (step.uses !== undefined) expect(step.uses).toMatch(/^[\w-]+\/[\w-]+(?:\/[\w-]+)?@v\d+$/)
    }
  }
})

it("GitLab knows every key, and needs those that it needs", () => {
  const { stages, default: common, ...jobs } = gitlab
  isOf(
    "after_script artifacts before_script cache hooks id_tokens image interruptible retry services tags timeout",
    common,
  )
  for (const job of Object.values<Job>(jobs)) {
    isOf(
      "stage script image needs when parallel artifacts rules variables before_script cache tags allow_failure",
      job,
    )
    expect(stages).toContain(job["stage"])
    for (const need of [job.needs ?? []].flat()) expect(jobs).toHaveProperty(need)
    isOf("when paths expire_in reports name exclude expose_as untracked", job.artifacts)
  }
})

/** Where `npx` finds this repository's sources, whatever folder it is called in. */
const withNpx = (): string => {
  mkdirSync("bin", { recursive: true })
  const path = resolve("bin", "npx")
  writeFileSync(path, `#!/bin/sh\nshift\nexec ${commandLine(program)} "$@"\n`)
  chmodSync(path, 0o755)
  return resolve("bin")
}

/** Runs one command as a step of a job: `bash -e`, as both systems do. */
const step = (command: string, env: Readonly<Record<string, string>>) =>
  Effect.promise(() =>
    spawned(["bash", "-ec", `cd ${commandLine([process.cwd()])} && ${command}`], {
      env: { ...env, CI: "true", PATH: `${withNpx()}${delimiter}${process.env["PATH"]}` },
    }),
  )

const commandsOf = (steps: ReadonlyArray<{ readonly run?: string }>): ReadonlyArray<string> =>
  steps.flatMap(({ run }) => (run === undefined || run === "npm ci" ? [] : [run]))

/** The commands of both jobs, one run a shard first, with what the system sets for each. */
const systems = {
  github: [
    ...github.jobs.replay.strategy.matrix.shard.flatMap((shard: number) =>
      commandsOf(github.jobs.replay.steps).map((run) => [
        run.replaceAll("${{ matrix.shard }}", `${shard}`),
        { GITHUB_ACTIONS: "true" },
      ]),
    ),
    ...commandsOf(github.jobs.report.steps).map((run) => [
      run,
      { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md" },
    ]),
  ],
  gitlab: [
    ...Array.from({ length: gitlab.replay.parallel }, (_, at) =>
      gitlab.replay.script.map((run: string) => [
        run,
        { GITLAB_CI: "true", CI_NODE_INDEX: `${at + 1}`, CI_NODE_TOTAL: `${gitlab.replay.parallel}` },
      ]),
    ).flat(),
    ...gitlab.report.script.map((run: string) => [run, { GITLAB_CI: "true" }]),
  ],
} as const

const written = {
  github: ["report/wakediff.html", "report/wakediff.sarif", "summary.md"],
  gitlab: ["report/wakediff.html", "report/wakediff.xml"],
} as const

describe.each(["github", "gitlab"] as const)("the commands for %s", (system) => {
  const run = Effect.suspend(() =>
    Effect.forEach(systems[system] as ReadonlyArray<[string, Record<string, string>]>, ([command, env]) =>
      step(command, env),
    ),
  )

  it("are there, and every expression in them is known here", () => {
    expect(systems[system].length).toBe(3)
    for (const [command] of systems[system]) expect(command).not.toContain("${{")
  })

  it.effect("pass where everything is as accepted, and write what is uploaded", () =>
    Effect.gen(function* () {
      yield* ci("--update", "all")
      const baselines = filesOf("reports")
      const ran = yield* run
      expect(ran.map(({ code, err }) => [code, err])).toEqual([
        [0, ""],
        [0, ""],
        [0, ""],
      ])
      expect(ran[2]!.out).toContain("3 traces: 3 same")
      expect(readdirSync("shards")).toEqual(["1.json", "2.json"])
      expect(written[system].filter((path) => !existsSync(path))).toEqual([])
      expect(filesOf("reports")).toEqual(baselines)
    }),
  )

  it.effect("fail where an outcome has changed: one shard, and the report", () =>
    Effect.gen(function* () {
      yield* ci("--update", "all")
      doctor("reports/starved.json", '"starved": 1', '"starved": 0')
      const baselines = filesOf("reports")
      const ran = yield* run
      expect(ran.map(({ code }) => code).toSorted()).toEqual([0, 1, 1])
      expect(ran[2]!.code).toBe(1)
      expect(ran[2]!.out).toContain("starved")
      expect(written[system].filter((path) => !readFileSync(path, "utf8").includes("starved"))).toEqual([])
      if (system === "github") expect(ran[2]!.out).toMatch(/^::error /m)
      expect(filesOf("reports")).toEqual(baselines)
    }),
  )

  it.effect("fail where a shard has left no result", () =>
    Effect.gen(function* () {
      yield* ci("--update", "all")
      const list = systems[system] as ReadonlyArray<[string, Record<string, string>]>
      yield* step(...list[0]!)
      const { code, err } = yield* step(...list.at(-1)!)
      expect([code, err]).toEqual([3, expect.stringContaining("the shard 2/2 is missing")])
    }),
  )
})
