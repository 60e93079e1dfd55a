/**
 * What Perfetto's trace processor makes of a file in the Trace Event format: its rules for the events that we write, put down anew
 * and strictly. What the importer would count as an error, lay out elsewhere or silently drop is an error here.
 *
 * Source: google/perfetto at ec5d16b14b743ba6063d720956d6d6af6610fd72 (Apache-2.0), src/trace_processor/importers:
 * json/json_trace_tokenizer.cc, json/json_trace_parser.cc, common/{slice,flow}_tracker.cc, common/track_compressor.cc.
 */
export interface Imported {
  /** By the sort index. */
  readonly processes: ReadonlyArray<string>
  readonly slices: ReadonlyArray<Slice>
  /** `process: counter`, and its values in order. */
  readonly counters: ReadonlyMap<string, ReadonlyArray<number>>
  readonly flows: ReadonlyArray<readonly [from: Slice, to: Slice]>
  readonly metadata: ReadonlyMap<string, unknown>
  readonly errors: ReadonlyArray<string>
}

export interface Slice {
  readonly process: string
  readonly track: string
  readonly name: string
  readonly ts: number
  /** -1 while it is open. */
  dur: number
  readonly depth: number
  readonly args: { readonly [Name in string]: unknown }
}

interface Event {
  readonly ph: string
  readonly pid: number
  readonly tid?: number
  readonly ts?: number
  readonly dur?: number
  readonly cat?: string
  readonly name: string
  readonly id2?: { readonly local: string }
  readonly bind_id?: number
  readonly flow_in?: boolean
  readonly flow_out?: boolean
  readonly args?: Record<string, unknown>
}

/** SliceTracker's kMaxDepth: what is deeper is dropped. */
const maxDepth = 512

export const importTrace = (text: string): Imported => new Importer().run(text)

class Importer {
  readonly #names = new Map<number, string>()
  readonly #sortIndex = new Map<number, number>()
  readonly #threads = new Map<string, string>()
  readonly #slices: Array<Slice> = []
  readonly #counters = new Map<string, Array<number>>()
  readonly #flows: Array<readonly [Slice, Slice]> = []
  readonly #errors: Array<string> = []
  /** Open slices by track. */
  readonly #stacks = new Map<string, Array<Slice>>()
  readonly #flowBegin = new Map<number, Slice>()
  /** The name that a cookie's first event had names its track for good. */
  readonly #rootName = new Map<string, string>()
  /** Per process and name: the cookies that have a lane, and how many slices of each are open. */
  readonly #lanes = new Map<string, Array<{ cookie: string; open: number }>>()

