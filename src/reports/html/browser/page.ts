import type { TimelineData } from "../data.ts"
import { addCopyButtons } from "./copy.ts"
import { hashOf, targetOf } from "./links.ts"
import type { WaitPlace } from "./places.ts"
import { addThemeButton } from "./theme.ts"
import { timelineView, type TimelineView } from "./timeline.ts"
import { makeTooltip } from "./tooltip.ts"

/** Where the page's script begins. A timeline is drawn when it comes near the window, or a link asks for it. */

document.documentElement.classList.add("scripted")
addThemeButton(document.getElementById("theme")!)
addCopyButtons()
const tooltip = makeTooltip()
const mounts = [...document.querySelectorAll<HTMLElement>(".drawn")]
const views = new Map<HTMLElement, TimelineView>()

const viewIn = (mount: HTMLElement): TimelineView => {
  const present = views.get(mount)
  if (present !== undefined) return present
  const number = mount.dataset["trace"]!
  const data: TimelineData = JSON.parse(document.getElementById(`trace-${number}-data`)!.textContent ?? "")
  const view = timelineView(mount, data, `trace-${number}-timeline`, tooltip, (wait) =>
    showInAddress(Number(number) - 1, wait),
  )
  views.set(mount, view)
  return view
}

/** Replaced, not pushed: going back leaves the page. */
const showInAddress = (trace: number, wait: WaitPlace | null): void =>
  history.replaceState(null, "", hashOf({ trace, wait }))

const follow = (): void => {
  const target = targetOf(location.hash)
  if (target === null) return
  const section = document.getElementById(`trace-${target.trace + 1}`)
  if (section === null) return
  section.querySelector("details")?.setAttribute("open", "")
  const mount = mounts.find((one) => section.contains(one))
  if (mount === undefined || target.wait === null) section.scrollIntoView()
  else viewIn(mount).open(target.wait)
}

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue
      nearby.unobserve(target)
      viewIn(target)
    }
  },
  { rootMargin: "300px" },
)
for (const mount of mounts) nearby.observe(mount)
// Also when a link to where the page is already is followed once more.
document.addEventListener("click", ({ target }) => {
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="#trace-"]') : null
  if (link !== null && link.hash === location.hash) follow()
})
addEventListener("hashchange", follow)
follow()
