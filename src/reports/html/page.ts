import type { ReportView } from "../view.ts"
import type { Assets } from "./assets.ts"
import { fitted } from "./budget.ts"
import { markup, raw, type Markup } from "./markup.ts"
import { overview, refusals, rules, summary, verdict } from "./sections.ts"
import { timelineSection } from "./timeline-section.ts"
import { traceSection } from "./trace-section.ts"

/** How long a page may become, in bytes. Only timelines are left out for it. */
export const maxPageBytes = 5_000_000

/** The whole page. Without its script everything but the timelines can be read. */
export const page = (view: ReportView, assets: Assets, maxBytes: number = maxPageBytes): string => {
  const { runs } = view
  const sections = (timelineOf: (at: number) => Markup | null) =>
    runs.map((run, at) => traceSection(run, at + 1, runs.length === 1, timelineOf(at)))
  const bare = shell(
    view,
    assets,
    sections(() => null),
  ).html
  const timelines = fitted(runs, maxBytes - Buffer.byteLength(bare))
  return shell(
    view,
    assets,
    sections((at) => timelineSection(runs[at]!, timelines[at]!, at + 1)),
  ).html
}

const shell = (
  view: ReportView,
  assets: Assets,
  traces: ReadonlyArray<Markup>,
): Markup => markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(assets.policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="wakediff ${view.version}">
<title>${view.headline} · wakediff ${view.command}</title>
<style>${raw(assets.style)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header class="top">
<p class="brand"><b>wakediff</b> ${view.command}</p>
<p class="title">${view.title}</p>
<div id="theme"></div>
</header>
<main id="report">
${verdict(view)}
${summary(view)}
${overview(view)}
${traces}
${refusals(view)}
${rules(view)}
</main>
<footer><p>wakediff ${view.version}. This page is complete in itself: it loads nothing, and sends nothing.</p></footer>
<script>${raw(assets.script)}</script>
</body>
</html>
`
