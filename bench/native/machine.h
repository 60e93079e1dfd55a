/*
 * The queue's rules (docs/semantics.md), as src/replay/machine.ts has them, for one C program: a choice of parts is a bit mask,
 * all counters are unsigned int. Included by verifier.c alone, so that the compiler sees both at once.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdlib.h>
#include <string.h>

#include "trace.h"

enum {
  WAITING = 1,
  READY = 2,
  RUNNING = 4,
  REQ = 8,
  RES = 16,
  OWN = 32,
  REQ_DATA = 64,
  RES_DATA = 128,
  FREED = 256,
  FAILED = 512,
  SEEN = 1024,
  CREATED = 2048,
  SETTLED_TASK = 4096,
  SETTLED_REQ = 8192,
  SETTLED_RES = 16384,
  SETTLED_OWN = 32768
};

static const uint16_t held_flag[] = {0, REQ, RES, OWN};
static const uint16_t data_flag[] = {0, REQ_DATA, RES_DATA, 0};
static const uint16_t settled_flag[] = {0, SETTLED_REQ, SETTLED_RES, SETTLED_OWN};

/* What the trace does not define, once a walk has reached it. */
enum undefined_kind { DEFINED, TYPE_CONFUSION, DANGLING_WAITER };

struct entity {
  uint16_t flags;
  uint8_t kind;
  int32_t stream, next, previous;
};

struct outcome {
  uint8_t event, detail;
  int32_t entity, avail;
  uint32_t threshold;
};

struct machine {
  uint32_t after, limit, reserve, allocated, used, task_rq, applet_rq, unknown_tasks, unknown_buffers;
  size_t room;
  struct entity *entity;
  int32_t head, tail;
  uint32_t queue_length;
  struct outcome *outcome;
  size_t outcome_count, outcome_room;
  enum undefined_kind undefined_kind;
  int32_t undefined_entity;
  /* Of the last alloc; -1 where its site does not allocate. */
  int32_t margin;
  bool freed_any;
};

static bool has(const struct machine *m, uint32_t part) { return (m->after & part) != 0; }

static void machine_begin(struct machine *m, const struct preamble *preamble, uint32_t after) {
  *m = (struct machine){.after = after,
                        .limit = preamble->limit,
                        .reserve = preamble->reserve,
                        .allocated = preamble->allocated,
                        .used = preamble->used,
                        .task_rq = preamble->run_queue_tasks,
                        .unknown_tasks = preamble->run_queue_tasks,
                        .unknown_buffers = preamble->used,
                        .head = NONE,
                        .tail = NONE,
                        .undefined_entity = NONE,
                        .margin = NONE,
                        .outcome_room = 64};
  m->outcome = got(malloc(m->outcome_room * sizeof *m->outcome));
}

static void machine_reserve(struct machine *m, const struct entities *entities) {
  size_t before = m->room;
  if (entities->count <= before) return;
  m->entity = got(realloc(m->entity, entities->count * sizeof *m->entity));
  for (size_t i = before; i < entities->count; i++)
    m->entity[i] = (struct entity){.kind = entities->kind[i], .stream = NONE, .next = NONE, .previous = NONE};
  m->room = entities->count;
}

static void machine_end(struct machine *m) {
  free(m->entity);
  free(m->outcome);
}

static inline void add(struct machine *m, int event, int32_t entity, int detail, int32_t avail, uint32_t threshold) {
  if (m->outcome_count == m->outcome_room) {
    m->outcome_room *= 2;
    m->outcome = got(realloc(m->outcome, m->outcome_room * sizeof *m->outcome));
  }
  m->outcome[m->outcome_count++] = (struct outcome){(uint8_t)event, (uint8_t)detail, entity, avail, threshold};
}

/* The wait queue. */

