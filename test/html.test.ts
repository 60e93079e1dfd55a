/** The HTML report: what is in the page, how long it becomes, and what it does in a real browser. */
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { build } from "esbuild"
import type { Browser, Page } from "playwright-core"
import { assetsOf, loadAssets, type Assets } from "../src/reports/html/assets.ts"
import { maxPageBytes, page as render } from "../src/reports/html/page.ts"
import { html } from "../src/reports/kinds/html.ts"
import type { ReportView } from "../src/reports/view.ts"
import { reportPage } from "../scripts/report-page.mjs"
import { launch, opened, whySkipped, type Watched } from "./support/browser.ts"
import { lane, laneWait, saying, timeline, twoLanes } from "./support/timelines.ts"
import { finding, payloads, run, view } from "./support/views.ts"

const root = resolve(import.meta.dirname, "..")
const folder = mkdtempSync(join(tmpdir(), "wakediff-html-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** As they are now, whatever lies in dist/. */
let assets: Assets
beforeAll(async () => {
  const { outputFiles = [] } = await build({ ...reportPage(root), write: false })
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))!.text.trim()
  assets = assetsOf(text(".js"), text(".css"))
})

const drawn = run({
  outcome: "passed",
  tone: "good",
  timeline: twoLanes(),
  findings: [finding({ row: 10, entity: "a7" })],
})
const oneTrace = view({ runs: [drawn], refused: [] })

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

describe("the page", () => {
  it("holds all it needs, and its policy names its one script and its one style", () => {
    const page = render(oneTrace, assets)
    expect(page).not.toMatch(/\s(?:src|style|on\w+)=|@import|url\(/)
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, to]) => to![0])).toEqual(
      expect.arrayContaining(["#"]),
    )
    expect(page).not.toMatch(/href="[^#]/)
    const [, style] = /<style>([^]*?)<\/style>/.exec(page)!
    const [, script] = /<script>([^]*?)<\/script>/.exec(page)!
    expect(page).toContain(
      `content="default-src 'none'; script-src ${sha256(script!)}; style-src ${sha256(style!)}; base-uri 'none'; form-action 'none'"`,
    )
    expect(page.match(/<script/g)).toHaveLength(2)
  })

  it("is the same for the same view", () => {
    expect(render(oneTrace, assets)).toBe(render(structuredClone(oneTrace), assets))
  })

  it("keeps the licence of the library in it", () => {
    const licence = readFileSync(join(root, "node_modules", "uplot", "LICENSE"), "utf8").trim()
    expect(assets.script).toContain(licence)
    expect(assets.style).toContain(licence)
  })

  it("names each heading's level in order", () => {
    const levels = [...render(view({ runs: [drawn, drawn] }), assets).matchAll(/<h(\d)/g)].map(([, level]) =>
      Number(level),
    )
    expect(levels[0]).toBe(1)
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1)
  })

  it("says what to do where its script is not built", () => {
    expect(() => loadAssets(folder)).toThrow(/page\.js is not built.*run `npm run build`/)
  })

  it("is what the kind renders", () => {
    const { file } = html()(oneTrace)
    expect(file).toMatch(/^<!doctype html>/)
  })

  it("refuses assets that would end their own element", () => {
    expect(() => assetsOf("'</script>'", "")).toThrow()
    expect(() => assetsOf("'<!--'", "")).toThrow()
    expect(() => assetsOf("", "</style>")).toThrow()
  })
})

/** A timeline of about 2.4 MB: as much as a trace's may take. */
const long = () => {
  const waits = Array.from({ length: 1500 }, (_, at) =>
    laneWait(at + 1, { change: at % 2 === 0 ? "same" : "later" }),
  )
  return timeline([lane("before", waits, 20_000), lane("after", waits, 20_000)])
}

const named = (trace: string, outcome: "passed" | "failed") =>
  run({ trace, outcome, timeline: long(), command: `again ${trace}` })
const cutsOf = (page: string) =>
  [...page.matchAll(/To keep this page small, (.*?) of this trace are left out\.[^]*?again (\w+)</g)].map(
    ([, what, trace]) => [trace, what],
  )