  run(text: string): Imported {
    // The content is recognised by its begin, and keys with escapes are not read.
    if (!text.trimStart().startsWith('{"')) this.#errors.push("not recognised as JSON")
    const { traceEvents, metadata } = JSON.parse(text) as {
      traceEvents: Array<Event>
      metadata: Record<string, unknown>
    }
    // The sorter keeps the order of what has one time; metadata events are at 0.
    const sorted = traceEvents.toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0))
    for (const event of sorted.filter(({ ph }) => ph === "M")) this.#name(event)
    for (const event of sorted) this.#event(event)
    for (const slice of this.#slices) if (slice.dur < 0) this.#errors.push(`never ends: ${slice.name}`)
    const byIndex = [...this.#names].toSorted(
      ([a], [b]) => (this.#sortIndex.get(a) ?? 0) - (this.#sortIndex.get(b) ?? 0),
    )
    return {
      processes: byIndex.map(([, name]) => name),
      slices: this.#slices,
      counters: this.#counters,
      flows: this.#flows,
      metadata: new Map(Object.entries(metadata).filter(([, value]) => typeof value !== "object")),
      errors: this.#errors,
    }
  }

  #name({ name, pid, tid, args }: Event): void {
    if (name === "process_name") this.#names.set(pid, this.#text(args?.["name"]))
    else if (name === "process_sort_index") this.#sortIndex.set(pid, Number(args?.["sort_index"]))
    else if (name === "thread_name") this.#threads.set(`${pid} ${tid}`, this.#text(args?.["name"]))
    else this.#errors.push(`no such metadata: ${name}`)
  }

  #text(value: unknown): string {
    if (typeof value !== "string" || value === "") this.#errors.push("a name without a text")
    return String(value)
  }

  #event(event: Event): void {
    const { ph, ts, pid, tid } = event
    if (ph === "M") return
    if (ts === undefined || !Number.isFinite(ts)) return this.#refuse(event, "no time")
    if (!this.#names.has(pid)) return this.#refuse(event, "no such process")
    switch (ph) {
      case "C":
        return this.#count(event)
      case "X":
        if (event.dur === undefined) return this.#refuse(event, "no duration")
        if (!this.#threads.has(`${pid} ${tid}`)) return this.#refuse(event, "no such thread")
        return this.#scoped(event, this.#threads.get(`${pid} ${tid}`)!, event.dur)
      case "i":
        return this.#scoped(event, "process", 0)
      case "n":
      case "b":
      case "e":
        return this.#async(event)
      default:
        return this.#refuse(event, "no such phase")
    }
  }

  #refuse({ ph, name }: Event, why: string): void {
    this.#errors.push(`${ph} ${name}: ${why}`)
  }

  #count(event: Event): void {
    const args = Object.entries(event.args ?? {})
    if (args.length === 0) return this.#refuse(event, "counts nothing")
    for (const [key, value] of args) {
      if (typeof value !== "number") this.#refuse(event, "is no number")
      const counter = `${this.#names.get(event.pid)}: ${event.name} ${key}`
      const values = this.#counters.get(counter) ?? []
      this.#counters.set(counter, values)
      values.push(Number(value))
    }
  }

  #async(event: Event): void {
    const { ph, pid, cat, id2, name, ts } = event
    if (id2?.local === undefined) return this.#refuse(event, "belongs to no process")
    const cookie = `${pid} ${cat} ${id2.local}`
    const rootName = this.#rootName.get(cookie) ?? name
    this.#rootName.set(cookie, rootName)
    if (rootName !== name) this.#refuse(event, `is on the track of ${rootName}`)
    const [lane, track] = this.#lane(`${pid} ${rootName}`, cookie, rootName)
    if (ph === "n") return this.#scoped(event, track, 0)
    if (ph === "b") {
      lane.open++
      return this.#scoped(event, track, -1)
    }
    lane.open--
    const stack = this.#closed(event, track, -1)
    const at = stack.findLastIndex((slice) => slice.name === name && slice.dur < 0)
    if (at < 0) return this.#refuse(event, "ends nothing")
    stack[at]!.dur = ts! - stack[at]!.ts
    if (at === stack.length - 1) stack.pop()
    else this.#refuse(event, "ends what is not the innermost slice")
  }

  /** A cookie has its own lane, or takes over one where nothing is open; the first lanes go by the name alone. */
  #lane(set: string, cookie: string, name: string): readonly [{ cookie: string; open: number }, string] {
    const lanes = this.#lanes.get(set) ?? []
    this.#lanes.set(set, lanes)
    let at = lanes.findIndex((lane) => lane.cookie === cookie)
    if (at < 0) at = lanes.findIndex(({ open }) => open === 0)
    if (at < 0) at = lanes.push({ cookie, open: 0 }) - 1
    const lane = lanes[at]!
    lane.cookie = cookie
    return [lane, at === 0 ? name : `${name} (${at + 1})`]
  }

  #scoped(event: Event, track: string, dur: number): void {
    const { pid, name, ts, args = {} } = event
    const stack = this.#closed(event, track, dur)
    if (stack.length >= maxDepth) return this.#refuse(event, "is dropped, too deep")
    const process = this.#names.get(pid)!
    const slice: Slice = { process, track, name, ts: ts!, dur, depth: stack.length, args }
    this.#slices.push(slice)
    stack.push(slice)
    this.#flow(event, slice)
  }

  /** The slices that are open when an event comes. Marks at one time stack up; anything else ends where another begins. */
  #closed(event: Event, track: string, dur: number): Array<Slice> {
    const key = `${event.pid} ${track}`
    const stack = this.#stacks.get(key) ?? []
    this.#stacks.set(key, stack)
    for (let i = stack.length - 1; i >= 0; i--) {
      const open = stack[i]!
      if (open.dur < 0) continue
      const end = open.ts + open.dur
      if (end < event.ts! || (end === event.ts && !(open.dur === 0 && dur === 0))) {
        if (i < stack.length - 1) this.#refuse(event, "ends an outer slice before an inner one")
        stack.length = i
      } else if (dur >= 0 && event.ts! < end && event.ts! + dur > end) this.#refuse(event, "overlaps")
    }
    return stack
  }

  #flow(event: Event, slice: Slice): void {
    const { bind_id: id, flow_in: into, flow_out: out } = event
    if (id === undefined) return
    if (out === true && this.#flowBegin.has(id)) return this.#refuse(event, "begins a flow again")
    if (out === true) this.#flowBegin.set(id, slice)
    else if (into === true && this.#flowBegin.has(id)) this.#flows.push([this.#flowBegin.get(id)!, slice])
    else this.#refuse(event, "a flow that goes nowhere")
  }
}