static void enqueue(struct machine *m, int32_t waiter, int site) {
  struct entity *e = &m->entity[waiter];
  if (e->flags & WAITING) return;
  e->flags |= WAITING;
  e->next = NONE;
  e->previous = m->tail;
  if (m->tail == NONE) m->head = waiter;
  else m->entity[m->tail].next = waiter;
  m->tail = waiter;
  m->queue_length++;
  add(m, EVENT_enqueue, waiter, site, 0, 0);
}

static void unlink_waiter(struct machine *m, int32_t waiter) {
  struct entity *e = &m->entity[waiter];
  if (e->previous == NONE) m->head = e->next;
  else m->entity[e->previous].next = e->next;
  if (e->next == NONE) m->tail = e->previous;
  else m->entity[e->next].previous = e->previous;
  e->flags &= (uint16_t)~WAITING;
  m->queue_length--;
}

static inline void dequeue(struct machine *m, int32_t waiter, int site) {
  if ((m->entity[waiter].flags & WAITING) == 0) return;
  unlink_waiter(m, waiter);
  add(m, EVENT_dequeue, waiter, site, 0, 0);
}

/* The run queue and the applets' run list. */

static inline int wake_task(struct machine *m, int32_t task) {
  struct entity *e = &m->entity[task];
  if (e->flags & READY) return RESULT_already;
  e->flags |= m->unknown_tasks > 0 ? READY | SETTLED_TASK : READY;
  m->task_rq++;
  return RESULT_queued;
}

static inline bool may_adopt_task(const struct machine *m, int32_t task) {
  return m->unknown_tasks != 0 && (m->entity[task].flags & (CREATED | SETTLED_TASK | READY)) == 0;
}

static void adopt_task(struct machine *m, int32_t task) {
  m->entity[task].flags |= READY | SETTLED_TASK;
  m->unknown_tasks--;
}

static inline bool unqueue_task(struct machine *m, int32_t task) {
  if (may_adopt_task(m, task)) adopt_task(m, task);
  if ((m->entity[task].flags & READY) == 0) return false;
  m->entity[task].flags &= (uint16_t)~READY;
  m->task_rq--;
  return true;
}

static inline bool run_task(struct machine *m, int32_t task) {
  bool was_ready = unqueue_task(m, task);
  m->entity[task].flags |= RUNNING;
  return was_ready;
}

static inline void end_task(struct machine *m, int32_t task, bool freed) {
  m->entity[task].flags &= (uint16_t)~RUNNING;
  if (freed) m->entity[task].flags |= FREED;
}

static int wake_applet(struct machine *m, int32_t applet) {
  if (m->entity[applet].flags & READY) return RESULT_already;
  m->entity[applet].flags |= READY;
  m->applet_rq++;
  return RESULT_queued;
}

static void pause_applet(struct machine *m, int32_t applet) {
  if ((m->entity[applet].flags & READY) == 0) return;
  m->entity[applet].flags &= (uint16_t)~READY;
  m->applet_rq--;
}

static bool end_applet(struct machine *m, int32_t applet) {
  struct entity *e = &m->entity[applet];
  bool parked = (e->flags & FAILED) != 0 && !has(m, PART_applet_runs);
  e->flags &= (uint16_t)~(RUNNING | FAILED);
  /* Off the list, and not counted down: applet_rq keeps one too many. */
  if (parked) e->flags &= (uint16_t)~READY;
  return parked;
}

static void free_applet(struct machine *m, int32_t applet) {
  pause_applet(m, applet);
  if (has(m, PART_applet_free_dequeues)) dequeue(m, applet, SITE_applet_free);
  m->entity[applet].flags |= FREED;
}

static void free_spoe_context(struct machine *m, int32_t context) {
  dequeue(m, context, SITE_spoe_free);
  m->entity[context].flags |= FREED;
}

/* The pool. */

static inline bool may_adopt_buffer(const struct machine *m, int32_t holder, int side) {
  return m->unknown_buffers != 0 && (m->entity[holder].flags & (CREATED | settled_flag[side] | held_flag[side])) == 0;
}

