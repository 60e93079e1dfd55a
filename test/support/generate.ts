import type { RowBatch, TraceHead } from "../../src/domain/batch.ts"
import { NONE } from "../../src/domain/entity.ts"
import { Event, Kind, Result, Side, Site } from "../../src/domain/vocabulary.ts"
import { Flag } from "../../src/replay/machine.ts"
import { bitOf } from "../../src/semantics/registry.ts"
import { writeBatch, writeHead } from "../../src/traces/write.ts"
import { Random } from "./random.ts"
import { Recorder } from "./recorder.ts"

/** What kind of process to imagine. What is left out follows from the seed. */
export interface GeneratorOptions {
  readonly seed: number
  /** The semantics, as a bit mask of the parts that are after the fix. */
  readonly after: number
  /** At least so many rows, unless the process dies before: it ends what it does when they are written. */
  readonly rowCount: number
  /** `tune.buffers.limit`; 0 = none. */
  readonly limit?: number
  readonly reserve?: number
  readonly clientCount?: number
  /** How many of a hundred streams have an applet, a SPOE context, write from Lua. */
  readonly appletPercent?: number
  readonly spoePercent?: number
  readonly luaPercent?: number
  readonly countsApplets?: boolean
  readonly appletNames?: ReadonlyArray<string>
  readonly batchRowCount?: number
}

/** A stream with what belongs to it, and whether its buffers have data in them where it holds any. */
interface Client {
  readonly stream: number
  applet: number
  readonly appletName: number
  readonly appletSide: number
  context: number
  reqData: boolean
  resData: boolean
}

const everyAppletName = ["<STATS>", "<CLI>", "<PEER>", "<SPOE>", "<lua.hello>", 'odd, "quoted"']
const plainTaskCount = 4
/** What the garbage collector leaves: `pool.minavail`. */
const minAvail = 3

/** A process that the seed imagines, recorded as it goes. */
class Simulation {
  readonly recorder: Recorder
  readonly #random: Random
  readonly #options: Required<GeneratorOptions>
  readonly #clients: Array<Client> = []
  readonly #tasks: ReadonlyArray<number>
  #streamCount = 0
  #appletCount = 0
  #contextCount = 0
  #oldTaskCount: number

  constructor(given: GeneratorOptions) {
    const random = new Random(given.seed)
    this.#random = random
    const options = {
      limit: random.chance(8) ? 0 : 3 + random.below(8),
      reserve: 2 + (random.chance(40) ? random.below(4) : 0),
      clientCount: 2 + random.below(12),
      appletPercent: random.pick([0, 40, 80]),
      spoePercent: random.pick([0, 30, 80]),
      luaPercent: random.pick([0, 5, 20]),
      countsApplets: random.chance(70),
      appletNames: everyAppletName,
      batchRowCount: 4096,
      ...given,
    }
    this.#options = options
    this.#oldTaskCount = random.below(plainTaskCount)
    const settings = {
      limit: options.limit,
      reserve: options.reserve,
      allocated: options.limit === 0 ? minAvail : Math.min(minAvail, options.limit),
      runQueueTasks: this.#oldTaskCount,
      countsApplets: options.countsApplets,
    }
    const workload = `seed ${options.seed}, semantics mask ${options.after}, ${options.clientCount} clients`
    this.recorder = new Recorder(settings, options.after, workload, options.batchRowCount)
    this.#tasks = Array.from({ length: plainTaskCount }, (_, i) => this.recorder.entity(Kind.task, i + 1))
  }

