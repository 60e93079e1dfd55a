/** The report kind `perfetto`: what Perfetto's importer makes of its files, by the rules in published/perfetto-importer.ts. */
import { expect, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { TimelineRecorder } from "../src/analysis/timeline/recorder.ts"
import type { Lane, LaneWait, Timeline } from "../src/domain/documents.ts"
import { commandLine } from "../src/domain/text.ts"
import { perfetto } from "../src/reports/kinds/perfetto.ts"
import type { ReportView, RunView } from "../src/reports/view.ts"
import { choose, isChoiceFailure, type Choice } from "../src/semantics/semantics.ts"
import { importTrace, type Imported } from "./published/perfetto-importer.ts"
import { repository } from "./support/command.ts"
import { decode } from "./support/replaying.ts"
import { saying } from "./support/timelines.ts"
import { hostileView, run as anyRun, view as anyView, type Payload, payloads } from "./support/views.ts"

const run = (trace: string, timeline: Timeline | null, headline = "1 wait is fixed"): RunView =>
  anyRun({ trace, timeline, headline })

const view = (...runs: ReadonlyArray<RunView>): ReportView =>
  anyView({ version: "1.2.3", title: "A diff", headline: "One trace differs", runs, refused: [] })

const wait = (own: Partial<LaneWait> = {}): LaneWait => ({
  number: 1,
  requester: "a1",
  requesterKind: "applet",
  appletName: "<STATS>",
  buffer: "res of s1",
  waiter: "s1",
  beginRow: 2,
  beginTimeUs: 20,
  endRow: 5,
  endTimeUs: 50,
  ending: "served indirectly",
  wakes: 1,
  futileWakes: 0,
  change: "fixed",
  other: 0,
  chain: null,
  command: "wakediff explain --wait 1 a.csv",
  ...own,
})

/** Two offers in one microsecond, the first of which wakes both entities. */
const lane = (own: Partial<Lane> = {}): Lane => ({
  under: "1.7-pre-fix",
  fidelity: 1,
  firstDepartureRow: null,
  waits: [wait()],
  offers: {
    row: [4, 4, 6],
    timeUs: [40, 40, 60],
    by: [-1, 0, 0],
    avail: [2, -1, 1],
    threshold: [0, 1, 0],
    woken: [2, 0, 1],
    skipped: [0, 1, 0],
    queueLength: [0, 0, 0],
    count: [1, 1, 1],
  },
  wakes: { row: [4, 4, 6], timeUs: [40, 40, 60], entity: [0, 1, 0], by: [-1, -1, 0], classes: [1, 0, 6] },
  pool: { row: [1, 4], timeUs: [10, 40], used: [2, 1], allocated: [3, 3], queueLength: [0, 0], stride: 1 },
  leftOut: { waits: 0, offers: 0, wakes: 0, chains: 0 },
  ...own,
})

const timeline = (...lanes: ReadonlyArray<Lane>): Timeline => ({
  firstTimeUs: 10,
  lastTimeUs: 90,
  limit: 5,
  reserve: 2,
  entities: ["s1", "s2"],
  lanes,
})

const rendered = (...runs: ReadonlyArray<RunView>): string => perfetto(view(...runs)).file
const imported = (...runs: ReadonlyArray<RunView>): Imported => importTrace(rendered(...runs))
const flowsOf = ({ flows }: Imported) =>
  flows.map(
    ([from, to]) => `${from.process}: ${from.args["row"]} ${from.track} -> ${to.args["row"]} ${to.name}`,
  )
const waitsOf = ({ slices }: Imported) => slices.filter(({ name }) => name.includes(" waits for "))

it("a lane as a file", () => {
  const explained = [{ row: 5, timeUs: 50, kind: "end", text: "served indirectly", own: true }] as const
  const two = lane({ firstDepartureRow: 4, waits: [wait({ chain: explained })] })
  expect(rendered(run("a.csv", timeline(two))).split("\n")).toEqual([
    '{"traceEvents":[',
    '{"ph":"M","pid":10,"name":"process_name","args":{"name":"a.csv · 1.7-pre-fix"}},',
    '{"ph":"M","pid":10,"name":"process_sort_index","args":{"sort_index":10}},',
    '{"ph":"C","pid":10,"ts":10,"name":"buffer","args":{"pool used":2,"pool allocated":3,"wait queue length":0}},',
    '{"ph":"C","pid":10,"ts":40,"name":"buffer","args":{"pool used":1}},',
    '{"ph":"b","pid":10,"cat":"wait","name":"a1 <STATS> waits for res of s1","id2":{"local":"1"},"ts":20,"args":{' +
      '"ending":"served indirectly","change":"fixed","requester":"a1","requester kind":"applet","applet":"<STATS>",' +
      '"waiter":"s1","first row":2,"last row":5,"wakes":1,"futile wakes":0,"why":["row 5: served indirectly"],' +
      '"explain":"wakediff explain --wait 1 a.csv"}},',
    '{"ph":"e","pid":10,"cat":"wait","name":"a1 <STATS> waits for res of s1","id2":{"local":"1"},"ts":50},',
    '{"ph":"M","pid":10,"tid":11,"name":"thread_name","args":{"name":"offers"}},',
    '{"ph":"X","pid":10,"tid":11,"ts":40,"dur":0,"cat":"offer","name":"offer that wakes","bind_id":1,"flow_out":true,' +
      '"args":{"row":4,"avail":2,"threshold":0,"woken":2,"skipped":0,"queue length":0}},',
    '{"ph":"X","pid":10,"tid":11,"ts":40.001,"dur":0,"cat":"offer","name":"offer that wakes nobody",' +
      '"args":{"row":4,"from":"s1","avail":-1,"threshold":1,"woken":0,"skipped":1,"queue length":0}},',
    '{"ph":"X","pid":10,"tid":11,"ts":60,"dur":0,"cat":"offer","name":"offer that wakes","bind_id":2,"flow_out":true,' +
      '"args":{"row":6,"from":"s1","avail":1,"threshold":0,"woken":1,"skipped":0,"queue length":0}},',
    '{"ph":"n","pid":10,"ts":40,"cat":"wake","name":"s1 is woken","id2":{"local":"0"},"bind_id":1,"flow_in":true,' +
      '"args":{"row":4,"classes":"useful"}},',
    '{"ph":"n","pid":10,"ts":40,"cat":"wake","name":"s2 is woken","id2":{"local":"1"},"bind_id":1,"flow_in":true,' +
      '"args":{"row":4,"classes":"none"}},',
    '{"ph":"n","pid":10,"ts":60,"cat":"wake","name":"s1 is woken","id2":{"local":"0"},"bind_id":2,"flow_in":true,' +
      '"args":{"row":6,"from":"s1","classes":"futile, misdirected"}},',
    '{"ph":"i","pid":10,"ts":40,"s":"p","cat":"departure","name":"first departure from the recording","args":{"row":4}}',
    "],",
    '"metadata":{',
    '  "tool": "wakediff 1.2.3",',
    '  "title": "A diff",',
    '  "headline": "One trace differs",',
    '  "trace 1": "a.csv: 1 wait is fixed",',
    '  "process 1": "a.csv · 1.7-pre-fix: limit 5, reserve 2, fidelity 1, left out: 0 waits, 0 wakes; ' +
      'offers merged: 0; changes in a point of the curves: 1"',
    "}}",
    "",
  ])
})

it("two lanes of two traces are four processes, whose waits, counters and flows do not meet", () => {
  const post = lane({ under: "1.7-post-fix", waits: [wait({ endTimeUs: 30, ending: "served directly" })] })
  const two = timeline(lane(), post)
  const result = imported(run("a.csv", two), run("b.csv", two))
  const processes = [
    "a.csv · 1.7-pre-fix",
    "a.csv · 1.7-post-fix",
    "b.csv · 1.7-pre-fix",
    "b.csv · 1.7-post-fix",
  ]
  expect(result.errors).toEqual([])
  expect(result.processes).toEqual(processes)
  expect(waitsOf(result).map(({ process, ts, dur }) => [process, ts, dur])).toEqual(
    // The importer sorts by time; all begin at one.
    processes.map((process, at) => [process, 20, at % 2 === 0 ? 30 : 10]),
  )
  expect(flowsOf(result).toSorted()).toEqual(
    processes
      .flatMap((process) => [
        `${process}: 4 offers -> 4 s1 is woken`,
        `${process}: 4 offers -> 4 s2 is woken`,
        `${process}: 6 offers -> 6 s1 is woken`,
      ])
      .toSorted(),
  )
  expect([...result.counters]).toEqual(
    processes.flatMap((process) => [
      [`${process}: buffer pool used`, [2, 1]],
      [`${process}: buffer pool allocated`, [3]],
      [`${process}: buffer wait queue length`, [0]],
    ]),
  )
})

it("the same trace twice is told apart", () => {
  const result = imported(run("a.csv", timeline(lane())), run("a.csv", timeline(lane())))
  expect(result.errors).toEqual([])
  expect(result.processes).toHaveLength(2)
  expect(result.flows).toHaveLength(6)
})

it("without timelines, the file is valid and says so", () => {
  const result = imported(run("a.csv", null), run("b.csv", null, "could not be judged"))
  expect(result.errors).toEqual([])
  expect(result.processes).toEqual([])
  expect(result.metadata.get("trace 1")).toBe("a.csv: 1 wait is fixed (no timeline)")
  expect(result.metadata.get("trace 2")).toBe("b.csv: could not be judged (no timeline)")
})

it("what could not be read is named", () => {
  const refused = [{ trace: "c.csv", error: "c.csv is\nno trace", line: 1, column: 1 }]
  const { metadata } = importTrace(perfetto({ ...view(), refused }).file)
  expect(metadata.get("refused 1")).toBe(String.raw`c.csv: c.csv is\x0ano trace`)
})

it("one lane alone has no change, and an empty one is a process without slices", () => {
  const nothing = { row: [], timeUs: [] }
  const empty = lane({
    waits: [],
    offers: {
      ...nothing,
      by: [],
      avail: [],
      threshold: [],
      woken: [],
      skipped: [],
      queueLength: [],
      count: [],
    },
    wakes: { ...nothing, entity: [], by: [], classes: [] },
    pool: { ...nothing, used: [], allocated: [], queueLength: [], stride: 1 },
    firstDepartureRow: 3,
  })
  expect(
    waitsOf(imported(run("a.csv", timeline(lane({ waits: [wait({ change: null })] })))))[0]!.args,
  ).not.toHaveProperty("change")
  const result = imported(run("a.csv", timeline(empty)))
  expect(result.errors).toEqual([])
  expect(result.slices.map(({ name, ts }) => [name, ts])).toEqual([
    ["first departure from the recording", 10],
  ])
})

it("waits of one requester and buffer share a track; those at one time lie side by side", () => {
  const waits = [
    wait({ number: 1, beginTimeUs: 20, endTimeUs: 50 }),
    wait({ number: 2, beginTimeUs: 30, endTimeUs: 80 }),
    wait({ number: 3, beginTimeUs: 50, endTimeUs: 50 }),
    wait({ number: 4, beginTimeUs: 50, endTimeUs: 90 }),
    wait({ number: 5, beginTimeUs: 30, endTimeUs: 40, buffer: "own" }),
  ]
  const result = imported(run("a.csv", timeline(lane({ waits }))))
  expect(result.errors).toEqual([])
  const track = "a1 <STATS> waits for res of s1"
  expect(waitsOf(result).map((slice) => [slice.track, slice.ts, slice.dur, slice.depth])).toEqual([
    [track, 20, 30, 0],
    [`${track} (2)`, 30, 50, 0],
    ["a1 <STATS> waits for its own buffer", 30, 10, 0],
    [track, 50, 0, 0],
    [track, 50, 40, 0],
  ])
})

it("a clock that steps back gives waits of no length, and flows that arrive when they begin", () => {
  const waits = [
    wait({ beginTimeUs: 60, endTimeUs: 20 }),
    wait({ number: 2, beginTimeUs: 30, endTimeUs: 40 }),
  ]
  const merged = { ...lane().offers, timeUs: [70, 50, 20], count: [2, 1, 1] }
  const wakes = { ...lane().wakes, timeUs: [70, 65, 20] }
  const result = imported(run("a.csv", timeline(lane({ waits, offers: merged, wakes }))))
  expect(result.errors).toEqual([])
  expect(waitsOf(result).map(({ ts, dur }) => [ts, dur])).toEqual([
    [30, 10],
    [60, 0],
  ])
  expect(result.flows.map(([from, to]) => [from.ts, to.ts])).toEqual([
    [20, 20],
    [70, 70],
    [70, 70],
  ])
  expect(result.slices.find(({ args }) => args["offers in this mark"] === 2)?.ts).toBe(70)
})

it("wakes beyond those that were kept take no flow from others", () => {
  const wakes = { row: [4], timeUs: [40], entity: [0], by: [-1], classes: [1] }
  const result = imported(run("a.csv", timeline(lane({ wakes }), lane())))
  expect(result.errors).toEqual([])
  expect(flowsOf(result)).toHaveLength(4)
})

it("wakes that no offer accounts for arrive without a flow", () => {
  const offers = { ...lane().offers, woken: [1, 0, 0] }
  const result = imported(run("a.csv", timeline(lane({ offers }), lane())))
  expect(result.errors).toEqual([])
  expect(result.slices.filter(({ name }) => name.endsWith(" is woken"))).toHaveLength(6)
  expect(flowsOf(result)).toHaveLength(4)
})

const told = wait({ chain: [{ row: 1, timeUs: 1, kind: "end", text: "told", own: true }] })
const tame = timeline(lane({ waits: [told] }), lane({ waits: [told] }))

it.each(Object.keys(payloads) as Array<Payload>)("a hostile text is inert everywhere: %s", (payload) => {
  const text = payloads[payload]
  const runs = [anyRun({ timeline: saying(text, tame) }, () => text)]
  const { file } = perfetto(hostileView(payload, { runs, version: text }))
  expect(file).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  // No text makes a line: one more than a tame one has is of the trace that was refused.
  expect(file.split("\n")).toHaveLength(rendered(run("a", tame)).split("\n").length + 1)
  const result = importTrace(file)
  expect(result.errors).toEqual([])
  expect(result.processes).toHaveLength(2)
  expect(waitsOf(result)).toHaveLength(2)
  expect(result.flows).toHaveLength(6)
})

const chosen = (name: string): Choice => {
  const choice = choose(name, [])
  if (isChoiceFailure(choice)) throw new Error(name)
  return choice
}

/** The timeline of a recording under both semantics, without chains. */
const recorded = (name: string, blockLength?: number): Timeline => {
  const recorder = new TimelineRecorder({
    choices: () => [chosen("1.7-pre-fix"), chosen("1.7-post-fix")],
    explaining: (words) => commandLine(["wakediff", "explain", ...words, name]),
  })
  const bytes = gunzipSync(readFileSync(join(repository, "traces", name)))
  for (const batch of decode(bytes, blockLength)) recorder.push(batch)
  return recorder.finish()
}

const recordings = readdirSync(join(repository, "traces")).filter((name) => name.endsWith(".csv.gz"))

it.each(recordings)("%s: everything that its timeline holds arrives", (name) => {
  const kept = recorded(name)
  const result = imported(run(name, kept))
  expect(result.errors).toEqual([])
  expect(result.processes).toEqual(kept.lanes.map(({ under }) => `${name} · ${under}`))
  for (const [at, { waits, offers, wakes, pool, firstDepartureRow }] of kept.lanes.entries()) {
    const process = result.processes[at]!
    const slices = result.slices.filter((slice) => slice.process === process)
    const named = (pattern: RegExp) => slices.filter((slice) => pattern.test(slice.name))
    expect(named(/ waits for /).map(({ ts, dur }) => [ts, ts + dur])).toEqual(
      waits.map(({ beginTimeUs, endTimeUs }) => [beginTimeUs, endTimeUs]).toSorted(([a], [b]) => a! - b!),
    )
    expect(named(/^offer /)).toHaveLength(offers.row.length)
    expect(named(/ is woken$/)).toHaveLength(wakes.row.length)
    expect(named(/^first departure/)).toHaveLength(firstDepartureRow === null ? 0 : 1)
    const flows = result.flows.filter(([, to]) => to.process === process)
    expect(flows).toHaveLength(wakes.row.length)
    expect(
      flows.filter(([from, to]) => from.process !== process || from.args["row"] !== to.args["row"]),
    ).toEqual([])
    for (const [counter, column] of [
      ["pool used", pool.used],
      ["pool allocated", pool.allocated],
      ["wait queue length", pool.queueLength],
    ] as const) {
      const changes = column.filter((value, point) => value !== column[point - 1])
      expect(result.counters.get(`${process}: buffer ${counter}`)).toEqual(changes)
    }
  }
})

it("the same trace gives the same bytes, however it is cut", () => {
  const name = "haproxy-1.7.0-stats-page.csv.gz"
  const whole = rendered(run(name, recorded(name)))
  expect(rendered(run(name, recorded(name, 997)))).toBe(whole)
})
