import { NONE, grown, type EntityTable } from "../domain/entity.ts"
import * as vocabulary from "../domain/vocabulary.ts"
import * as registry from "../semantics/registry.ts"
import { Outcomes } from "./outcomes.ts"

// V8 folds a constant of this module into the code of a loop, but reads an imported binding anew at each use.
const { Event, Kind, Result, Side, Site } = vocabulary
const { bitOf } = registry
const maxUnsignedInt = 0xffff_ffff

/** Per entity: bits of {@link Machine.flags}. */
export const Flag = {
  /** In the wait queue. */
  waiting: 1,
  /** A task in the run queue, an applet on the run list. */
  ready: 2,
  running: 4,
  /** Holds the buffer of its request channel, of its response channel, its own. */
  req: 8,
  res: 16,
  own: 32,
  /** That buffer held data when it was last looked at. */
  reqData: 64,
  resData: 128,
  freed: 256,
  /** An applet whose `alloc` of this run failed. */
  failed: 512,
  /** The trace has named it. */
  seen: 1024,
  /** The trace has created it: nothing of it is older than the trace. */
  created: 2048,
  /** Of what it may have had since before the trace began, this is settled: its place in the run queue, its buffers. */
  settledTask: 4096,
  settledReq: 8192,
  settledRes: 16384,
  settledOwn: 32768,
} as const

/** By side code: the flag of that buffer. */
const heldFlag = [0, Flag.req, Flag.res, Flag.own] as const
const dataFlag = [0, Flag.reqData, Flag.resData, 0] as const
const settledFlag = [0, Flag.settledReq, Flag.settledRes, Flag.settledOwn] as const

/** What a replay meets that C does not define; `semantics.md`, `spoe-waiter` and `applet-free-dequeues`. */
export type UndefinedKind = "type-confusion" | "dangling-waiter"

/** What a machine needs to know of a trace before its first row: C unsigned ints. */
export interface PoolSettings {
  readonly limit: number
  readonly reserve: number
  readonly allocated: number
  readonly used: number
  readonly runQueueTasks: number
}

/**
 * HAProxy's buffer pool, wait queue, run queue and applets' run list under one semantics.
 *
 * Each method is one thing that happens to the process; it changes the state and adds what the queue does in answer
 * to `outcomes`, which the caller clears. Pure and synchronous; entities are slots of the trace's table. All counters
 * are C `unsigned int`. The rules are those of `semantics.md`; the parts of the fix are bits of `after`.
 *
 * `touched` collects the parts whose choice may have mattered since it was last cleared: a part whose bit is not set
 * would have led to the very same state and outcomes the other way round.
 */
export class Machine {
  readonly limit: number
  readonly reserve: number
  after: number
  allocated: number
  used: number
  taskRq: number
  appletRq = 0
  /** Tasks in the run queue, and buffers in use, since before the trace began: whose they are is not known. */
  unknownTasks: number
  unknownBuffers: number

  flags: Uint16Array<ArrayBuffer> = new Uint16Array(256)
  /** Per SPOE context, and per applet that runs: the stream that it belongs to. */
  streamOf: Int32Array<ArrayBuffer> = new Int32Array(256).fill(NONE)
  /** The wait queue: a doubly linked list. */
  next: Int32Array<ArrayBuffer> = new Int32Array(256)
  previous: Int32Array<ArrayBuffer> = new Int32Array(256)
  head: number = NONE
  tail: number = NONE
  queueLength = 0

  readonly outcomes: Outcomes = new Outcomes()
  touched = 0
  undefinedKind: UndefinedKind | undefined = undefined
  undefinedEntity: number = NONE
  /** Entries that offers have looked at: the work that walking the queue costs. */
  walkStepCount = 0
  /** The margin that the last `alloc` asked for, or -1 where its site does not allocate. */
  margin = -1
  /** Whom the last `alloc` that failed queued, or found in the queue: the waiter. */
  waiter: number = NONE
  /** Which buffers the last `release` freed: flags of its owner. */
  freedBuffers = 0
  /** Whether the last offer could have woken one more than it found; an offer to an empty queue could. */
  offerHadSpare = false
  offerCount = 0
  freedCount = 0

  readonly #entities: EntityTable

  constructor(settings: PoolSettings, after: number, entities: EntityTable) {
    this.limit = settings.limit
    this.reserve = settings.reserve
    this.allocated = settings.allocated
    this.used = settings.used
    this.taskRq = settings.runQueueTasks
    this.unknownTasks = settings.runQueueTasks
    this.unknownBuffers = settings.used
    this.after = after
    this.#entities = entities
  }

