import { describe, expect, it } from "@effect/vitest"
import { appletCounterCommit, fixCommit } from "./part.ts"
import {
  allParts,
  bitOf,
  isPartName,
  maskOf,
  partBit,
  partNamed,
  partNames,
  parts,
  partsIn,
  partsOf,
} from "./registry.ts"

/** The table of semantics.md, top to bottom: the one list that the registry must not be derived from. */
const specified = [
  "applet-waiter",
  "applet-runs",
  "notify-release",
  "conn-wake-release",
  "applet-end-release",
  "stream-release-offers",
  "stream-free-offers",
  "offer-budget",
  "offer-threshold",
  "offer-skips-self",
  "offer-refusal",
  "applet-free-dequeues",
  "lua-alloc",
  "spoe-margin",
  "spoe-waiter",
  "spoe-timeout-release",
]

/** Functions that a73e59b69 and 1cbe74cd8 touch, from `git show -W`, by file, as at a73e59b69. */
const touched: Readonly<Record<string, ReadonlyArray<string>>> = {
  "include/common/buffer.h": ["offer_buffers"],
  "include/proto/applet.h": [
    "appctx_new",
    "appctx_free",
    "appctx_wakeup",
    "appctx_pause",
    "appctx_res_wakeup",
  ],
  "include/proto/channel.h": ["channel_alloc_buffer", "channel_release_buffer"],
  "include/proto/stream.h": ["stream_res_wakeup"],
  "src/applet.c": ["applet_run_active"],
  "src/buffer.c": ["__offer_buffer"],
  "src/cli.c": ["cli_io_handler"],
  "src/flt_spoe.c": [
    "acquire_spoe_appctx",
    "create_spoe_context",
    "destroy_spoe_context",
    "handle_spoe_applet",
    "release_spoe_appctx",
    "send_spoe_frame",
    "spoe_check_timeouts",
    "wakeup_spoe_context",
  ],
  "src/haproxy.c": ["run_poll_loop"],
  "src/hlua.c": ["hlua_channel_append_yield", "hlua_channel_send_yield", "hlua_socket_write_yield"],
  "src/peers.c": ["peer_io_handler"],
  "src/stats.c": ["http_stats_io_handler"],
  "src/stream.c": [
    "stats_dump_full_strm_to_buffer",
    "stream_alloc_work_buffer",
    "stream_free",
    "stream_new",
    "stream_release_buffers",
  ],
  "src/stream_interface.c": ["si_conn_recv_cb", "si_conn_wake_cb", "stream_int_notify"],
}

describe("the registry of parts", () => {
  it("lists the parts of semantics.md in its order", () => {
    expect(partNames).toEqual(specified)
  })

  it("names each part once, and finds it by its name", () => {
    expect(new Set(partNames).size).toBe(parts.length)
    for (const part of parts) expect(partNamed(part.name)).toBe(part)
    expect(partNamed("toString")).toBeUndefined()
    expect(isPartName("toString")).toBe(false)
  })

  it("gives each part the bit of its place", () => {
    expect(partNames.map(partBit)).toEqual(parts.map((_, index) => 2 ** index))
    expect(maskOf(partNames)).toBe(allParts)
    expect(Object.keys(bitOf)).toEqual(specified)
  })

  it("reads a mask as the parts it was made of", () => {
    for (let mask = 0; mask <= allParts; mask++) {
      if (maskOf(partsIn(mask)) !== mask) expect.unreachable(`mask ${mask}`)
    }
  })

  it("has no SPOE part in 1.6, and nothing but SPOE parts are missing there", () => {
    expect(partsOf("1.7")).toEqual(parts)
    const missing = partNames.filter((name) => !partsOf("1.6").some((part) => part.name === name))
    expect(missing).toEqual(partNames.filter((name) => name.startsWith("spoe-")))
  })
})

describe.each(parts.map((part) => [part.name, part] as const))("%s", (_, part) => {
  it("lives where the commits touch HAProxy", () => {
    expect(part.places).not.toEqual([])
    for (const place of part.places) expect(touched[place.file], place.file).toContain(place.function)
  })

  it("names each place once, and a known commit", () => {
    const places = part.places.map((place) => `${place.file} ${place.function}`)
    expect(new Set(places).size).toBe(places.length)
    expect([fixCommit, appletCounterCommit]).toContain(part.commit)
  })

  it("says before, after and symptom in one sentence each, fit for a table", () => {
    for (const sentence of [part.before, part.after, part.symptom]) {
      expect(sentence).toMatch(/^[A-Z][^|\n]*[^.|\n]\.$/)
    }
    expect(part.before).not.toBe(part.after)
  })
})
