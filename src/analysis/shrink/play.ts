import type { TraceHead } from "../../domain/batch.ts"
import { NONE } from "../../domain/entity.ts"
import { BufferState, Event, Kind, Present, Result, Side, Site } from "../../domain/vocabulary.ts"
import { Flag, Machine, type PoolSettings } from "../../replay/machine.ts"
import { bitOf } from "../../semantics/registry.ts"
import { moved, type Pin } from "./pin.ts"
import type { Scene, Script, ScriptStep } from "./script.ts"
import { Transcript } from "./transcript.ts"

/** The longest time that passes between two input rows: enough for what a projection waits for, and little to read. */
const longestGapUs = 100

/** A process to which steps of a script happen, as far as they can, and what is written down of it. */
export class Play {
  readonly head: TraceHead
  readonly machine: Machine
  readonly transcript: Transcript
  readonly #script: Script
  /** The scene that is left out from here on, and the one of which only the end is played. */
  #leftOut: number = NONE
  #cutShort: number = NONE
  #previousTimeUs: number | undefined = undefined
  readonly #created = new Set<number>()

  constructor(script: Script, settings: PoolSettings, after: number) {
    this.#script = script
    this.head = { ...script.head, preamble: { ...script.head.preamble, ...settings } }
    this.machine = new Machine(settings, after, script.head.entities)
    this.machine.reserveRoom()
    this.transcript = new Transcript(this.head, this.machine)
  }

  /** The same, but what is written is what was recorded, with its numbers where the machine's are now. */
  happenAsRecorded(step: ScriptStep, { rows }: Pin): boolean {
    if (step.scene === this.#leftOut || !this.#isPossible(step)) return false
    this.#create(step.entity)
    this.#create(step.owner)
    for (const { entity } of rows) this.#create(entity)
    const { rowCount } = this.transcript
    this.happen(step)
    this.transcript.replace(
      rowCount,
      rows.map((row) => moved(row, this.machine, 1)),
    )
    return true
  }

  /** Lets a step happen; false if it can't here. */
  happen(step: ScriptStep): boolean {
    if (step.scene === this.#leftOut || !this.#isPossible(step)) return false
    const gapUs = step.timeUs - (this.#previousTimeUs ?? step.timeUs)
    this.#previousTimeUs = step.timeUs
    this.transcript.timeUs += Math.max(0, Math.min(gapUs, longestGapUs))
    this.#create(step.entity)
    this.#create(step.owner)
    const happened = this.#act(step)
    if (happened && step.entity !== NONE) this.machine.flags[step.entity]! |= Flag.seen
    return happened
  }

  #isPossible(step: ScriptStep): boolean {
    const { machine } = this
    const { entity, event, scene } = step
    const flags = entity === NONE ? 0 : machine.flags[entity]!
    switch (event) {
      case Event.task_run:
      case Event.applet_run: {
        const ready = (flags & Flag.ready) !== 0 || (event === Event.task_run && machine.mayAdoptTask(entity))
        if (!ready) this.#leftOut = scene
        return ready
      }
      case Event.task_unlink:
        return (flags & Flag.ready) !== 0 || machine.mayAdoptTask(entity)
      case Event.release:
        if (this.head.entities.kind[entity] === Kind.spoeContext && (flags & Flag.own) === 0) return false
    }
    return scene !== this.#cutShort || this.#endsScene(step)
  }

  /** Whether a step is part of how a scene ends whose allocation has failed. */
  #endsScene({ event, site, scene }: ScriptStep): boolean {
    const { kind }: Scene = this.#script.scenes[scene]!
    if (event === Event.task_done || event === Event.applet_done) return true
    switch (kind) {
      case "task run":
        return event === Event.release && site === Site.stream_end
      case "applet run": {
        // Parked, it does not run at all.
        if ((this.machine.after & bitOf["applet-runs"]) === 0) return false
        return (
          event === Event.applet_pause ||
          (event === Event.release && (site === Site.notify || site === Site.applet_end))
        )
      }
      default:
        return event === Event.release
    }
  }

  #create(entity: number): void {
    if (entity === NONE || this.#created.has(entity)) return
    this.#created.add(entity)
    const creation = this.#script.creations.get(entity)
    if (creation === undefined) return
    this.transcript.write({ event: creation.event, entity, site: creation.site }, creation.counters)
    this.machine.create(entity)
    this.machine.flags[entity]! |= Flag.seen
  }

  #act(step: ScriptStep): boolean {
    const { machine, transcript } = this
    const { entity, event, owner, site, counters } = step
    const flags = entity === NONE ? 0 : machine.flags[entity]!
    const queued = flags & Flag.ready ? Result.queued : Result.idle
    switch (event) {
      case Event.alloc:
        return this.#alloc(step)
      case Event.release: {
        this.#release(step)
        break
      }
      case Event.task_wakeup: {
        transcript.write({ event, entity, site }, counters)
        if (step.result === Result.already && machine.mayAdoptTask(entity)) machine.adoptTask(entity)
        transcript.result(machine.wakeTask(entity))
        break
      }
      case Event.task_run: {
        machine.runTask(entity)
        transcript.write({ event, entity }, counters)
        break
      }
      case Event.task_done: {
        const isStream = this.head.entities.kind[entity] === Kind.stream
        const freed = isStream ? (flags & Flag.freed) !== 0 : step.result === Result.freed
        machine.endTask(entity, freed)
        transcript.write({ event, entity, result: freed ? Result.freed : Result.kept }, counters)
        break
      }
      case Event.task_unlink: {
        transcript.write({ event, entity }, counters)
        machine.unqueueTask(entity)
        break
      }
      case Event.applet_wakeup: {
        transcript.write({ event, entity, site }, counters)
        transcript.result(machine.wakeApplet(entity))
        break
      }
      case Event.applet_pause: {
        transcript.write({ event, entity, result: queued }, counters)
        machine.pauseApplet(entity)
        break
      }
      case Event.applet_run: {
        transcript.write({ event, entity, owner, site }, counters)
        machine.runApplet(entity)
        break
      }
      case Event.applet_done: {
        const parked = machine.endApplet(entity)
        const listed = (machine.flags[entity]! & Flag.ready) !== 0
        const result = parked ? Result.parked : listed ? Result.requeued : Result.idle
        transcript.write({ event, entity, owner, result }, counters)
        break
      }
      case Event.applet_free: {
        transcript.write({ event, entity, result: queued }, counters)
        this.#withOutcomes(() => machine.freeApplet(entity))
        break
      }
      case Event.spoe_free: {
        transcript.write({ event, entity, result: flags & Flag.own ? Result.held : Result.none }, counters)
        this.#withOutcomes(() => machine.freeSpoeContext(entity))
        break
      }
      case Event.pool: {
        // What the collector left beyond what was in use, as far as there is so much.
        const left = Math.max(0, step.allocated - step.used)
        machine.setPool(Math.min(machine.allocated, machine.used + left), machine.used)
        transcript.write({ event, entity, site }, counters | Present.allocated | Present.used)
        break
      }
    }
    return true
  }

