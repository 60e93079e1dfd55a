// Bundles the command line, the library and the page of the HTML report, and writes the library's types. Runs at `npm ci` (as `prepare`), on Node 20 too.
import { spawnSync } from "node:child_process"
import { readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { reportPage } from "./report-page.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))

/**
 * effect/cli measures the width of a help text with an Intl.Segmenter and Unicode classes, which takes a quarter of the
 * start-up. This lets ASCII, which every help text is, do without: in the bundle only, and the same result. The build
 * fails when effect is no longer as this expects.
 * @type {import("esbuild").Plugin}
 */
const asciiWidth = {
  name: "ascii-width",
  setup(builder) {
    const edits = [
      [
        /new Intl\.Segmenter\(undefined, (\{\s*granularity: "grapheme"\s*\})\)/,
        "{ segment: (text) => new Intl.Segmenter(undefined, $1).segment(text) }",
      ],
      [
        /(const displayWidth = text => \{)/,
        "$1 const bare = stripAnsi(text); if (/^[ -~]*$/.test(bare)) return bare.length;",
      ],
    ]
    builder.onLoad({ filter: /effect\/dist\/cli\/CliOutput\.js$/ }, ({ path }) => {
      let contents = readFileSync(path, "utf8")
      for (const [from, to] of edits) {
        if (!from.test(contents)) return { errors: [{ text: `ascii-width: ${from} is not there any more` }] }
        contents = contents.replace(from, to)
      }
      return { contents, loader: "js" }
    })
  },
}

/**
 * `import { Schema } from "effect"` makes esbuild keep all of the module Schema, for a namespace that is re-exported is an
 * object to it; `import * as Schema from "effect/Schema"` keeps what is used.
 * @type {import("esbuild").Plugin}
 */
const shakenEffect = {
  name: "shaken-effect",
  setup(builder) {
    builder.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8").replaceAll(
        /^import \{([^}]*)\} from "effect"$/gm,
        (_, names) =>
          names
            .split(",")
            .map((name) => name.trim())
            .filter((name) => name !== "" && !name.startsWith("type "))
            .map((name) => `import * as ${name} from "effect/${name}"`)
            .join("; "),
      )
      return { contents, loader: "ts" }
    })
  },
}

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  logLevel: "warning",
  legalComments: "none",
  // jsonc-parser's other build requires its own files in a way that no bundler sees.
  mainFields: ["module", "main"],
}

rmSync(join(root, "dist"), { recursive: true, force: true })

await Promise.all([
  // Handlers are imported when their command runs: splitting keeps them out of what `--help` loads. Nothing is minified:
  // with the compile cache it gains nothing, and the stack in a bug report stays readable.
  build({
    ...common,
    entryPoints: [
      { in: "src/main.ts", out: "main" },
      { in: "src/cli/workers/worker.ts", out: "worker" },
      { in: "src/traces/parquet/ahead-worker.ts", out: "ahead-worker" },
    ],
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    plugins: [asciiWidth, shakenEffect],
  }),
  // The library's dependencies stay outside, so that it shares the user's own copy of effect.
  build({ ...common, entryPoints: ["src/index.ts"], packages: "external" }),
  build(reportPage(root)),
])

const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"))
const types = spawnSync(process.execPath, [join(typescript, "bin", "tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
})
process.exitCode = types.status ?? 1
