import { check } from "./check.ts"
import { coverage } from "./coverage.ts"
import { diagnose } from "./diagnose.ts"
import { diff } from "./diff.ts"
import { explain } from "./explain.ts"
import { semantics } from "./semantics.ts"
import { shrink } from "./shrink.ts"
import { sweep } from "./sweep.ts"
import { verify } from "./verify.ts"

/** Every command, in the order of the help: one line each. */
export const commands = [diff, explain, verify, diagnose, shrink, check, sweep, coverage, semantics] as const