  /** Makes room for the entities that the trace has named so far; call it before each batch. */
  reserveRoom(): void {
    const count = this.#entities.count
    const room = this.flags.length
    if (count <= room) return
    const flags = new Uint16Array(Math.max(count, 2 * room))
    flags.set(this.flags)
    this.flags = flags
    this.next = grown(this.next, flags.length)
    this.previous = grown(this.previous, flags.length)
    this.streamOf = grown(this.streamOf, flags.length)
    this.streamOf.fill(NONE, room)
  }

  /** Makes this machine's state equal to another's of the same trace; the semantics stays this one's own. */
  copyFrom(other: Machine): void {
    this.reserveRoom()
    this.allocated = other.allocated
    this.used = other.used
    this.taskRq = other.taskRq
    this.appletRq = other.appletRq
    this.unknownTasks = other.unknownTasks
    this.unknownBuffers = other.unknownBuffers
    this.flags.set(other.flags)
    this.streamOf.set(other.streamOf)
    this.next.set(other.next)
    this.previous.set(other.previous)
    this.head = other.head
    this.tail = other.tail
    this.queueLength = other.queueLength
    this.outcomes.copyFrom(other.outcomes)
    this.touched = 0
    this.undefinedKind = other.undefinedKind
    this.undefinedEntity = other.undefinedEntity
  }

  /** Whether this machine and another of the same trace are in the same state. */
  sameStateAs(other: Machine): boolean {
    if (
      this.allocated !== other.allocated ||
      this.used !== other.used ||
      this.taskRq !== other.taskRq ||
      this.appletRq !== other.appletRq ||
      this.queueLength !== other.queueLength ||
      this.unknownTasks !== other.unknownTasks ||
      this.unknownBuffers !== other.unknownBuffers
    ) {
      return false
    }
    for (let i = 0, count = this.#entities.count; i < count; i++) {
      if (this.flags[i] !== other.flags[i] || this.streamOf[i] !== other.streamOf[i]) return false
    }
    let mine = this.head
    let theirs = other.head
    while (mine === theirs && mine !== NONE) {
      mine = this.next[mine]!
      theirs = other.next[theirs]!
    }
    return mine === theirs
  }

  // The wait queue.

