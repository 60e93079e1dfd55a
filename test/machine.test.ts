import { describe, expect, it } from "@effect/vitest"
import { parts, allParts, bitOf, type PartName } from "../src/semantics/registry.ts"
import { Scene } from "./support/scene.ts"

/**
 * What each part of the fix changes, told as the smallest story that shows it. All other parts are after the fix. The
 * pool is exhausted at the beginning of a story unless it says otherwise: an allocation fails.
 */
interface Story {
  readonly part: PartName
  readonly tell: (scene: Scene) => unknown
  readonly before: ReadonlyArray<string>
  readonly after: ReadonlyArray<string>
}

const stories: ReadonlyArray<Story> = [
  {
    part: "applet-waiter",
    tell: (scene) => scene.alloc("a1", "s1", "applet", "req"),
    before: ["alloc a1: fail", "enqueue s1 at applet"],
    after: ["alloc a1: fail", "enqueue a1 at applet"],
  },
  {
    part: "applet-runs",
    tell: (scene) => scene.wakes("a1").runs("a1").alloc("a1", "s1", "applet", "req").done("a1"),
    before: ["alloc a1: fail", "enqueue a1 at applet", "a1 parked, not on the run list"],
    after: ["alloc a1: fail", "enqueue a1 at applet", "a1 ran, on the run list"],
  },
  {
    part: "notify-release",
    tell: (scene) =>
      scene.holds("s1", "req", "empty").waits("s2").free(1).release("s1", "s1", "notify", "req"),
    before: [
      "offer from s1, avail 1, threshold 0",
      "wake s2",
      "task_wakeup s2 by the offer: queued, task_rq 0",
    ],
    after: ["nothing"],
  },
  {
    part: "conn-wake-release",
    tell: (scene) =>
      scene.holds("s1", "req", "empty").waits("s2").free(1).release("s1", "s1", "conn_wake", "req"),
    before: ["nothing"],
    after: [
      "offer from s1, avail 1, threshold 0",
      "wake s2",
      "task_wakeup s2 by the offer: queued, task_rq 0",
    ],
  },
  {
    part: "applet-end-release",
    tell: (scene) =>
      scene.holds("s1", "res", "empty").waits("s2").free(1).release("a1", "s1", "applet_end", "res"),
    before: ["nothing"],
    after: [
      "offer from a1, avail 1, threshold 0",
      "wake s2",
      "task_wakeup s2 by the offer: queued, task_rq 0",
    ],
  },
  {
    part: "stream-release-offers",
    tell: (scene) =>
      scene.holds("s1", "req", "data").waits("s2").free(2).release("s1", "s1", "stream_end", ""),
    before: [
      "offer from s1, avail 1, threshold 0",
      "wake s2",
      "task_wakeup s2 by the offer: queued, task_rq 0",
    ],
    after: ["nothing"],
  },
  {
    part: "stream-free-offers",
    tell: (scene) => scene.waits("s2").free(2).release("s1", "s1", "stream_free", ""),
    before: ["offer, avail 1, threshold 0", "wake s2", "task_wakeup s2 by the offer: queued, task_rq 0"],
    after: ["nothing"],
  },
  {
    // One buffer is free, and half the reserve is two: less than nothing, which as unsigned is more than everything.
    part: "offer-budget",
    tell: (scene) => scene.reserves(4).waits("s2").waits("s3").free(1).offers("s1"),
    before: ["offer from s1, avail -1, threshold 0"],
    after: [
      "offer from s1, avail -1, threshold 0",
      "wake s2",
      "task_wakeup s2 by the offer: queued, task_rq 0",
      "wake s3",
      "task_wakeup s3 by the offer: queued, task_rq 1",
    ],
  },
  {
    part: "offer-threshold",
    tell: (scene) => scene.wakes("a1").waits("s2").free(2).offers("s1"),
    before: [
      "offer from s1, avail 1, threshold 0",
      "wake s2",
      "task_wakeup s2 by the offer: queued, task_rq 0",
    ],
    after: ["offer from s1, avail 1, threshold 1"],
  },
  {
    part: "offer-skips-self",
    tell: (scene) => scene.waits("s1").free(2).offers("s1"),
    before: [
      "offer from s1, avail 1, threshold 0",
      "wake s1",
      "task_wakeup s1 by the offer: queued, task_rq 0",
    ],
    after: ["offer from s1, avail 1, threshold 0", "skip s1: self"],
  },
  {
    part: "offer-refusal",
    tell: (scene) => scene.wakes("s1").runs("s1").waits("s1").waits("s2").wakes("s2").free(3).offers("x9"),
    before: [
      "offer from x9, avail 2, threshold 1",
      "skip s1: running",
      "wake s2",
      "task_wakeup s2 by the offer: already, task_rq 1",
    ],
    after: ["offer from x9, avail 2, threshold 1", "skip s1: busy", "skip s2: busy"],
  },
  {
    // Where a freed applet stays in the queue, an offer that reaches it reads freed memory.
    part: "applet-free-dequeues",
    tell: (scene) => scene.waits("a1").freed("a1").free(2).offers("s1"),
    before: ["offer from s1, avail 1, threshold 0", "undefined: dangling-waiter a1"],
    after: ["dequeue a1 at applet_free"],
  },
  {
    part: "lua-alloc",
    tell: (scene) => scene.alloc("s1", "s1", "lua", "req"),
    before: ["alloc s1: fail", "enqueue s1 at lua"],
    after: ["alloc s1: none at this site"],
  },
  {
    part: "spoe-margin",
    tell: (scene) => scene.free(1).alloc("x1", "s1", "spoe", "own"),
    before: ["alloc x1: ok"],
    after: ["alloc x1: fail", "enqueue x1 at spoe"],
  },
  {
    part: "spoe-waiter",
    tell: (scene) => scene.waits("x1").free(2).offers("s2"),
    before: ["offer from s2, avail 1, threshold 0", "undefined: type-confusion x1"],
    after: [
      "offer from s2, avail 1, threshold 0",
      "wake x1",
      "task_wakeup s1 by the offer: queued, task_rq 0",
    ],
  },
  {
    part: "spoe-timeout-release",
    tell: (scene) =>
      scene.holds("x1", "own", "empty").waits("s2").free(1).release("x1", "s1", "spoe_timeout", "own"),
    before: ["nothing"],
    after: [
      "offer from x1, avail 1, threshold 0",
      "wake s2",
      "task_wakeup s2 by the offer: queued, task_rq 0",
    ],
  },
]

const told = (story: Story, after: number): ReadonlyArray<string> => {
  const scene = new Scene(after)
  story.tell(scene)
  return scene.log.length === 0 ? ["nothing"] : scene.log
}

describe.each(stories)("$part", (story) => {
  it("before the fix", () => expect(told(story, allParts & ~bitOf[story.part])).toEqual(story.before))
  it("after the fix", () => expect(told(story, allParts)).toEqual(story.after))
})

it("every part has its story", () => {
  expect(stories.map(({ part }) => part)).toEqual(parts.map(({ name }) => name))
})
