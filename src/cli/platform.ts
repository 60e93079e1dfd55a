/**
 * Which services of the platform are there when. Parsing the command line and printing help need none of Node's files,
 * terminals or child processes, and loading them costs a third of the start-up: they come with a command's handler.
 */
import type { NodeServices } from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Path, Terminal } from "effect"
import type { Command } from "effect/cli"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Stdio from "effect/Stdio"

const absent = (service: string) => Effect.die(new Error(`${service} is not there before a handler runs`))

/**
 * What effect/cli asks for, answered with as little as parsing needs. An argument of a kind that looks at files while
 * it is parsed (`Argument.File` with `mustExist`) does not work here, nor should it: a missing trace is not a usage error.
 */
export const parsingOnly: Layer.Layer<Command.Environment | Stdio.Stdio> = Layer.mergeAll(
  FileSystem.layerNoop({}),
  Path.layer,
  Stdio.layerTest({ args: Effect.sync(() => process.argv.slice(2)) }),
  Layer.sync(Terminal.Terminal, () =>
    Terminal.make({
      columns: Effect.succeed(process.stdout.columns ?? 0),
      rows: Effect.succeed(process.stdout.rows ?? 0),
      size: absent("a terminal's size"),
      display: () => Effect.void,
      readInput: absent("a terminal's input"),
      readLine: absent("a terminal's input"),
    }),
  ),
  Layer.succeed(
    ChildProcessSpawner.ChildProcessSpawner,
    ChildProcessSpawner.make(() => absent("a child process")),
  ),
)

/**
 * A command's handler that is imported when the command runs, and Node's services with it:
 *
 *     Command.make("verify", flags, lazily(() => import("./verify.handler.ts").then((m) => m.verify)))
 *
 * A handler that cannot be loaded is a defect: the bundle is broken.
 */
export function lazily<Config, A, E, R>(
  load: () => Promise<(config: Config) => Effect.Effect<A, E, R>>,
): (config: Config) => Effect.Effect<A, E, Exclude<R, NodeServices>> {
  return (config) =>
    Effect.flatMap(
      Effect.promise(() => Promise.all([load(), import("@effect/platform-node/NodeServices")])),
      ([handler, node]) => Effect.provide(handler(config), node.layer),
    )
}