  /** One thing that the process does. */
  step(): void {
    const random = this.#random
    this.recorder.timeUs += random.chance(2) ? random.below(2000) : random.below(3)
    if (
      this.#clients.length === 0 ||
      (this.#clients.length < this.#options.clientCount && random.chance(20))
    ) {
      this.#connect()
      return
    }
    const client = random.pick(this.#clients)
    const die = random.below(100)
    if (die < 60) this.#schedule()
    else if (die < 80) this.#receive(client)
    else if (die < 86) this.#send(client)
    else if (die < 89) this.#touchApplet(client)
    else if (die < 91) this.recorder.taskWakeup(client.stream)
    else if (die < 94) this.recorder.taskWakeup(random.pick(this.#tasks))
    else if (die < 96) this.#spoeTimeout(client)
    else if (die < 97) this.#closeApplet(client)
    else this.#runPlainTask()
  }

  #flags(entity: number): number {
    return this.recorder.machine.flags[entity]!
  }

  #connect(): void {
    const { recorder } = this
    const random = this.#random
    const withApplet = random.chance(this.#options.appletPercent)
    const withContext = random.chance(this.#options.spoePercent)
    const appletName = withApplet ? recorder.appletName(random.pick(this.#options.appletNames)) : 0
    const applet = withApplet ? recorder.entity(Kind.applet, ++this.#appletCount) : NONE
    const stream = recorder.entity(Kind.stream, ++this.#streamCount)
    const context = withContext ? recorder.entity(Kind.spoeContext, ++this.#contextCount) : NONE
    if (withApplet) recorder.created(Event.applet_new, applet, appletName)
    recorder.created(Event.stream_new, stream, 0)
    if (withContext) recorder.created(Event.spoe_new, context, 0)
    recorder.taskWakeup(stream)
    if (withApplet && random.chance(50)) recorder.appletWakeup(applet)
    const appletSide = random.chance(70) ? Side.req : Side.res
    this.#clients.push({ stream, applet, appletName, appletSide, context, reqData: false, resData: false })
  }

  /** What a buffer may hold after an allocation: it is fresh after `ok`, and gone or unchanged else. */
  #fill(client: Client, side: number, result: number): void {
    if (result !== Result.ok && result !== Result.held) return
    const data = this.#random.chance(75)
    if (side === Side.req) client.reqData = data || (client.reqData && result === Result.held)
    else client.resData = data || (client.resData && result === Result.held)
  }

  #drain(client: Client, percent: number): void {
    if (this.#random.chance(percent)) client.reqData = false
    if (this.#random.chance(percent)) client.resData = false
  }

  #release(entity: number, client: Client, site: number, side: number): void {
    this.recorder.release(entity, client.stream, site, side, client.reqData, client.resData)
  }

  /** The connection's receive callback. */
  #receive(client: Client): void {
    const side = this.#random.chance(45) ? Side.req : Side.res
    const result = this.recorder.alloc(client.stream, client.stream, Site.recv, side)
    this.#fill(client, side, result)
    if (this.#random.chance(result === Result.fail ? 10 : 80)) this.recorder.taskWakeup(client.stream)
    this.#release(client.stream, client, Site.notify, side)
    this.#release(client.stream, client, Site.conn_wake, side)
  }

  /** The connection's send callback: data leaves. */
  #send(client: Client): void {
    const side = this.#random.chance(50) ? Side.req : Side.res
    this.#drain(client, 60)
    if (this.#random.chance(50)) this.recorder.taskWakeup(client.stream)
    this.#release(client.stream, client, Site.notify, side)
    this.#release(client.stream, client, Site.conn_wake, side)
  }

  /** The scheduler finds something that is ready, if it looks at the right place. */
  #schedule(): void {
    for (let look = 0; look < 8; look++) {
      const client = this.#random.pick(this.#clients)
      if (this.#flags(client.stream) & Flag.ready) {
        this.#runStream(client)
        return
      }
      if (client.applet !== NONE && this.#flags(client.applet) & Flag.ready) {
        this.#runApplet(client)
        return
      }
    }
  }

  #runStream(client: Client): void {
    const { recorder } = this
    const random = this.#random
    recorder.taskRun(client.stream)
    recorder.alloc(client.stream, client.stream, Site.work, Side.res)
    if (client.context !== NONE) this.#runContext(client)
    if (random.chance(this.#options.luaPercent)) this.#writeFromLua(random.pick(this.#clients))
    if (client.applet !== NONE && random.chance(60)) recorder.appletWakeup(client.applet)
    if (random.chance(8)) recorder.taskWakeup(random.pick(this.#clients).stream)
    this.#drain(client, 40)
    if (random.chance(3)) {
      this.#free(client)
    } else {
      this.#release(client.stream, client, Site.stream_end, 0)
      recorder.taskDone(client.stream, false)
    }
  }

  #runContext(client: Client): void {
    const held = (this.#flags(client.context) & Flag.own) !== 0
    if (held && this.#random.chance(60)) {
      this.recorder.spoeRelease(client.context, client.stream, Site.spoe_release)
    } else if (this.#random.chance(40)) {
      this.recorder.alloc(client.context, client.stream, Site.spoe, Side.own)
    }
  }

  /** A Lua script that runs in one stream writes into another. */
  #writeFromLua(target: Client): void {
    const side = this.#random.chance(80) ? Side.req : Side.res
    this.#fill(target, side, this.recorder.alloc(target.stream, target.stream, Site.lua, side))
    this.#release(target.stream, target, Site.notify, side)
  }

  #runApplet(client: Client): void {
    const { recorder } = this
    const random = this.#random
    const { applet, appletSide: side, stream } = client
    recorder.appletRun(applet, stream, client.appletName)
    const result = recorder.alloc(applet, stream, Site.applet, side)
    if (result === Result.fail && (this.#options.after & bitOf["applet-runs"]) === 0) {
      recorder.appletDone(applet, stream)
      return
    }
    this.#fill(client, side, result)
    if (random.chance(40)) this.#drain(client, 50)
    if (random.chance(60)) recorder.taskWakeup(stream)
    this.#release(stream, client, Site.notify, side)
    if (random.chance(75)) recorder.appletPause(applet)
    this.#release(applet, client, Site.applet_end, side)
    recorder.appletDone(applet, stream)
  }

  #touchApplet(client: Client): void {
    if (client.applet === NONE) return
    if (this.#random.chance(70)) this.recorder.appletWakeup(client.applet)
    else this.recorder.appletPause(client.applet)
  }

  #closeApplet(client: Client): void {
    if (client.applet === NONE) return
    this.recorder.appletFree(client.applet)
    client.applet = NONE
  }

  #spoeTimeout(client: Client): void {
    if (client.context === NONE || (this.#flags(client.context) & Flag.own) === 0) return
    this.recorder.spoeRelease(client.context, client.stream, Site.spoe_timeout)
  }

  /** A running stream ends: whatever state it and what belongs to it are in. */
  #free(client: Client): void {
    const { recorder } = this
    const { context, stream } = client
    if (context !== NONE) {
      if (this.#flags(context) & Flag.own) recorder.spoeRelease(context, stream, Site.spoe_release)
      recorder.spoeFree(context)
    }
    if (this.#flags(stream) & Flag.ready) recorder.taskUnlink(stream)
    this.#release(stream, client, Site.stream_free, 0)
    this.#closeApplet(client)
    recorder.taskDone(stream, true)
    const last = this.#clients.pop()!
    if (last !== client) this.#clients[this.#clients.indexOf(client)] = last
  }

  /** A plain task: those first that were in the run queue before the trace began. */
  #runPlainTask(): void {
    const { machine } = this.recorder
    const fresh = this.#oldTaskCount > 0
    const task = fresh ? this.#tasks[--this.#oldTaskCount]! : this.#random.pick(this.#tasks)
    if (!fresh && (this.#flags(task) & Flag.ready) === 0) return
    this.recorder.taskRun(task)
    if (this.#random.chance(15)) {
      const kept = this.#random.chance(50) ? minAvail : 0
      this.recorder.pool(kept === 0 ? Site.flush : Site.gc, Math.min(machine.allocated, machine.used + kept))
    }
    this.recorder.taskDone(task, false)
  }
}

export interface GeneratedTrace {
  readonly head: TraceHead
  readonly batches: Iterable<RowBatch>
}

/** A valid trace of a process that behaves as a semantics says, batch by batch, as far as it is asked for. */
export const generate = (options: GeneratorOptions): GeneratedTrace => {
  const simulation = new Simulation(options)
  const { recorder } = simulation
  function* batches(): Generator<RowBatch> {
    while (recorder.rowCount < options.rowCount && !recorder.dead) {
      simulation.step()
      yield* recorder.take(false)
    }
    yield* recorder.take(true)
  }
  return { head: recorder.head, batches: batches() }
}

/** The canonical text of a generated trace, piece by piece. */
export function* generateText(options: GeneratorOptions): Generator<string> {
  const { head, batches } = generate(options)
  yield writeHead(head.preamble)
  for (const batch of batches) yield writeBatch(batch)
}
