import { check } from "./check.ts"
import { diff } from "./diff.ts"
import { semantics } from "./semantics.ts"
import { verify } from "./verify.ts"

/** Every command, in the order of the help: one line each. */
export const commands = [diff, verify, check, semantics] as const
