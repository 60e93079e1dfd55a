import { EntityTable, NONE } from "../../src/domain/entity.ts"
import {
  Kind,
  Side,
  Site,
  entityKinds,
  resultNames,
  type SideName,
  type SiteName,
} from "../../src/domain/vocabulary.ts"
import { outcomeText } from "../../src/replay/describe.ts"
import { Flag, Machine } from "../../src/replay/machine.ts"

const limit = 10

/**
 * A machine with ids for entities, for stories that read like the rows of a trace. Each method lets one thing happen and
 * returns the scene; `log` has what the queue did in answer since the scenery stood: `holds`, `waits`, `wakes` and `runs`
 * only set it up.
 */
export class Scene {
  log: Array<string> = []
  readonly #entities = new EntityTable()
  readonly #after: number
  #machine: Machine

  constructor(after: number) {
    this.#after = after
    this.#machine = this.#exhausted(2)
  }

  #exhausted(reserve: number): Machine {
    const settings = { limit, reserve, allocated: limit, used: limit, runQueueTasks: 0 }
    return new Machine(settings, this.#after, this.#entities)
  }

  #slot(id: string): number {
    const kind = entityKinds.findIndex(({ letter }) => id.startsWith(letter))
    const slot = this.#entities.slot(kind, Number(id.slice(1)))
    this.#machine.reserveRoom()
    return slot
  }

  // Scenery.

  /** `tune.buffers.reserve`, where 2 will not do; to be said first. */
  reserves(reserve: number): this {
    this.#machine = this.#exhausted(reserve)
    return this
  }

  /** So many buffers of the pool are free. */
  free(count: number): this {
    this.#machine.setPool(limit, limit - count)
    return this
  }

  /** One of the buffers in use is this one. */
  holds(id: string, side: SideName, state: "empty" | "data"): this {
    const slot = this.#slot(id)
    this.#machine.flags[slot]! |= { req: Flag.req, res: Flag.res, own: Flag.own, "": 0 }[side]
    if (state === "data") this.#machine.observe(slot, Side[side], true)
    return this
  }

  /** An entity is in the wait queue: a stream since `recv`, an applet or a SPOE context of `s1` since its own `alloc`. */
  waits(id: string): this {
    const slot = this.#slot(id)
    const kind = this.#entities.kind[slot]!
    if (kind === Kind.stream) this.#machine.alloc(slot, slot, Site.recv, Side.req)
    else if (kind === Kind.applet) this.#machine.alloc(slot, this.#slot("s1"), Site.applet, Side.req)
    else this.#machine.alloc(slot, this.#slot("s1"), Site.spoe, Side.own)
    this.#machine.outcomes.count = 0
    return this
  }

  wakes(id: string): this {
    const slot = this.#slot(id)
    if (this.#entities.kind[slot] === Kind.applet) this.#machine.wakeApplet(slot)
    else this.#machine.wakeTask(slot)
    return this
  }

  runs(id: string): this {
    const slot = this.#slot(id)
    if (this.#entities.kind[slot] === Kind.applet) this.#machine.runApplet(slot)
    else this.#machine.runTask(slot)
    return this
  }

  // What the story is about.

  alloc(id: string, owner: string, site: SiteName, side: SideName): this {
    const result = this.#machine.alloc(this.#slot(id), this.#slot(owner), Site[site], Side[side])
    this.log.push(`alloc ${id}: ${result === 0 ? "none at this site" : resultNames[result]!}`)
    return this.#told()
  }

  release(id: string, owner: string, site: SiteName, side: SideName): this {
    this.#machine.release(this.#slot(id), this.#slot(owner), Site[site], Side[side])
    return this.#told()
  }

  offers(from: string): this {
    this.#machine.offer(from === "" ? NONE : this.#slot(from))
    return this.#told()
  }

  done(applet: string): this {
    const slot = this.#slot(applet)
    const how = this.#machine.endApplet(slot) ? "parked" : "ran"
    const where = this.#machine.flags[slot]! & Flag.ready ? "on" : "not on"
    this.log.push(`${applet} ${how}, ${where} the run list`)
    return this
  }

  freed(applet: string): this {
    this.#machine.freeApplet(this.#slot(applet))
    return this.#told()
  }

  #told(): this {
    const { outcomes, undefinedKind, undefinedEntity } = this.#machine
    for (let at = 0; at < outcomes.count; at++) this.log.push(outcomeText(outcomes, at, this.#entities))
    outcomes.count = 0
    if (undefinedKind !== undefined)
      this.log.push(`undefined: ${undefinedKind} ${this.#entities.id(undefinedEntity)}`)
    return this
  }
}
