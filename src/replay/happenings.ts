import type { TraceHead } from "../domain/batch.ts"
import { NONE } from "../domain/entity.ts"
import { BufferState, Event, Kind, Result, Side, Site, firstAppletName } from "../domain/vocabulary.ts"
import type { Wait } from "../domain/wait.ts"
import { Flag, Machine, type PoolSettings } from "./machine.ts"
import type { Happening, Observer } from "./observer.ts"
import type { Step } from "./units.ts"
import { Waits } from "./waits.ts"

/**
 * Lets steps of a recording happen to a machine that need not be in the recording's state: what a row does here, whether
 * that is what it did there, and the runs that the recording does not have.
 */
export class Happenings {
  readonly machine: Machine
  readonly waits: Waits
  /** Where the replay stands. */
  readonly now: { row: number; timeUs: number } = { row: 0, timeUs: 0 }
  /** Whether the last step had its recorded result. */
  asRecorded = true
  /** Buffers that the recording shows as held and that are not held here. */
  mismatchCount = 0

  /** Per stream: sides whose reception waits until the stream has run, as bits `1 << side`. */
  blocked: Uint8Array<ArrayBuffer> = new Uint8Array(256)
  /** Per entity: it got a buffer that the recording refused, so that its next recorded run is late, not early. */
  credit: Uint8Array<ArrayBuffer> = new Uint8Array(256)
  /** Per applet: its stream, the side of its last attempt, and whether it is a SPOE applet. */
  #ownerOf = new Int32Array(256).fill(NONE)
  #sideOf = new Uint8Array(256)
  #isSpoe = new Uint8Array(256)

  /** The row of the step that happens, or NONE where the recording has none; for the observer. */
  #row = 0
  readonly #observer: Observer | undefined

  readonly #head: TraceHead
  readonly #onReady: (entity: number) => void
  readonly #onTaskRan: (task: number) => void
  readonly #onFreed: (entity: number) => void

  /** `onReady`: an entity has become ready; `onTaskRan`: a task's run has ended; `onFreed`: an entity is gone. */
  constructor(
    head: TraceHead,
    settings: PoolSettings,
    after: number,
    onWait: (wait: Wait) => void,
    hooks: {
      readonly onReady: (entity: number) => void
      readonly onTaskRan: (task: number) => void
      readonly onFreed: (entity: number) => void
    },
    observer?: Observer,
  ) {
    this.#observer = observer
    this.#head = head
    this.machine = new Machine(settings, after, head.entities)
    this.waits = new Waits(this.machine, head, onWait)
    this.#onReady = hooks.onReady
    this.#onTaskRan = hooks.onTaskRan
    this.#onFreed = hooks.onFreed
  }