describe("a page's length", () => {
  it("of one long trace needs no cut", () => {
    const page = render(view({ runs: [named("a", "passed")] }), assets)
    expect(Buffer.byteLength(page)).toBeGreaterThan(2_000_000)
    expect(Buffer.byteLength(page)).toBeLessThan(maxPageBytes)
    expect(cutsOf(page)).toEqual([])
  })

  const cuts: ReadonlyArray<
    readonly [count: string, runs: ReadonlyArray<ReturnType<typeof named>>, cuts: unknown]
  > = [
    [
      "a few: what passed goes first, the last of it before the first",
      [named("a", "passed"), named("b", "failed"), named("c", "passed")],
      [
        ["a", "the causal chains, the offers and the wakes"],
        ["b", "the causal chains of waits that are the same"],
        ["c", "the timeline"],
      ],
    ],
    [
      "many: whole timelines, those of what failed at last",
      [named("a", "passed"), ...["b", "c", "d", "e"].map((name) => named(name, "failed"))],
      [
        ["a", "the timeline"],
        ...["b", "c", "d"].map((trace) => [trace, "the causal chains, the offers and the wakes"]),
        ["e", "the timeline"],
      ],
    ],
  ]
  it.each(cuts)("stays below its bound with %s", (_, runs, expected) => {
    const page = render(view({ runs }), assets)
    expect(Buffer.byteLength(page)).toBeLessThan(maxPageBytes)
    expect(cutsOf(page)).toEqual(expected)
  })

  it("counts what was cut among what is left out", () => {
    const page = render(view({ runs: [named("a", "passed")] }), assets, 1_800_000)
    expect(page).toContain("1500 chains are not kept in it")
  })
})

const inView = (page: Page) => page.getByText("in view:").textContent()
/** Timelines are drawn when they come near the window. */
const near = (page: Page, at = 0) => page.locator(".drawn").nth(at).scrollIntoViewIfNeeded()
const charts = (page: Page, at = 0) => page.locator(".charts").nth(at)
const shownCounts = (page: Page) => page.locator(".status").first().textContent()
const panel = (page: Page) => page.locator(".chain")

const describeInBrowser = whySkipped === null ? describe : describe.skip
if (whySkipped !== null) console.warn(whySkipped)