  #enqueue(waiter: number, site: number): void {
    if (this.flags[waiter]! & Flag.waiting) return
    this.flags[waiter]! |= Flag.waiting
    this.next[waiter] = NONE
    this.previous[waiter] = this.tail
    if (this.tail === NONE) this.head = waiter
    else this.next[this.tail] = waiter
    this.tail = waiter
    this.queueLength++
    this.outcomes.add(Event.enqueue, waiter, site, 0, 0)
  }

  #unlink(waiter: number): void {
    const next = this.next[waiter]!
    const previous = this.previous[waiter]!
    if (previous === NONE) this.head = next
    else this.next[previous] = next
    if (next === NONE) this.tail = previous
    else this.previous[next] = previous
    this.flags[waiter]! &= ~Flag.waiting
    this.queueLength--
  }

  #dequeue(waiter: number, site: number): void {
    if ((this.flags[waiter]! & Flag.waiting) === 0) return
    this.#unlink(waiter)
    this.outcomes.add(Event.dequeue, waiter, site, 0, 0)
  }

  // The run queue and the applets' run list.

  /** Somebody wakes a task: `queued` if it entered the run queue, else `already`. */
  wakeTask(task: number): number {
    if (this.flags[task]! & Flag.ready) return Result.already
    this.flags[task]! |= this.unknownTasks > 0 ? Flag.ready | Flag.settledTask : Flag.ready
    this.taskRq = (this.taskRq + 1) >>> 0
    return Result.queued
  }

  /** Takes a task for one of those that were in the run queue before the trace began. */
  adoptTask(task: number): void {
    this.flags[task]! |= Flag.ready | Flag.settledTask
    this.unknownTasks--
  }

  /** Whether a task may have been in the run queue since before the trace began. */
  mayAdoptTask(task: number): boolean {
    if (this.unknownTasks === 0) return false
    return (this.flags[task]! & (Flag.created | Flag.settledTask | Flag.ready)) === 0
  }

  /** An entity comes into being: nothing of it is older than the trace. */
  create(entity: number): void {
    this.flags[entity]! |= Flag.created
  }

  /** A task leaves the run queue, to run or without. False if it was not there, which no process does. */
  unqueueTask(task: number): boolean {
    if (this.mayAdoptTask(task)) this.adoptTask(task)
    if ((this.flags[task]! & Flag.ready) === 0) return false
    this.flags[task]! &= ~Flag.ready
    this.taskRq = (this.taskRq - 1) >>> 0
    return true
  }

  runTask(task: number): boolean {
    const flags = this.flags[task]!
    if ((flags & Flag.ready) === 0) {
      const wasReady = this.unqueueTask(task)
      this.flags[task]! |= Flag.running
      return wasReady
    }
    this.flags[task] = (flags & ~Flag.ready) | Flag.running
    this.taskRq = (this.taskRq - 1) >>> 0
    return true
  }

  endTask(task: number, freed: boolean): void {
    this.flags[task]! &= ~Flag.running
    if (freed) this.flags[task]! |= Flag.freed
  }

  wakeApplet(applet: number): number {
    if (this.flags[applet]! & Flag.ready) return Result.already
    this.flags[applet]! |= Flag.ready
    this.appletRq = (this.appletRq + 1) >>> 0
    return Result.queued
  }

  pauseApplet(applet: number): void {
    if ((this.flags[applet]! & Flag.ready) === 0) return
    this.flags[applet]! &= ~Flag.ready
    this.appletRq = (this.appletRq - 1) >>> 0
  }

  runApplet(applet: number): void {
    this.flags[applet] = (this.flags[applet]! & ~Flag.failed) | Flag.running
  }

  /** The applet's run ends. True if it is parked: off the run list without having run. */
  endApplet(applet: number): boolean {
    const flags = this.flags[applet]!
    const parked = (flags & Flag.failed) !== 0 && (this.after & bitOf["applet-runs"]) === 0
    if (flags & Flag.failed) this.touched |= bitOf["applet-runs"]
    this.flags[applet] = flags & ~(Flag.running | Flag.failed)
    // v1.7.0 src/applet.c applet_run_active() takes it off the list by hand, and a build that counts active applets
    // (1cbe74cd8) does not count it down there: `appletRq` keeps one too many for good.
    if (parked) this.flags[applet]! &= ~Flag.ready
    return parked
  }

  freeApplet(applet: number): void {
    this.pauseApplet(applet)
    if (this.flags[applet]! & Flag.waiting) {
      this.touched |= bitOf["applet-free-dequeues"]
      if (this.after & bitOf["applet-free-dequeues"]) this.#dequeue(applet, Site.applet_free)
    }
    this.flags[applet]! |= Flag.freed
  }

  freeSpoeContext(context: number): void {
    this.#dequeue(context, Site.spoe_free)
    this.flags[context]! |= Flag.freed
  }

  // The pool.

  /** The pool gave memory back: `pool_gc2()` or a flush. */
  setPool(allocated: number, used: number): void {
    this.allocated = allocated
    this.used = used
  }

  /** Whether a buffer that the trace shows as held may have been held since before the trace began. */
  mayAdoptBuffer(holder: number, side: number): boolean {
    if (this.unknownBuffers === 0) return false
    return (this.flags[holder]! & (Flag.created | settledFlag[side]! | heldFlag[side]!)) === 0
  }

  adoptBuffer(holder: number, side: number): void {
    this.flags[holder]! |= heldFlag[side]! | settledFlag[side]!
    this.unknownBuffers--
  }

  /** b_alloc_margin() and pool_refill_alloc() (include/common/buffer.h, src/memory.c): true if there was a buffer. */
  #takeBuffer(margin: number): boolean {
    if ((this.allocated - this.used) >>> 0 <= margin) {
      const target = (margin + this.used) >>> 0
      const needed = Math.max(this.allocated, target) + 1
      if (this.limit !== 0 && needed > this.limit) {
        // What the refill gained before it met the limit, the pool keeps.
        if (this.allocated < this.limit) this.allocated = this.limit
        return false
      }
      // Behind the last unsigned int comes 0, and the refill goes on from there.
      this.allocated = needed <= maxUnsignedInt ? needed : (target + 1) >>> 0
    }
    this.used = (this.used + 1) >>> 0
    return true
  }

  /**
   * `entity` needs the buffer of `owner`'s `side`, or its own. Returns `ok`, `fail` or `held`, and sets `margin`; 0
   * where the site does not allocate under this semantics.
   */
  alloc(entity: number, owner: number, site: number, side: number): number {
    const holder = side === Side.own ? entity : owner
    const held = heldFlag[side]!
    let margin = side === Side.req ? this.reserve : 0
    let waiter = entity
    switch (site) {
      case Site.work: {
        margin = 0
        this.#dequeue(entity, Site.work)
        break
      }
      case Site.applet: {
        if ((this.after & bitOf["applet-waiter"]) === 0) waiter = owner
        break
      }
      case Site.lua: {
        this.touched |= bitOf["lua-alloc"]
        if (this.after & bitOf["lua-alloc"]) {
          this.margin = -1
          return 0
        }
        break
      }
      case Site.spoe: {
        this.streamOf[entity] = owner
        this.#dequeue(entity, Site.spoe)
        this.touched |= bitOf["spoe-margin"]
        margin = this.after & bitOf["spoe-margin"] ? this.reserve : 0
        break
      }
    }
    this.margin = margin
    if (this.flags[holder]! & held) return Result.held
    if (this.unknownBuffers > 0) this.flags[holder]! |= settledFlag[side]!
    if (this.#takeBuffer(margin)) {
      this.flags[holder] = (this.flags[holder]! & ~dataFlag[side]!) | held
      return Result.ok
    }
    if (site === Site.applet) {
      this.touched |= bitOf["applet-waiter"]
      this.flags[entity]! |= Flag.failed
    }
    this.waiter = waiter
    this.#enqueue(waiter, site)
    return Result.fail
  }

  #free(holder: number, held: number): void {
    this.flags[holder]! &= ~held
    this.used = (this.used - 1) >>> 0
    this.freedBuffers |= held
    this.freedCount++
  }

  /** What the trace shows of a channel's buffer before a release: `empty` or `data` of a buffer that is held. */
  observe(owner: number, side: number, hasData: boolean): void {
    if (hasData) this.flags[owner]! |= dataFlag[side]!
    else this.flags[owner]! &= ~dataFlag[side]!
  }

  /** Frees the empty ones among some of the owner's channels. */
  #freeEmpty(owner: number, channels: number): void {
    const flags = this.flags[owner]!
    if ((flags & channels & Flag.req) !== 0 && (flags & Flag.reqData) === 0) this.#free(owner, Flag.req)
    if ((flags & channels & Flag.res) !== 0 && (flags & Flag.resData) === 0) this.#free(owner, Flag.res)
  }

  /** Whether one of the owner's two buffers is held and empty. */
  #holdsEmpty(owner: number): boolean {
    const flags = this.flags[owner]!
    return (
      (flags & (Flag.req | Flag.reqData)) === Flag.req || (flags & (Flag.res | Flag.resData)) === Flag.res
    )
  }

  /** stream_release_buffers(), src/stream.c. */
  #streamRelease(owner: number): void {
    this.#freeEmpty(owner, Flag.req | Flag.res)
    if (this.freedBuffers === 0) {
      if (this.head === NONE) return
      this.touched |= bitOf["stream-release-offers"]
      if (this.after & bitOf["stream-release-offers"]) return
    }
    this.offer(owner)
  }

  /** channel_release_buffer(), include/proto/channel.h. */
  #channelRelease(owner: number, side: number, from: number, part: number): void {
    const flags = this.flags[owner]!
    if ((flags & heldFlag[side]!) === 0 || (flags & dataFlag[side]!) !== 0) return
    this.touched |= part
    if ((this.after & part) === 0) return
    this.#free(owner, heldFlag[side]!)
    this.offer(from)
  }

  /**
   * `entity` comes to a place where unused buffers of `owner` may be released and offered. What the buffers hold is
   * what {@link observe} was told last. False where a SPOE context releases a buffer that it does not hold.
   */
  release(entity: number, owner: number, site: number, side: number): boolean {
    this.freedBuffers = 0
    switch (site) {
      case Site.notify: {
        if (this.head !== NONE || this.#holdsEmpty(owner)) this.touched |= bitOf["notify-release"]
        if ((this.after & bitOf["notify-release"]) === 0) this.#streamRelease(owner)
        return true
      }
      case Site.conn_wake: {
        this.#channelRelease(owner, side, owner, bitOf["conn-wake-release"])
        return true
      }
      case Site.applet_end: {
        this.#channelRelease(owner, side, entity, bitOf["applet-end-release"])
        return true
      }
      case Site.stream_end: {
        this.#streamRelease(owner)
        return true
      }
      case Site.stream_free: {
        this.#dequeue(owner, Site.stream_free)
        const flags = this.flags[owner]!
        if (flags & Flag.req) this.#free(owner, Flag.req)
        if (flags & Flag.res) this.#free(owner, Flag.res)
        this.flags[owner]! |= Flag.freed
        if (this.freedBuffers === 0) {
          if (this.head === NONE) return true
          this.touched |= bitOf["stream-free-offers"]
          if (this.after & bitOf["stream-free-offers"]) return true
        }
        this.offer(NONE)
        return true
      }
      default: {
        const held = (this.flags[entity]! & Flag.own) !== 0
        if (site === Site.spoe_timeout) {
          this.touched |= bitOf["spoe-timeout-release"]
          if ((this.after & bitOf["spoe-timeout-release"]) === 0) return true
        }
        if (!held) return false
        this.#free(entity, Flag.own)
        this.offer(entity)
        return true
      }
    }
  }

  // Offering.

  /** Offers what is free to the wait queue: stream_offer_buffers() before the fix, offer_buffers() after it. */
  offer(from: number): void {
    const after = this.after
    const avail = (this.allocated - this.used - (this.reserve >>> 1)) | 0
    const budgetAfter = (after & bitOf["offer-budget"]) !== 0
    const countsApplets = budgetAfter && (after & bitOf["offer-threshold"]) !== 0
    const threshold = countsApplets ? (this.taskRq + this.appletRq) >>> 0 : this.taskRq
    this.offerHadSpare = budgetAfter ? avail >>> 0 > threshold : avail > (this.taskRq | 0)
    // An empty queue: nothing happens, and no row is written.
    if (this.head === NONE) return
    this.offerCount++
    this.touched |= bitOf["offer-budget"]
    if (budgetAfter && this.appletRq !== 0) this.touched |= bitOf["offer-threshold"]
    // A build that passes nobody over need not know who offers: the row's `from` may be empty then.
    if (from !== NONE) this.touched |= bitOf["offer-skips-self"]
    this.outcomes.add(Event.offer, from, 0, avail, threshold)
    let budget = avail
    for (let waiter = this.head; waiter !== NONE;) {
      // After the fix an int meets an unsigned int: C compares both as unsigned, and a negative budget never ends.
      if (budgetAfter ? budget >>> 0 <= threshold : budget <= (this.taskRq | 0)) {
        this.offerHadSpare = false
        return
      }
      this.walkStepCount++
      const following = this.next[waiter]!
      const verdict = this.#meet(waiter, from)
      if (verdict < 0) return
      if (verdict !== 0) {
        this.outcomes.add(Event.skip, waiter, verdict, 0, 0)
      } else {
        this.#wake(waiter)
        if (budgetAfter) budget = (budget - 1) | 0
      }
      waiter = following
    }
    this.offerHadSpare = budgetAfter ? budget >>> 0 > threshold : budget > (this.taskRq | 0)
  }

  /** What an offer does with an entry that it reaches: 0 wakes it, a result code skips it, -1 is undefined. */
  #meet(waiter: number, from: number): number {
    const flags = this.flags[waiter]!
    const kind = this.#entities.kind[waiter]!
    if (kind === Kind.spoeContext) {
      this.touched |= bitOf["spoe-waiter"]
      if ((this.after & bitOf["spoe-waiter"]) === 0) return this.#undefine("type-confusion", waiter)
    }
    if (kind === Kind.applet && flags & Flag.freed) return this.#undefine("dangling-waiter", waiter)
    if (waiter === from) {
      this.touched |= bitOf["offer-skips-self"]
      if (this.after & bitOf["offer-skips-self"]) return Result.self
    }
    if (kind === Kind.spoeContext || (flags & (Flag.ready | Flag.running)) === 0) return 0
    if (kind === Kind.applet && (flags & Flag.ready) === 0) return 0
    this.touched |= bitOf["offer-refusal"]
    if (this.after & bitOf["offer-refusal"]) return Result.busy
    return kind === Kind.stream && flags & Flag.running ? Result.running : 0
  }

  #undefine(kind: UndefinedKind, waiter: number): number {
    this.undefinedKind = kind
    this.undefinedEntity = waiter
    return -1
  }

  #wake(waiter: number): void {
    this.#unlink(waiter)
    this.outcomes.add(Event.wake, waiter, 0, 0, 0)
    if (this.#entities.kind[waiter] === Kind.applet) {
      const before = this.appletRq
      this.outcomes.add(Event.applet_wakeup, waiter, this.wakeApplet(waiter), this.taskRq | 0, before)
      return
    }
    const task = this.#entities.kind[waiter] === Kind.spoeContext ? this.streamOf[waiter]! : waiter
    const before = this.taskRq
    const result = task === NONE ? 0 : this.wakeTask(task)
    this.outcomes.add(Event.task_wakeup, task, result, before | 0, this.appletRq)
  }
}