  reserveRoom(): void {
    this.machine.reserveRoom()
    const room = this.machine.flags.length
    const known = this.#ownerOf.length
    if (known >= room) return
    this.blocked = wider(this.blocked, room)
    this.credit = wider(this.credit, room)
    this.#sideOf = wider(this.#sideOf, room)
    this.#isSpoe = wider(this.#isSpoe, room)
    const owners = new Int32Array(room).fill(NONE)
    owners.set(this.#ownerOf)
    this.#ownerOf = owners
  }

  isApplet(entity: number): boolean {
    return this.#head.entities.kind[entity] === Kind.applet
  }

  isReady(entity: number): boolean {
    return (this.machine.flags[entity]! & Flag.ready) !== 0
  }

  /** Takes note of what the recording tells of an applet, whether or not the row happens here. */
  learn(step: Step): void {
    if (!this.isApplet(step.entity)) return
    if (step.owner !== NONE) this.#ownerOf[step.entity] = step.owner
    if (step.event === Event.alloc) this.#sideOf[step.entity] = step.side
  }

  /** Lets a row happen; false if its allocation fails here, though not in the recording, and so ends the run. */
  happen(step: Step): boolean {
    const { machine } = this
    const { event, entity, owner } = step
    this.asRecorded = true
    this.#row = step.row
    machine.outcomes.count = 0
    let agreed = true
    switch (event) {
      case Event.release: {
        this.#observe(step)
        this.#release(entity, owner, step.site, step.side)
        if (step.site === Site.stream_free) this.#free(entity)
        break
      }
      case Event.alloc: {
        agreed = this.#recordedAlloc(step)
        break
      }
      case Event.task_wakeup: {
        if (step.result === Result.already && machine.mayAdoptTask(entity)) machine.adoptTask(entity)
        this.#woke(entity, machine.wakeTask(entity), step)
        break
      }
      case Event.applet_wakeup: {
        this.#woke(entity, machine.wakeApplet(entity), step)
        break
      }
      case Event.task_run: {
        machine.runTask(entity)
        this.waits.ran(entity)
        this.#observer?.(this.#happening("run", entity))
        break
      }
      case Event.task_done: {
        this.#endTask(entity, step.result === Result.freed)
        break
      }
      case Event.task_unlink: {
        machine.unqueueTask(entity)
        break
      }
      case Event.applet_run: {
        machine.runApplet(entity)
        this.waits.ran(entity)
        this.#observer?.(this.#happening("run", entity, owner))
        break
      }
      case Event.applet_done: {
        const parked = machine.endApplet(entity)
        if (parked) this.#observer?.(this.#happening("park", entity, owner))
        this.asRecorded = parked === (step.result === Result.parked)
        // Not parked here, it runs all the same: through its releases, which the recording lacks.
        if (!this.asRecorded && !parked)
          this.#runUnparked(entity, this.#ownerOf[entity]!, this.#sideOf[entity]!)
        break
      }
      case Event.applet_pause: {
        machine.pauseApplet(entity)
        break
      }
      case Event.stream_new:
      case Event.spoe_new: {
        machine.create(entity)
        break
      }
      case Event.applet_new: {
        machine.create(entity)
        const name = this.#head.appletNames[step.site - firstAppletName] ?? ""
        this.waits.nameApplet(entity, name)
        this.#isSpoe[entity] = name === "<SPOE>" ? 1 : 0
        break
      }
      case Event.applet_free: {
        machine.freeApplet(entity)
        this.waits.answered(entity, NONE, 0, this.now)
        this.#free(entity)
        break
      }
      case Event.spoe_free: {
        machine.freeSpoeContext(entity)
        this.waits.answered(entity, NONE, 0, this.now)
        this.#free(entity)
        break
      }
      case Event.pool: {
        // What the collector leaves is what is in use, and what it left in the recording beyond that.
        const allocated = machine.used === step.used ? step.allocated : Math.max(machine.used, step.allocated)
        const before = this.#observer && this.#happening("pool", NONE)
        machine.setPool(allocated, machine.used)
        if (before !== undefined) this.#observer?.(before)
        break
      }
    }
    if (entity !== NONE) machine.flags[entity]! |= Flag.seen
    return agreed
  }

  /** A run whose allocation failed ends as the semantics ends it. */
  endRunEarly(entity: number, step: Step): void {
    this.#row = NONE
    if (this.isApplet(entity)) {
      this.#finishApplet(entity, step.owner, step.side)
      return
    }
    this.#release(entity, entity, Site.stream_end, 0)
    this.machine.endTask(entity, false)
  }

  /** So does an I/O callback: it receives nothing, and goes through its releases. */
  endIoEarly(stream: number, side: number): void {
    this.#row = NONE
    this.#release(stream, stream, Site.notify, side)
    this.#release(stream, stream, Site.conn_wake, side)
  }

  /** A run that the recording does not have: a stream has nothing to do in it, an applet wants its buffer. */
  phantomRun(entity: number): void {
    const { machine } = this
    this.#row = NONE
    if (this.isApplet(entity)) {
      const owner = this.#ownerOf[entity]!
      machine.runApplet(entity)
      this.waits.ran(entity)
      this.#observer?.(this.#happening("run", entity, owner))
      if (owner === NONE) {
        machine.pauseApplet(entity)
        machine.endApplet(entity)
        return
      }
      const side = this.#sideOf[entity]! || Side.res
      this.#alloc(entity, owner, Site.applet, side, true)
      this.#finishApplet(entity, owner, side)
      return
    }
    machine.runTask(entity)
    this.waits.ran(entity)
    this.#observer?.(this.#happening("run", entity))
    if (this.#head.entities.kind[entity] === Kind.stream) {
      this.#alloc(entity, entity, Site.work, Side.res, true)
      this.#release(entity, entity, Site.stream_end, 0)
    }
    this.#endTask(entity, false)
  }

  #endTask(task: number, freed: boolean): void {
    this.machine.endTask(task, freed)
    this.blocked[task] = 0
    this.#onTaskRan(task)
  }