describeInBrowser("in a browser", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  let pageCount = 0
  const written = (shown: ReportView): string => {
    pageCount += 1
    const path = join(folder, `${pageCount}.html`)
    writeFileSync(path, render(shown, assets))
    return path
  }
  /** Opens a view, does something, and expects that nothing was complained of and nothing asked for. */
  const using = async (
    shown: ReportView,
    options: Parameters<typeof opened>[2],
    use: (watched: Watched) => Promise<void>,
  ): Promise<void> => {
    const path = written(shown)
    const watched = await opened(browser, path, options)
    await use(watched)
    expect(watched.complaints).toEqual([])
    expect(watched.requests).toEqual([`file://${path}`])
    await watched.close()
  }

  it("zooms and moves with buttons, keys, wheel and drag, all charts of the trace together", () =>
    using(oneTrace, {}, async ({ page }) => {
      const whole = "in view: the whole trace, 0.000 ms to 10.000 ms"
      await near(page)
      expect(await inView(page)).toBe(whole)
      await page.getByRole("button", { name: "Zoom in" }).click()
      await expect.poll(() => inView(page)).toBe("in view: 2.500 ms to 7.500 ms")
      for (const at of [0, 1]) {
        await charts(page, at)
          .locator(".u-over")
          .nth(1)
          .hover({ position: { x: 2, y: 20 } })
        expect(await page.locator(".tooltip").textContent()).toContain("since row 250, 2.500 ms")
      }
      await page.getByRole("button", { name: "Later" }).click()
      await expect.poll(() => inView(page)).toBe("in view: 4.500 ms to 9.500 ms")
      await page.getByRole("button", { name: "Whole trace" }).click()
      await expect.poll(() => inView(page)).toBe(whole)
      await charts(page).focus()
      for (const key of ["+", "+", "ArrowRight"]) await page.keyboard.press(key)
      await expect.poll(() => inView(page)).toBe("in view: 4.375 ms to 6.875 ms")
      await page.keyboard.press("0")
      await expect.poll(() => inView(page)).toBe(whole)
      const pool = charts(page, 1).locator(".u-over").nth(1)
      await pool.scrollIntoViewIfNeeded()
      const box = (await pool.boundingBox())!
      await page.mouse.move(box.x + box.width * 0.25, box.y + 20)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.5, box.y + 25, { steps: 4 })
      await page.mouse.up()
      await expect.poll(() => inView(page)).toMatch(/^in view: 2\.\d+ ms to [45]\.\d+ ms$/)
      await page.mouse.dblclick(box.x + 50, box.y + 20)
      await expect.poll(() => inView(page)).toBe(whole)
      await page.mouse.wheel(0, -200)
      await expect.poll(() => inView(page)).not.toBe(whole)
      await page.getByLabel("axis").selectOption("row")
      await page.getByRole("button", { name: "Whole trace" }).click()
      await expect.poll(() => inView(page)).toBe("in view: the whole trace, row 0 to 100")
    }))

  it("lets a page be scrolled over a chart that has no focus", () =>
    using(oneTrace, {}, async ({ page }) => {
      await near(page)
      const before = await inView(page)
      const box = (await charts(page).boundingBox())!
      await page.mouse.move(box.x + 300, box.y + 100)
      await page.mouse.wheel(0, 50)
      await page.waitForTimeout(50)
      expect(await inView(page)).toBe(before)
    }))

  it("filters by entity and by class, and says how many are left", () =>
    using(oneTrace, {}, async ({ page }) => {
      await near(page)
      expect(await shownCounts(page)).toBe(
        "before: 3 waits, 20 offers, 20 wakes; after: 3 waits, 20 offers, 20 wakes",
      )
      await page.getByLabel("entity").fill("SPOE")
      expect(await shownCounts(page)).toMatch(/^before: 1 of 3 waits.*after: 1 of 3 waits/)
      await page.getByRole("button", { name: "Show all" }).click()
      await page.getByLabel("change").selectOption("vanished")
      expect(await shownCounts(page)).toMatch(/^before: 1 of 3 waits.*after: 0 of 3 waits/)
      await page.getByLabel("wakes", { exact: true }).selectOption("herd")
      expect(await shownCounts(page)).toMatch(/^before: 1 of 3 waits, 20 offers, 4 of 20 wakes/)
      await page.getByText("The waits as a table").click()
      expect(await page.locator("table.waits tbody tr").count()).toBe(1)
    }))

  it("opens a wait's chain on a click, side by side, and names it in the address", () =>
    using(oneTrace, {}, async ({ page }) => {
      await near(page)
      const box = (await charts(page).locator(".u-over").first().boundingBox())!
      const firstLine = 78
      await page.mouse.move(box.x + box.width / 2, box.y + firstLine)
      expect(await page.locator(".tooltip").textContent()).toContain("<SPOE> a7 waits for req of s1")
      await page.mouse.click(box.x + box.width / 2, box.y + firstLine)
      expect(await panel(page).getByRole("heading", { level: 4 }).textContent()).toBe(
        "<SPOE> a7 waits for req of s1",
      )
      expect(await panel(page).locator(".side .ending").allTextContents()).toEqual([
        "starved · fixed",
        "served directly · fixed",
      ])
      expect(await panel(page).getByText("The two part ways at row 10.").count()).toBe(1)
      expect(await panel(page).locator("tbody th").allTextContents()).toEqual(["10", "500 to 900"])
      expect(await panel(page).locator("code").first().textContent()).toBe("wakediff explain --wait 1 t.csv")
      expect(new URL(page.url()).hash).toBe("#trace-1.lane-1.wait-1")
    }))

  it("can be used with the keyboard alone", () =>
    using(oneTrace, {}, async ({ page }) => {
      await near(page)
      await page.getByRole("button", { name: "Show all" }).focus()
      await page.keyboard.press("Tab")
      expect(await page.evaluate("document.activeElement.className")).toBe("charts")
      for (const key of ["ArrowDown", "ArrowDown"]) await page.keyboard.press(key)
      expect(await page.locator("[aria-live=polite]").textContent()).toContain(
        "stream s2 waits for req of s2",
      )
      await page.keyboard.press("Enter")
      expect(await page.evaluate("document.activeElement.textContent")).toBe("stream s2 waits for req of s2")
      await page.keyboard.press("Escape")
      expect(await panel(page).count()).toBe(0)
      expect(await page.evaluate("document.activeElement.className")).toBe("charts")
    }))

  it("follows a link to a wait, in a trace that is folded away, and shows the command where there is no chain", () =>
    using(view({ runs: [drawn, drawn] }), { hash: "#trace-2.lane-2.wait-3" }, async ({ page }) => {
      await page.locator("#trace-2 .chain").waitFor()
      expect(await panel(page).count()).toBe(1)
      expect(await panel(page).textContent()).toContain("The chain of events is not kept in this page")
      expect(await panel(page).locator(".side").first().textContent()).toContain("no such wait")
    }))

  it("goes from a finding to its wait", () =>
    using(oneTrace, {}, async ({ page }) => {
      await page.getByRole("link", { name: "show it in the timeline" }).first().click()
      await panel(page).waitFor()
      expect(new URL(page.url()).hash).toBe("#trace-1.lane-2.wait-1")
    }))

  it.each(["#trace-9", "#trace-1.lane-2.wait-99", "#trace-1.lane-1.wait-0", "#%3Cscript%3E"])(
    "ignores the link %s, which names nothing",
    (hash) =>
      using(oneTrace, { hash }, async ({ page }) => {
        await near(page)
        expect(await panel(page).count()).toBe(0)
      }),
  )

  it("says what matters without JavaScript", () =>
    using(view({ runs: [drawn] }), { javaScriptEnabled: false }, async ({ page }) => {
      const text = await page.innerText("body")
      for (const said of [
        "2 traces: 1 fails, 1 unsure",
        "starved",
        "the title",
        "The timeline needs JavaScript",
      ]) {
        expect(text).toContain(said)
      }
      expect(await page.getByText("show it in the timeline").first().isVisible()).toBe(false)
    }))

  it("draws one lane, and a trace in which nothing happened", () =>
    using(
      view({
        runs: [
          run({ timeline: timeline([lane("only", [laneWait(1, { change: null, other: null })])]) }),
          run({ timeline: timeline([lane("only", [], 0)]) }),
        ],
      }),
      {},
      async ({ page }) => {
        for (const at of [0, 1]) await near(page, at)
        await charts(page).focus()
        for (const key of ["ArrowDown", "Enter"]) await page.keyboard.press(key)
        expect(await panel(page).locator(".side").count()).toBe(1)
      },
    ))

  it("draws a long timeline", () =>
    using(view({ runs: [run({ timeline: long(), rowCount: 140_000 })] }), {}, async ({ page }) => {
      await near(page)
      await page.keyboard.press("Tab")
      expect(await shownCounts(page)).toContain("1500 waits, 20000 offers, 20000 wakes")
    }))

  it.each(["light", "dark"] as const)("has no serious finding of axe-core, %s", async (colorScheme) => {
    const shown = view({ runs: [drawn, run({ timeline: twoLanes() })] })
    // axe has to be put into the page, which the page's policy rightly forbids.
    const { page, close } = await opened(browser, written(shown), {
      colorScheme,
      bypassCSP: true,
      hash: "#trace-1.lane-1.wait-1",
    })
    await panel(page).waitFor()
    await page.getByText("The waits as a table").first().click()
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") })
    const violations: ReadonlyArray<{ id: string; impact: string; nodes: ReadonlyArray<{ html: string }> }> =
      await page.evaluate("axe.run().then((result) => result.violations)")
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([])
    await close()
  })

  it("changes its theme, charts and all", () =>
    using(oneTrace, { colorScheme: "light" }, async ({ page }) => {
      const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor")
      const light = await ground()
      for (const name of ["Theme: system", "Theme: light"]) await page.getByRole("button", { name }).click()
      expect(await page.getByRole("button", { name: "Theme: dark" }).count()).toBe(1)
      expect(await ground()).not.toBe(light)
    }))

  it("leaves hostile texts inert: nothing runs, nothing is made of them, nothing hides", () => {
    const runs = Object.values(payloads).map((text) =>
      run({ outcome: "failed", timeline: saying(text, twoLanes()) }, () => text),
    )
    const shown = view({ runs, headline: payloads.html, title: payloads.bidi }, () => payloads.html)
    return using(shown, { hash: "#trace-1.lane-1.wait-1" }, async ({ page }) => {
      await panel(page).waitFor()
      for (const at of runs.keys()) {
        await near(page, at)
        await page.locator(".waits-table summary").nth(at).click()
      }
      const strange = `[...document.querySelectorAll("*")].filter((one) =>
        ["IMG", "B", "IFRAME", "OBJECT", "LINK", "BASE"].includes(one.tagName) && one.textContent !== "wakediff" && !one.closest(".refused, .left-out, .tooltip")
        || [...one.attributes].some(({ name }) => /^on|^src|^srcdoc|^action/.test(name))
        || (one.hasAttribute("href") && !one.getAttribute("href").startsWith("#"))).map((one) => one.outerHTML)`
      expect(await page.evaluate(strange)).toEqual([])
      expect(await page.evaluate('document.querySelectorAll("script:not([type])").length')).toBe(1)
      expect(await page.evaluate("document.body.innerText")).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u)
      expect(await page.locator("h1").textContent()).toBe(payloads.html)
    })
  })
})
