/** The arguments and flags that several commands share. Their values are words: what a word means, `choice.ts` says. */
import { Option } from "effect"
import { Argument, Flag } from "effect/cli"
import { availableParallelism } from "node:os"
import type { Reading } from "./reading.ts"
import { parseSize, sizeForm } from "./size.ts"

export const traces = Argument.String("TRACE").pipe(
  Argument.variadic({ min: 1 }),
  Argument.withDescription(
    "Recordings, plain, gzip or zstd: files, folders (every trace below them) or - for standard input",
  ),
)

export const json = Flag.Boolean("json").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Print one JSON document instead of text; schemas/ describes it"),
)

const allowTorn = Flag.Boolean("allow-torn").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Drop a torn last line, as a process that died leaves it"),
)

const maxInflated = Flag.String("max-inflated").pipe(
  Flag.withMetavar("SIZE"),
  Flag.withDescription("How much a compressed trace may decompress to, such as 8GiB; 2GiB without it"),
  Flag.filterMap(
    (text) => Option.fromUndefinedOr(parseSize(text)),
    () => sizeForm,
  ),
  Flag.optional,
)

export const jobs = Flag.Int("jobs").pipe(
  Flag.withMetavar("COUNT"),
  Flag.filter(
    (count) => count >= 1,
    () => "at least 1",
  ),
  Flag.withDescription("How many traces to replay at a time; without it, as many as there are processors"),
  Flag.optional,
)

export const jobsOf = (flags: { readonly jobs: Option.Option<number> }): number =>
  Option.getOrElse(flags.jobs, availableParallelism)

/** How traces are read; `readingOf` makes a {@link Reading} of it. */
export const readingFlags = { allowTorn, maxInflated }

export const readingOf = (flags: {
  readonly allowTorn: boolean
  readonly maxInflated: Option.Option<number>
}): Reading => ({ allowTorn: flags.allowTorn, maxInflatedBytes: Option.getOrUndefined(flags.maxInflated) })

/** A flag whose value names a semantics. */
export const semanticsFlag = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar("SEMANTICS"), Flag.withDescription(description))

export const without = Flag.String("without").pipe(
  Flag.withMetavar("PART"),
  Flag.atLeast(0),
  Flag.withDescription("Turn one part of a post-fix semantics back; may be given several times"),
)