  /** The end of an applet's run, as the semantics has it: parked, or through its releases. */
  #finishApplet(applet: number, owner: number, side: number): void {
    if (!this.machine.endApplet(applet)) this.#runUnparked(applet, owner, side)
    else this.#observer?.(this.#happening("park", applet, owner))
  }

  #runUnparked(applet: number, owner: number, side: number): void {
    if (owner === NONE) return
    this.#row = NONE
    this.#readInput(applet, owner, side)
    this.#release(owner, owner, Site.notify, side)
    this.machine.pauseApplet(applet)
    this.#release(applet, owner, Site.applet_end, side)
  }

  /**
   * A SPOE applet that runs reads the frame that has come for it, whether or not it can write one: of all applets'
   * handlers this one alone (a73e59b69 src/flt_spoe.c: only send_spoe_frame() asks for the buffer). That wakes its stream.
   */
  #readInput(applet: number, owner: number, side: number): void {
    if (this.#isSpoe[applet] === 0) return
    const { machine } = this
    const input = side === Side.req ? Side.res : Side.req
    const holding = input === Side.req ? Flag.req | Flag.reqData : Flag.res | Flag.resData
    if ((machine.flags[owner]! & holding) !== holding) return
    machine.observe(owner, input, false)
    if (machine.wakeTask(owner) !== Result.queued) return
    this.#onReady(owner)
    this.#observer?.(this.#happening("wakeup", owner, owner, 0, 0, Result.queued))
  }

  #woke(entity: number, result: number, step: Step): void {
    this.asRecorded = result === step.result
    if (result === Result.queued) this.#onReady(entity)
    this.#observer?.(this.#happening("wakeup", entity, step.owner, step.site, 0, result))
  }

  #recordedAlloc(step: Step): boolean {
    const { machine } = this
    const { entity, owner, site, side } = step
    const holder = side === Side.own ? entity : owner
    if (step.result === Result.held && machine.mayAdoptBuffer(holder, side)) machine.adoptBuffer(holder, side)
    const result = this.#alloc(entity, owner, site, side, false)
    machine.flags[owner]! |= Flag.seen
    this.asRecorded = result === step.result
    const failed = result === Result.fail
    if (site === Site.recv) {
      if (failed) this.blocked[owner]! |= 1 << side
    } else if (!failed && step.result === Result.fail && site !== Site.lua) {
      this.credit[site === Site.spoe ? owner : entity] = 1
    }
    return !failed || step.result === Result.fail || site === Site.lua
  }

  #alloc(entity: number, owner: number, site: number, side: number, invented: boolean): number {
    this.machine.outcomes.count = 0
    const before = this.#observer && this.#happening("attempt", entity, owner, site, side)
    const result = this.machine.alloc(entity, owner, site, side)
    this.waits.attempted(entity, owner, side, result, this.now, invented)
    this.waits.answered(entity, owner, side, this.now)
    if (before !== undefined) this.#observer?.({ ...before, result })
    return result
  }

  /** What the recording shows of the owner's buffers. One that it does not hold any more holds no data here either. */
  #observe(step: Step): void {
    const { machine } = this
    const { owner } = step
    for (let side = Side.req; side <= Side.res; side++) {
      const state = side === Side.req ? step.req : step.res
      if (state === 0) continue
      const bit = side === Side.req ? Flag.req : Flag.res
      if (state !== BufferState.none && machine.mayAdoptBuffer(owner, side)) machine.adoptBuffer(owner, side)
      if (machine.flags[owner]! & bit) machine.observe(owner, side, state === BufferState.data)
      else if (state !== BufferState.none) this.mismatchCount++
    }
    machine.flags[owner]! |= Flag.seen
  }

  #release(entity: number, owner: number, site: number, side: number): void {
    const { machine } = this
    const { outcomes } = machine
    outcomes.count = 0
    machine.offerHadSpare = false
    const before = this.#observer && this.#happening("release", entity, owner, site, side)
    machine.release(entity, owner, site, side)
    this.waits.answered(NONE, NONE, 0, this.now)
    this.waits.offered()
    for (let i = 0; i < outcomes.count; i++) {
      if (outcomes.event[i] === Event.task_wakeup || outcomes.event[i] === Event.applet_wakeup) {
        this.#onReady(outcomes.entity[i]!)
      }
    }
    if (before !== undefined) this.#observer?.(before)
  }

  #free(entity: number): void {
    this.waits.freed(entity, this.now)
    this.#onFreed(entity)
    this.#observer?.(this.#happening("freed", entity))
  }

  #happening(
    kind: Happening["kind"],
    entity: number,
    owner: number = NONE,
    site = 0,
    side = 0,
    result = 0,
  ): Happening {
    const { allocated, used } = this.machine
    const { row, timeUs } = this.now
    return { kind, entity, owner, site, side, result, allocated, used, row, timeUs, recordedRow: this.#row }
  }
}

const wider = (array: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> => {
  const fresh = new Uint8Array(length)
  fresh.set(array)
  return fresh
}
