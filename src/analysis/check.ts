import { Effect, Stream } from "effect"
import type { RowBatch, TraceHead } from "../domain/batch.ts"
import type { CheckRun } from "../domain/documents.ts"
import { grown } from "../domain/entity.ts"
import { isOutcome } from "../domain/row-forms.ts"
import { Event, entityKinds, eventNames, firstAppletName, siteNames } from "../domain/vocabulary.ts"

/** What a reader knows of a trace and its rows do not tell. */
export interface CheckFacts {
  /** The trace's format; asked for when the batches have ended. */
  readonly format: () => string
  /** The torn last line that was dropped, 1 for the first; asked for when the batches have ended. */
  readonly tornLine: () => number | null
}

/** Says what a trace is, batch by batch. Pure and synchronous; nothing of the trace is kept but its applets' names. */
export class Check {
  #head: TraceHead | undefined
  #rowCount = 0
  #outcomeRowCount = 0
  #firstTimeUs: number | null = null
  #lastTimeUs: number | null = null
  #latestUs = Number.NEGATIVE_INFINITY
  #backwardsUs = 0
  readonly #events = new Float64Array(eventNames.length)
  readonly #sites = new Float64Array(firstAppletName)
  /** Per slot: 1 + the index of the applet's name, 0 where no row has named it. */
  #appletNameOf: Int32Array<ArrayBuffer> = new Int32Array(256)

  push(batch: RowBatch): void {
    this.#head ??= batch.head
    const { rowCount, event, site, timeUs, entity } = batch
    if (rowCount === 0) return
    this.#rowCount += rowCount
    this.#firstTimeUs ??= timeUs[0]!
    this.#lastTimeUs = timeUs[rowCount - 1]!
    for (let i = 0; i < rowCount; i++) {
      const code = event[i]!
      const place = site[i]!
      this.#events[code]!++
      if (isOutcome(code, place)) this.#outcomeRowCount++
      if (place < firstAppletName) this.#sites[place]!++
      else if (code === Event.applet_new || code === Event.applet_run)
        this.#named(entity[i]!, place - firstAppletName)
      const time = timeUs[i]!
      if (time >= this.#latestUs) this.#latestUs = time
      else this.#backwardsUs = Math.max(this.#backwardsUs, this.#latestUs - time)
    }
  }

  #named(slot: number, name: number): void {
    if (slot >= this.#appletNameOf.length) this.#appletNameOf = grown(this.#appletNameOf, slot + 1)
    this.#appletNameOf[slot] = name + 1
  }

  /** What the trace is, when it has ended. At least one batch has been pushed: the head's. */
  finish(facts: CheckFacts): CheckRun {
    const head = this.#head!
    return {
      trace: head.name,
      format: facts.format(),
      rows: this.#rowCount,
      preamble: Object.fromEntries(head.preamble.entries),
      firstTimeUs: this.#firstTimeUs,
      lastTimeUs: this.#lastTimeUs,
      backwardsUs: this.#backwardsUs,
      entities: entitiesByKind(head),
      applets: this.#applets(head),
      events: counts(eventNames, this.#events),
      sites: counts(siteNames.slice(1), this.#sites.subarray(1)),
      outcomeRows: this.#outcomeRowCount,
      tornLine: facts.tornLine(),
    }
  }

  #applets({ appletNames }: TraceHead): Readonly<Record<string, number>> {
    const applets = new Float64Array(appletNames.length)
    for (const name of this.#appletNameOf) if (name > 0) applets[name - 1]!++
    return counts(appletNames, applets)
  }
}

/** Counts by name, in the order of the names; a name without a count is left out. */
const counts = (names: ReadonlyArray<string>, numbers: Float64Array): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name, at) => [name, numbers[at]!] as const).filter(([, count]) => count > 0))

const entitiesByKind = ({ entities }: TraceHead): CheckRun["entities"] => {
  const byKind = entityKinds.map(({ name }) => [name, 0] as [string, number])
  for (let slot = 0; slot < entities.count; slot++) byKind[entities.kind[slot]!]![1]++
  return Object.fromEntries(byKind) as CheckRun["entities"]
}

/**
 * Reads a trace to its end and says what it is: preamble, rows, time, entities, events, sites.
 *
 * @param batches the rows of one trace, as `readTrace` gives them
 */
export const check = <E, R>(
  batches: Stream.Stream<RowBatch, E, R>,
  facts: Partial<CheckFacts> = {},
): Effect.Effect<CheckRun, E, R> =>
  Effect.suspend(() => {
    const trace = new Check()
    return batches.pipe(
      Stream.runForEachArray((chunk) => Effect.sync(() => chunk.forEach((batch) => trace.push(batch)))),
      Effect.map(() => trace.finish({ format: () => "csv", tornLine: () => null, ...facts })),
    )
  })