static void adopt_buffer(struct machine *m, int32_t holder, int side) {
  m->entity[holder].flags |= held_flag[side] | settled_flag[side];
  m->unknown_buffers--;
}

/* True if there is a buffer. The refill counts allocated up, past the last unsigned int to 0, to the target or the limit. */
static inline bool take_buffer(struct machine *m, uint32_t margin) {
  if (m->allocated - m->used <= margin) {
    uint32_t target = margin + m->used;
    uint64_t needed = (uint64_t)(m->allocated > target ? m->allocated : target) + 1;
    if (m->limit != 0 && needed > m->limit) {
      if (m->allocated < m->limit) m->allocated = m->limit;
      return false;
    }
    m->allocated = needed <= UINT32_MAX ? (uint32_t)needed : target + 1;
  }
  m->used++;
  return true;
}

/* ok, fail or held; 0 where the site does not allocate under this semantics. */
static inline int alloc_buffer(struct machine *m, int32_t entity, int32_t owner, int site, int side) {
  int32_t holder = side == SIDE_own ? entity : owner;
  int32_t waiter = entity;
  uint32_t margin = side == SIDE_req ? m->reserve : 0;
  switch (site) {
    case SITE_work:
      margin = 0;
      dequeue(m, entity, SITE_work);
      break;
    case SITE_applet:
      if (!has(m, PART_applet_waiter)) waiter = owner;
      break;
    case SITE_lua:
      if (has(m, PART_lua_alloc)) {
        m->margin = -1;
        return 0;
      }
      break;
    case SITE_spoe:
      m->entity[entity].stream = owner;
      dequeue(m, entity, SITE_spoe);
      margin = has(m, PART_spoe_margin) ? m->reserve : 0;
      break;
  }
  m->margin = (int32_t)margin;
  struct entity *e = &m->entity[holder];
  if (e->flags & held_flag[side]) return RESULT_held;
  if (m->unknown_buffers > 0) e->flags |= settled_flag[side];
  if (take_buffer(m, margin)) {
    e->flags = (uint16_t)((e->flags & ~data_flag[side]) | held_flag[side]);
    return RESULT_ok;
  }
  if (site == SITE_applet) m->entity[entity].flags |= FAILED;
  enqueue(m, waiter, site);
  return RESULT_fail;
}

static inline void free_buffer(struct machine *m, int32_t holder, uint16_t held) {
  m->entity[holder].flags &= (uint16_t)~held;
  m->used--;
  m->freed_any = true;
}

/* Offering. */

static int undefine(struct machine *m, enum undefined_kind kind, int32_t waiter) {
  m->undefined_kind = kind;
  m->undefined_entity = waiter;
  return -1;
}

/* 0 wakes the entry, a result code skips it, -1 is undefined. */
static int meet(struct machine *m, int32_t waiter, int32_t from) {
  const struct entity *e = &m->entity[waiter];
  if (e->kind == KIND_spoeContext && !has(m, PART_spoe_waiter)) return undefine(m, TYPE_CONFUSION, waiter);
  if (e->kind == KIND_applet && e->flags & FREED) return undefine(m, DANGLING_WAITER, waiter);
  if (waiter == from && has(m, PART_offer_skips_self)) return RESULT_self;
  if (e->kind == KIND_spoeContext || (e->flags & (READY | RUNNING)) == 0) return 0;
  if (e->kind == KIND_applet && (e->flags & READY) == 0) return 0;
  if (has(m, PART_offer_refusal)) return RESULT_busy;
  return e->kind == KIND_stream && e->flags & RUNNING ? RESULT_running : 0;
}

