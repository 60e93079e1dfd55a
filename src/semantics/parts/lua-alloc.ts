import { definePart, everyBranch, fixCommit, placesIn } from "../part.ts"

/**
 * Source: src/hlua.c. At a73e59b69^ hlua_socket_write_yield and hlua_channel_send_yield call
 * stream_alloc_recv_buffer; hlua_channel_append_yield allocates in neither, and only gains the check.
 */
export const luaAlloc = definePart({
  name: "lua-alloc",
  branches: everyBranch,
  places: placesIn(
    "src/hlua.c",
    "hlua_socket_write_yield",
    "hlua_channel_append_yield",
    "hlua_channel_send_yield",
  ),
  commit: fixCommit,
  before:
    "A Lua write to a socket or channel without a buffer allocates one, and on failure puts the stream in the wait queue.",
  after:
    "A Lua write to a socket or channel without a buffer does not allocate: it flags that it cannot put, and waits for room.",
  symptom:
    "A Lua write that gets no buffer puts a stream in the wait queue, and the wake reaches that stream rather than the side that writes.",
  workload: "Lua code that writes to a socket or a channel: core.tcp() and services that send.",
})
