import { assert, it } from "@effect/vitest"
import { compareReports, freshReports, keptReports } from "../scripts/reports.ts"

const fresh = await freshReports()

it("the kept reports are the fresh ones: npm run reports writes them", () => {
  assert.deepStrictEqual(compareReports(keptReports(), fresh), [])
})

it("canary: a doctored, a missing and a left-over report are found", () => {
  const kept = new Map(keptReports())
  const doctored = "haproxy-1.7.0-spoe-starvation.json"
  kept.set(doctored, kept.get(doctored)!.replace('"starved": 4', '"starved": 0'))
  kept.delete("postfix-reserve-4.md")
  kept.set("nobody.md", "# nobody\n")
  assert.deepStrictEqual(compareReports(kept, fresh), [
    `reports/${doctored} has changed`,
    "reports/postfix-reserve-4.md is missing",
    "reports/nobody.md belongs to no trace",
  ])
})
