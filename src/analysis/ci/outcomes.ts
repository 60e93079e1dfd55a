import { Effect, Stream } from "effect"
import type { RowBatch } from "../../domain/batch.ts"
import type { CiOutcomes } from "../../domain/documents.ts"
import type { FailKind } from "../../domain/wait.ts"
import type { Choice } from "../../semantics/semantics.ts"
import { diagnoseRun } from "../diagnose/run.ts"
import { diagnosing, stepwise } from "../diagnose/diagnose.ts"
import { diff } from "../diff.ts"
import { diffRun } from "../diff-run.ts"
import { tape, type Tape } from "../tape.ts"
import { verify } from "../verify.ts"
import { verifyRun } from "../verify-run.ts"

/** What is asked of one trace. */
export interface CiQuestion {
  /** What it must behave as; undefined: which semantics explains it is found out. */
  readonly against: Choice | undefined
  /** The two semantics of its diff; undefined: its branch before the fix, and after it. */
  readonly from: Choice | undefined
  readonly to: Choice | undefined
  readonly failOn: ReadonlyArray<FailKind>
}

/** What the outcomes call the trace, and the commands that show its runs again. */
export interface CiNames {
  readonly name: string
  readonly verify: string
  readonly diagnose: string
  readonly diff: (words: ReadonlyArray<string>) => string
}

/**
 * What a trace gives, from one reading of it: the verdict, and the diff.
 *
 * @param batches the rows of one trace, as `readTrace` gives them; they are kept in memory meanwhile
 */
export const ciOutcomes = <E, R>(
  batches: Stream.Stream<RowBatch, E, R>,
  { against, from, to, failOn }: CiQuestion,
  names: CiNames,
): Effect.Effect<Omit<CiOutcomes, "sha256">, E, R> =>
  Effect.gen(function* () {
    const whole = yield* tape(batches)
    const difference = yield* diff(played(whole), { from, to })
    return {
      rows: whole.rowCount,
      verify: against === undefined ? null : yield* verified(whole, against, names),
      diagnose: against === undefined ? yield* diagnosed(whole, names) : null,
      diff: diffRun({ ...difference, trace: names.name }, names.diff, failOn),
    }
  })

const verified = (whole: Tape, against: Choice, names: CiNames) =>
  Effect.map(verify(played(whole), against), (verification) =>
    verifyRun({ ...verification, trace: names.name }, names.verify),
  )

const diagnosed = (whole: Tape, names: CiNames) =>
  Effect.map(
    stepwise(() => diagnosing(whole)),
    (diagnosis) => diagnoseRun({ ...diagnosis, trace: names.name }, names.diagnose),
  )

/** The batches once more; other fibers run between any two. */
const played = ({ batches }: Tape): Stream.Stream<RowBatch> =>
  Stream.mapEffect(Stream.fromIterable(batches), (batch) => Effect.as(Effect.yieldNow, batch))
