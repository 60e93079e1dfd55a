import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, References, type Runtime } from "effect"
import { Command } from "effect/cli"
import { parsingOnly } from "./cli/platform.ts"
import { presentation, reportFailure, teardownAfter } from "./cli/present.ts"
import { guardProcess, receivedSignal, whenPrinted } from "./cli/process.ts"
import { root } from "./cli/root.ts"
import { version } from "./cli/version.ts"

const layers = Layer.mergeAll(parsingOnly, presentation, Layer.succeed(References.LogToStderr, true))

const endAs = teardownAfter(receivedSignal)
const teardown: Runtime.Teardown = (exit, done) => endAs(exit, (code) => whenPrinted(() => done(code)))

guardProcess()
NodeRuntime.runMain(
  root.pipe(Command.run({ version }), Effect.onError(reportFailure), Effect.provide(layers)),
  // runMain's own report would run outside the layers and go to standard output: reportFailure has said it all.
  { disableErrorReporting: true, teardown },
)
