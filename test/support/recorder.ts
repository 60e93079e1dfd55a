import { openBatch, type OpenBatch, type RowBatch, type TraceHead } from "../../src/domain/batch.ts"
import { EntityTable, NONE } from "../../src/domain/entity.ts"
import type { Preamble } from "../../src/domain/preamble.ts"
import {
  BufferState,
  Event,
  Present,
  Result,
  Side,
  Site,
  firstAppletName,
} from "../../src/domain/vocabulary.ts"
import { Flag, Machine } from "../../src/replay/machine.ts"
import { bitOf } from "../../src/semantics/registry.ts"

const counters = Present.allocated | Present.used | Present.taskRq | Present.appletRq

/** What a process is started with. */
export interface ProcessSettings {
  readonly limit: number
  readonly reserve: number
  readonly allocated: number
  readonly runQueueTasks: number
  readonly countsApplets: boolean
}

const preambleOf = (settings: ProcessSettings, workload: string): Preamble => ({
  ...settings,
  used: 0,
  entries: [
    ["haproxy", "generated"],
    ["counters.applets", settings.countsApplets ? "yes" : "no"],
    ["workload", workload],
    ["recorder", "test/support/generate.ts"],
    ["tune.buffers.limit", String(settings.limit)],
    ["tune.buffers.reserve", String(settings.reserve)],
    ["pool.allocated", String(settings.allocated)],
    ["pool.used", "0"],
    ["run_queue.tasks", String(settings.runQueueTasks)],
  ],
})

/**
 * Lets things happen to a machine and writes them down as HAProxy's probes would: the row, with its counters before or
 * after its effect as `trace-format.md` has it for its event, then the outcomes that the machine predicts. What this
 * writes therefore conforms to the machine's semantics; whether the machine is right, only real traces tell.
 *
 * Once the machine has met undefined behaviour nothing is written any more: the process is dead.
 */
export class Recorder {
  readonly machine: Machine
  readonly head: TraceHead
  readonly entities: EntityTable = new EntityTable()
  rowCount = 0
  timeUs = 0

  readonly #appletNames: Array<string> = []
  readonly #capacity: number
  readonly #firstLine: number
  #batch: OpenBatch
  #full: Array<RowBatch> = []
  /** Tasks and applets that were ready before the row's effect. */
  #taskRq = 0
  #appletRq = 0

