import { check } from "./check.ts"
import { ci } from "./ci.ts"
import { convert } from "./convert.ts"
import { coverage } from "./coverage.ts"
import { diagnose } from "./diagnose.ts"
import { diff } from "./diff.ts"
import { explain } from "./explain.ts"
import { merge } from "./merge.ts"
import { render } from "./render.ts"
import { review } from "./review.ts"
import { semantics } from "./semantics.ts"
import { shrink } from "./shrink.ts"
import { signoff } from "./signoff.ts"
import { sweep } from "./sweep.ts"
import { verify } from "./verify.ts"

/** Every command, in the order of the help: one line each. */
export const commands = [
  diff,
  explain,
  verify,
  diagnose,
  signoff,
  shrink,
  convert,
  check,
  sweep,
  coverage,
  ci,
  review,
  merge,
  render,
  semantics,
] as const