static void wake(struct machine *m, int32_t waiter) {
  unlink_waiter(m, waiter);
  add(m, EVENT_wake, waiter, 0, 0, 0);
  if (m->entity[waiter].kind == KIND_applet) {
    uint32_t before = m->applet_rq;
    int result = wake_applet(m, waiter);
    add(m, EVENT_applet_wakeup, waiter, result, (int32_t)m->task_rq, before);
    return;
  }
  int32_t task = m->entity[waiter].kind == KIND_spoeContext ? m->entity[waiter].stream : waiter;
  uint32_t before = m->task_rq;
  int result = task == NONE ? 0 : wake_task(m, task);
  add(m, EVENT_task_wakeup, task, result, (int32_t)before, m->applet_rq);
}

static inline void offer(struct machine *m, int32_t from) {
  if (m->head == NONE) return;
  int32_t budget = (int32_t)(m->allocated - m->used - m->reserve / 2);
  bool budget_after = has(m, PART_offer_budget);
  uint32_t threshold = budget_after && has(m, PART_offer_threshold) ? m->task_rq + m->applet_rq : m->task_rq;
  add(m, EVENT_offer, from, 0, budget, threshold);
  for (int32_t waiter = m->head; waiter != NONE;) {
    /* After the fix the budget is compared as unsigned; before it, as signed, with a run queue that grows. */
    if (budget_after ? (uint32_t)budget <= threshold : budget <= (int32_t)m->task_rq) return;
    int32_t following = m->entity[waiter].next;
    int verdict = meet(m, waiter, from);
    if (verdict < 0) return;
    if (verdict > 0) {
      add(m, EVENT_skip, waiter, verdict, 0, 0);
    } else {
      wake(m, waiter);
      if (budget_after) budget = (int32_t)((uint32_t)budget - 1);
    }
    waiter = following;
  }
}

/* Releasing. */

static inline void stream_release(struct machine *m, int32_t owner) {
  uint16_t flags = m->entity[owner].flags;
  if ((flags & (REQ | REQ_DATA)) == REQ) free_buffer(m, owner, REQ);
  if ((flags & (RES | RES_DATA)) == RES) free_buffer(m, owner, RES);
  if (m->freed_any || !has(m, PART_stream_release_offers)) offer(m, owner);
}

static inline void channel_release(struct machine *m, int32_t owner, int side, int32_t from, uint32_t part) {
  uint16_t flags = m->entity[owner].flags;
  if ((flags & held_flag[side]) == 0 || (flags & data_flag[side]) != 0 || !has(m, part)) return;
  free_buffer(m, owner, held_flag[side]);
  offer(m, from);
}

static void stream_free(struct machine *m, int32_t owner) {
  dequeue(m, owner, SITE_stream_free);
  uint16_t flags = m->entity[owner].flags;
  if (flags & REQ) free_buffer(m, owner, REQ);
  if (flags & RES) free_buffer(m, owner, RES);
  m->entity[owner].flags |= FREED;
  if (m->freed_any || !has(m, PART_stream_free_offers)) offer(m, NONE);
}

static bool spoe_release(struct machine *m, int32_t context, int site) {
  if (site == SITE_spoe_timeout && !has(m, PART_spoe_timeout_release)) return true;
  if ((m->entity[context].flags & OWN) == 0) return false;
  free_buffer(m, context, OWN);
  offer(m, context);
  return true;
}

/* False where a SPOE context releases a buffer that it does not hold. */
static inline bool release(struct machine *m, int32_t entity, int32_t owner, int site, int side) {
  m->freed_any = false;
  switch (site) {
    case SITE_notify:
      if (!has(m, PART_notify_release)) stream_release(m, owner);
      return true;
    case SITE_conn_wake:
      channel_release(m, owner, side, owner, PART_conn_wake_release);
      return true;
    case SITE_applet_end:
      channel_release(m, owner, side, entity, PART_applet_end_release);
      return true;
    case SITE_stream_end:
      stream_release(m, owner);
      return true;
    case SITE_stream_free:
      stream_free(m, owner);
      return true;
    default:
      return spoe_release(m, entity, site);
  }
}

#endif