  #withOutcomes(act: () => void): void {
    this.transcript.before()
    act()
    this.transcript.outcomes(this.#script.outcomeCounters)
  }

  #alloc(step: ScriptStep): boolean {
    const { machine, transcript } = this
    const { entity, owner, site, side, event } = step
    const holder = side === Side.own ? entity : owner
    if (step.result === Result.held && machine.mayAdoptBuffer(holder, side)) machine.adoptBuffer(holder, side)
    transcript.before()
    const result = machine.alloc(entity, owner, site, side)
    machine.flags[owner]! |= Flag.seen
    // Where the site does not allocate there is no row either.
    if (result === 0) return false
    transcript.write({ event, entity, owner, site, side, result }, step.counters)
    transcript.margin(machine.margin)
    transcript.outcomes(this.#script.outcomeCounters)
    if (result === Result.fail && step.result !== Result.fail && site !== Site.lua)
      this.#cutShort = step.scene
    return true
  }

  #release(step: ScriptStep): void {
    const { machine, transcript } = this
    const { entity, owner, site, side, event } = step
    const req = this.#state(owner, Side.req, step.req)
    const res = this.#state(owner, Side.res, step.res)
    transcript.write({ event, entity, owner, site, side, req, res }, step.counters)
    this.#withOutcomes(() => machine.release(entity, owner, site, side))
    machine.flags[owner]! |= Flag.seen
  }

  /** A channel's buffer before a release: as recorded where it is held; empty where it is held here alone. */
  #state(owner: number, side: number, recorded: number): number {
    if (recorded === 0) return 0
    const { machine } = this
    if (recorded !== BufferState.none && machine.mayAdoptBuffer(owner, side)) machine.adoptBuffer(owner, side)
    const held = machine.flags[owner]! & (side === Side.req ? Flag.req : Flag.res)
    if (held === 0) return BufferState.none
    const hasData = recorded === BufferState.data
    machine.observe(owner, side, hasData)
    return hasData ? BufferState.data : BufferState.empty
  }
}
