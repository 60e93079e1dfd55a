import { Effect, Stream } from "effect"
import type { RowBatch } from "../domain/batch.ts"
import type { CoverageItem, CoverageRun } from "../domain/documents.ts"
import { preambleValue } from "../domain/preamble.ts"
import { Event, Kind, Result, Site, resultNames, siteNames } from "../domain/vocabulary.ts"
import { wakeClasses } from "../domain/wait.ts"
import { Projection } from "../replay/projection.ts"
import { parts } from "../semantics/registry.ts"
import { branchOf, describeChoice, semanticsOf, choiceOf } from "../semantics/semantics.ts"
import { Verify } from "./verify.ts"

/** Something that a corpus can exercise. */
interface Item {
  readonly group: string
  readonly name: string
  readonly workload: string
}

const site = (group: string, name: string, workload: string): Item => ({ group, name, workload })

/** What there is to exercise beside the parts of the fix: the sites, and what the queue can do. */
const otherItems: ReadonlyArray<Item> = [
  site("alloc", "recv", "connections that receive"),
  site("alloc", "work", "any stream"),
  site("alloc", "applet", "any applet: statistics page, CLI, peers, SPOE, Lua"),
  site("alloc", "lua", "before the fix: Lua code that writes to a socket or a channel"),
  site("alloc", "spoe", "a SPOE filter"),
  site("release", "notify", "any traffic"),
  site("release", "conn_wake", "connections that receive or send"),
  site("release", "applet_end", "any applet that runs"),
  site("release", "stream_end", "any stream"),
  site("release", "stream_free", "streams that end"),
  site("release", "spoe_release", "SPOE events that are processed"),
  site("release", "spoe_timeout", "a SPOE agent slower than the processing timeout"),
  ...(["recv", "work", "applet", "lua", "spoe"] as const).map((name) =>
    site("enqueue", name, `an exhausted pool where alloc ${name} comes`),
  ),
  site("dequeue", "work", "a waiting stream that runs for another reason"),
  site("dequeue", "spoe", "a waiting SPOE context whose stream runs for another reason"),
  site("dequeue", "stream_free", "a client that goes while its stream waits"),
  site("dequeue", "applet_free", "after the fix: a client that goes while its applet waits"),
  site("dequeue", "spoe_free", "a client that goes while its SPOE context waits"),
  site("offer", "wakes nobody", "an exhausted pool: buffers are released while tasks are runnable"),
  site("offer", "wakes one", "an exhausted pool"),
  site("offer", "wakes several", "several buffers released at once, or a herd"),
  site("offer", "negative avail", "fewer free buffers than half the reserve: every buffer in use"),
  site("skip", "self", "after the fix: a waiter that releases a buffer"),
  site("skip", "running", "before the fix: a stream that releases while it waits"),
  site("skip", "busy", "after the fix: a waiter that is runnable already"),
  site("wake", "stream", "streams that wait"),
  site("wake", "applet", "after the fix: applets that wait"),
  site("wake", "SPOE context", "after the fix: SPOE contexts that wait"),
  ...wakeClasses.map(({ name, meaning }) => site("wake class", name, meaning)),
]

const items: ReadonlyArray<Item> = [
  ...parts.map(({ name, workload }) => ({ group: "part", name, workload })),
  ...otherItems,
]

const keyOf = (group: string, name: string): string => `${group}/${name}`

/** The first row of each item in one trace, batch by batch. Pure and synchronous. */
class TraceCoverage {
  readonly first = new Map<string, number>()
  trace = ""
  rowCount = 0
  #verifies: ReadonlyArray<Verify> = []
  #replays: ReadonlyArray<Projection> = []
  /** The offer that is under way: its row, and the wakes that it made. */
  #offerRow = -1
  #offerWakes = 0