  constructor(settings: ProcessSettings, after: number, workload: string, batchRowCount = 4096) {
    const preamble = preambleOf(settings, workload)
    this.head = { name: "generated", preamble, entities: this.entities, appletNames: this.#appletNames }
    this.machine = new Machine(preamble, after, this.entities)
    this.#capacity = batchRowCount
    this.#firstLine = preamble.entries.length + 3
    this.#batch = openBatch(this.head, batchRowCount, 0)
  }

  get dead(): boolean {
    return this.machine.undefinedKind !== undefined
  }

  /** The full batches since the last call; with `all`, the one that is being filled too. */
  take(all: boolean): ReadonlyArray<RowBatch> {
    if (all) this.#close()
    const full = this.#full
    this.#full = []
    return full
  }

  /** A new entity of a kind. */
  entity(kind: number, number: number): number {
    const slot = this.entities.slot(kind, number)
    this.machine.reserveRoom()
    return slot
  }

  appletName(name: string): number {
    const known = this.#appletNames.indexOf(name)
    return firstAppletName + (known < 0 ? this.#appletNames.push(name) - 1 : known)
  }

  // Things that happen, one method an event.

  created(event: number, entity: number, site: number): void {
    if (this.dead) return
    this.#row(event, entity, NONE, site, 0, 0)
    this.machine.flags[entity]! |= Flag.seen
  }

  taskWakeup(task: number): void {
    if (this.dead) return
    const i = this.#row(Event.task_wakeup, task, NONE, 0, 0, 0)
    this.#batch.result[i] = this.machine.wakeTask(task)
  }

  taskUnlink(task: number): void {
    if (this.dead) return
    this.#row(Event.task_unlink, task, NONE, 0, 0, 0)
    this.machine.unqueueTask(task)
  }

  taskRun(task: number): void {
    if (this.dead) return
    this.machine.runTask(task)
    this.#row(Event.task_run, task, NONE, 0, 0, 0)
  }

  taskDone(task: number, freed: boolean): void {
    if (this.dead) return
    this.machine.endTask(task, freed)
    this.#row(Event.task_done, task, NONE, 0, 0, freed ? Result.freed : Result.kept)
  }

  appletWakeup(applet: number): void {
    if (this.dead) return
    const i = this.#row(Event.applet_wakeup, applet, NONE, 0, 0, 0)
    this.#batch.result[i] = this.machine.wakeApplet(applet)
  }

  appletPause(applet: number): void {
    if (this.dead) return
    this.#row(Event.applet_pause, applet, NONE, 0, 0, this.#listed(applet))
    this.machine.pauseApplet(applet)
  }

  appletRun(applet: number, owner: number, name: number): void {
    if (this.dead) return
    this.#row(Event.applet_run, applet, owner, name, 0, 0)
    this.machine.runApplet(applet)
  }

  appletDone(applet: number, owner: number): void {
    if (this.dead) return
    const parked = this.machine.endApplet(applet)
    const idle = (this.machine.flags[applet]! & Flag.ready) === 0
    if (parked) this.#row(Event.applet_done, applet, owner, 0, 0, Result.parked)
    else this.#row(Event.applet_done, applet, NONE, 0, 0, idle ? Result.idle : Result.requeued)
  }

  appletFree(applet: number): void {
    if (this.dead) return
    this.#row(Event.applet_free, applet, NONE, 0, 0, this.#listed(applet))
    this.#before()
    this.machine.freeApplet(applet)
    this.#outcomes()
  }

  spoeFree(context: number): void {
    if (this.dead) return
    const held = this.machine.flags[context]! & Flag.own
    this.#row(Event.spoe_free, context, NONE, 0, 0, held ? Result.held : Result.none)
    this.#before()
    this.machine.freeSpoeContext(context)
    this.#outcomes()
  }

  /** Returns the result, or 0 where the site does not allocate: then there is no row either. */
  alloc(entity: number, owner: number, site: number, side: number): number {
    if (this.dead) return 0
    this.#before()
    const result = this.machine.alloc(entity, owner, site, side)
    if (result === 0) return 0
    const i = this.#row(Event.alloc, entity, owner, site, side, result)
    this.#batch.margin[i] = this.machine.margin
    this.#batch.present[i]! |= Present.margin
    this.#outcomes()
    return result
  }

  /** A release by a stream or an applet; of a buffer that is held it is told whether it has data. */
  release(
    entity: number,
    owner: number,
    site: number,
    side: number,
    reqData: boolean,
    resData: boolean,
  ): void {
    if (this.dead) return
    const flags = this.machine.flags[owner]!
    const i = this.#row(Event.release, entity, owner, site, side, 0)
    this.#batch.req[i] = stateOf(flags & Flag.req, reqData)
    this.#batch.res[i] = stateOf(flags & Flag.res, resData)
    this.#before()
    if (flags & Flag.req) this.machine.observe(owner, Side.req, reqData)
    if (flags & Flag.res) this.machine.observe(owner, Side.res, resData)
    this.machine.release(entity, owner, site, side)
    this.#outcomes()
  }

  /** A release of a SPOE context's own buffer. */
  spoeRelease(context: number, owner: number, site: number): void {
    if (this.dead) return
    this.#row(Event.release, context, owner, site, Side.own, 0)
    this.#before()
    this.machine.release(context, owner, site, Side.own)
    this.#outcomes()
  }

  pool(site: number, allocated: number): void {
    if (this.dead) return
    this.machine.setPool(allocated, this.machine.used)
    this.#row(Event.pool, NONE, NONE, site, 0, 0)
  }

  // Rows.

  #listed(applet: number): number {
    return this.machine.flags[applet]! & Flag.ready ? Result.queued : Result.idle
  }

  #close(): void {
    if (this.#batch.rowCount === 0) return
    this.#full.push(this.#batch)
    this.#batch = openBatch(this.head, this.#capacity, this.rowCount)
  }

  #row(event: number, entity: number, owner: number, site: number, side: number, result: number): number {
    if (this.#batch.rowCount === this.#capacity) this.#close()
    const batch = this.#batch
    const i = batch.rowCount++
    batch.line[i] = this.#firstLine + this.rowCount++
    batch.timeUs[i] = this.timeUs
    batch.event[i] = event
    batch.entity[i] = entity
    batch.owner[i] = owner
    batch.site[i] = site
    batch.side[i] = side
    batch.result[i] = result
    this.#counters(i, this.machine.taskRq, this.machine.appletRq)
    return i
  }

  #counters(i: number, taskRq: number, appletRq: number): void {
    const batch = this.#batch
    batch.allocated[i] = this.machine.allocated
    batch.used[i] = this.machine.used
    batch.taskRq[i] = taskRq
    // A build that does not count its applets records nothing but zeros.
    batch.appletRq[i] = this.head.preamble.countsApplets ? appletRq : 0
    batch.present[i]! |= counters
  }

  #before(): void {
    this.machine.outcomes.count = 0
    this.#taskRq = this.machine.taskRq
    this.#appletRq = this.machine.appletRq
  }

  #outcomes(): void {
    const { outcomes, after } = this.machine
    for (let at = 0; at < outcomes.count; at++) {
      const event = outcomes.event[at]!
      const detail = outcomes.detail[at]!
      const entity = outcomes.entity[at]!
      switch (event) {
        case Event.enqueue:
        case Event.dequeue: {
          this.#row(event, entity, NONE, detail, 0, 0)
          break
        }
        case Event.offer: {
          // Code that does not ask who offers does not know it.
          const from = after & bitOf["offer-skips-self"] ? entity : NONE
          const i = this.#row(event, from, NONE, 0, 0, 0)
          this.#batch.avail[i] = outcomes.avail[at]!
          this.#batch.threshold[i] = outcomes.threshold[at]!
          this.#batch.present[i]! |= Present.avail | Present.threshold
          this.#counters(i, this.#taskRq, this.#appletRq)
          break
        }
        case Event.skip:
        case Event.wake: {
          const i = this.#row(event, entity, NONE, 0, 0, detail)
          this.#counters(i, this.#taskRq, this.#appletRq)
          break
        }
        default: {
          const i = this.#row(event, entity, NONE, Site.offer, 0, detail)
          this.#counters(i, this.#taskRq, this.#appletRq)
          if (detail !== Result.queued) break
          if (event === Event.task_wakeup) this.#taskRq++
          else this.#appletRq++
        }
      }
    }
  }
}

const stateOf = (held: number, data: boolean): number => {
  if (held === 0) return BufferState.none
  return data ? BufferState.data : BufferState.empty
}