  push(batch: RowBatch): void {
    const { head, rowCount } = batch
    if (this.#verifies.length === 0) {
      this.trace = head.name
      const branch = branchOf(preambleValue(head.preamble, "haproxy"))
      const choices = (["post-fix", "pre-fix"] as const).map((fix) =>
        choiceOf(branch, semanticsOf(branch, fix).after),
      )
      this.#verifies = choices.map((choice) => new Verify(choice))
      this.#replays = choices.map((choice) => new Projection(head, choice.after, () => undefined))
    }
    for (const verify of this.#verifies) verify.push(batch)
    for (const replay of this.#replays) replay.run(batch)
    for (let i = 0; i < rowCount; i++) this.#row(batch, i)
    this.rowCount += rowCount
  }

  #see(group: string, name: string, row: number): void {
    const key = keyOf(group, name)
    if (!this.first.has(key)) this.first.set(key, row)
  }

  #row(batch: RowBatch, i: number): void {
    const event = batch.event[i]!
    const row = batch.firstRow + i
    const wakeup = event === Event.task_wakeup || event === Event.applet_wakeup
    if (event < Event.enqueue && !(wakeup && batch.site[i] === Site.offer)) this.#endOffer()
    switch (event) {
      case Event.alloc: {
        this.#see("alloc", siteNames[batch.site[i]!]!, row)
        break
      }
      case Event.release: {
        this.#see("release", siteNames[batch.site[i]!]!, row)
        break
      }
      case Event.enqueue: {
        this.#see("enqueue", siteNames[batch.site[i]!]!, row)
        break
      }
      case Event.dequeue: {
        this.#see("dequeue", siteNames[batch.site[i]!]!, row)
        break
      }
      case Event.offer: {
        this.#endOffer()
        this.#offerRow = row
        if (batch.avail[i]! < 0) this.#see("offer", "negative avail", row)
        break
      }
      case Event.skip: {
        if (batch.result[i]! >= Result.self) this.#see("skip", resultNames[batch.result[i]!]!, row)
        break
      }
      case Event.wake: {
        this.#offerWakes++
        const kind = batch.head.entities.kind[batch.entity[i]!]
        this.#see(
          "wake",
          kind === Kind.stream ? "stream" : kind === Kind.applet ? "applet" : "SPOE context",
          row,
        )
        break
      }
    }
  }

  #endOffer(): void {
    if (this.#offerRow < 0) return
    const name =
      this.#offerWakes === 0 ? "wakes nobody" : this.#offerWakes === 1 ? "wakes one" : "wakes several"
    this.#see("offer", name, this.#offerRow)
    this.#offerRow = -1
    this.#offerWakes = 0
  }

  /** The trace has ended. It is taken for the semantics that it conforms to, or follows longest. */
  finish(): CoverageRun {
    this.#endOffer()
    const results = this.#verifies.map((verify) => verify.finish())
    const rowOf = (at: number) => results[at]!.first?.row ?? Number.POSITIVE_INFINITY
    const best = rowOf(1) > rowOf(0) ? 1 : 0
    const { choice, confirmedAt, first } = results[best]!
    for (const [part, row] of confirmedAt) this.#see("part", part, row)
    const replay = this.#replays[best]!
    replay.end()
    for (const { name } of wakeClasses) {
      const moment = replay.waits.firstWakes[name]
      if (moment !== undefined) this.#see("wake class", name, moment.row)
    }
    return {
      trace: this.trace,
      rows: this.rowCount,
      semantics: describeChoice(choice),
      firstDeviationRow: first?.row ?? null,
    }
  }
}

/** What one trace exercises, as plain data. */
export interface TraceCovers {
  readonly run: CoverageRun
  /** The first row of each item, by its key. */
  readonly first: ReadonlyMap<string, number>
}

/** Looks at what one trace exercises. */
export const covers = <E, R>(batches: Stream.Stream<RowBatch, E, R>): Effect.Effect<TraceCovers, E, R> =>
  Effect.suspend(() => {
    const one = new TraceCoverage()
    return batches.pipe(
      Stream.runForEachArray((chunk) => Effect.sync(() => chunk.forEach((batch) => one.push(batch)))),
      Effect.map(() => ({ run: one.finish(), first: one.first })),
    )
  })

/** What a corpus exercises, trace by trace, in the order in which they are added. */
export class Coverage {
  readonly #first = new Map<string, { readonly trace: string; readonly row: number }>()
  readonly #counts = new Map<string, number>()

  add({ run, first }: TraceCovers): void {
    for (const [key, row] of first) {
      if (!this.#first.has(key)) this.#first.set(key, { trace: run.trace, row })
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    }
  }

  /** Everything that there is to exercise, and where the corpus does so first. */
  get items(): ReadonlyArray<CoverageItem> {
    return items.map(({ group, name, workload }) => {
      const key = keyOf(group, name)
      return {
        group,
        name,
        first: this.#first.get(key) ?? null,
        traces: this.#counts.get(key) ?? 0,
        workload,
      }
    })
  }
}
