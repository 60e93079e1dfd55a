#include "verifier.h"

#include "machine.h"

enum { LOOK_AHEAD = 64, UNKNOWN_RUN = -2 };

/* The names are those of `deviationKinds` in src/domain/verdict.ts. */
#define MISSING "missing-outcome"
#define UNEXPECTED "unexpected-outcome"
#define DIFFERS "outcome-differs"
#define IMPOSSIBLE "impossible"

struct verifier {
  struct machine machine;
  const struct entities *entities;
  struct said said;
  /* How many of the machine's outcomes have been matched with recorded rows so far. */
  size_t cursor;
  bool over, starts_empty, counts_applets;
  /* Whose run is under way, as far as the trace has shown. */
  int32_t running;
  /* By kind, as bits: named by the trace so far, and created by the first row that named one. */
  unsigned named, created_from_start;
};

struct verifier *verifier_new(const struct preamble *preamble, uint32_t after, const struct entities *entities) {
  struct verifier *v = got(calloc(1, sizeof *v));
  machine_begin(&v->machine, preamble, after);
  v->entities = entities;
  v->said.first_row = v->said.undefined_row = -1;
  v->starts_empty = preamble->used == 0;
  v->counts_applets = preamble->counts_applets;
  v->running = UNKNOWN_RUN;
  return v;
}

void verifier_free(struct verifier *v) {
  machine_end(&v->machine);
  free(v);
}

static void deviation(struct verifier *v, const struct batch *b, size_t i, const char *kind) {
  if (v->said.deviations++ == 0) {
    v->said.first_row = (int64_t)(b->first_row + i);
    v->said.first_kind = kind;
  }
}

static void missing(struct verifier *v, const struct batch *b, size_t i) {
  deviation(v, b, i, MISSING);
  v->said.missing++;
}

/* Input rows. */

static inline bool runs(const struct verifier *v, int32_t entity) {
  return v->running == entity || v->running == UNKNOWN_RUN;
}

static inline bool runs_for(const struct verifier *v, int32_t applet, int32_t owner) {
  return v->running == UNKNOWN_RUN || (v->running == applet && v->machine.entity[applet].stream == owner);
}

/* An entity's first row: where the trace has its beginning, that creates it, if the first of its kind was created so. */
static void first_mention(struct verifier *v, const struct batch *b, size_t i, int32_t entity) {
  struct entity *e = &v->machine.entity[entity];
  e->flags |= SEEN;
  if (e->kind == KIND_task || !v->starts_empty) return;
  int event = b->event[i];
  bool created = entity == b->entity[i] &&
                 (event == EVENT_stream_new || event == EVENT_applet_new || event == EVENT_spoe_new);
  unsigned bit = 1u << e->kind;
  if ((v->named & bit) == 0) {
    v->named |= bit;
    if (created) v->created_from_start |= bit;
  } else if (!created && (v->created_from_start & bit) != 0) {
    deviation(v, b, i, IMPOSSIBLE);
  }
}

static inline void mention(struct verifier *v, const struct batch *b, size_t i, int32_t entity) {
  if ((v->machine.entity[entity].flags & SEEN) == 0) first_mention(v, b, i, entity);
}

static inline void compare_counters(struct verifier *v, const struct batch *b, size_t i) {
  const struct machine *m = &v->machine;
  unsigned present = b->present[i];
  if (((present & PRESENT_allocated) && m->allocated != b->allocated[i]) ||
      ((present & PRESENT_used) && m->used != b->used[i]) ||
      ((present & PRESENT_taskRq) && m->task_rq != b->task_rq[i]) ||
      ((present & PRESENT_appletRq) && v->counts_applets && m->applet_rq != b->applet_rq[i]))
    deviation(v, b, i, "counter");
}

/* Compares a channel's recorded state with the replayed one, and takes note of its content. */
static inline void compare_state(struct verifier *v, const struct batch *b, size_t i, int side, int recorded) {
  struct machine *m = &v->machine;
  int32_t owner = b->owner[i];
  if (recorded == 0) return;
  bool shown = recorded != STATE_none;
  if (shown && may_adopt_buffer(m, owner, side)) adopt_buffer(m, owner, side);
  struct entity *e = &m->entity[owner];
  if (((e->flags & held_flag[side]) != 0) != shown) deviation(v, b, i, "buffer-state");
  if (!shown) return;
  if (recorded == STATE_data) e->flags |= data_flag[side];
  else e->flags &= (uint16_t)~data_flag[side];
}

static inline void see_release(struct verifier *v, const struct batch *b, size_t i) {
  struct machine *m = &v->machine;
  int32_t actor = b->entity[i], owner = b->owner[i];
  int site = b->site[i];
  compare_counters(v, b, i);
  compare_state(v, b, i, SIDE_req, b->req[i]);
  compare_state(v, b, i, SIDE_res, b->res[i]);
  if (site == SITE_applet_end ? !runs_for(v, actor, owner) : site == SITE_stream_end && !runs(v, actor))
    deviation(v, b, i, IMPOSSIBLE);
  if (!release(m, actor, owner, site, b->side[i])) deviation(v, b, i, IMPOSSIBLE);
  mention(v, b, i, owner);
  if (m->undefined_kind == DEFINED) return;
  v->said.undefined_row = (int64_t)(b->first_row + i + m->outcome_count);
  v->said.undefined_kind = m->undefined_kind == TYPE_CONFUSION ? "type-confusion" : "dangling-waiter";
}

static inline void see_alloc(struct verifier *v, const struct batch *b, size_t i) {
  struct machine *m = &v->machine;
  int32_t actor = b->entity[i], owner = b->owner[i];
  int site = b->site[i], side = b->side[i], recorded = b->result[i];
  /* A buffer that the trace shows as held may have been so since before the trace began. */
  int32_t holder = side == SIDE_own ? actor : owner;
  if (recorded == RESULT_held && may_adopt_buffer(m, holder, side)) adopt_buffer(m, holder, side);
  if (site == SITE_applet ? !runs_for(v, actor, owner) : site == SITE_work && !runs(v, actor))
    deviation(v, b, i, IMPOSSIBLE);
  int predicted = alloc_buffer(m, actor, owner, site, side);
  mention(v, b, i, owner);
  if (predicted == 0) {
    deviation(v, b, i, "alloc-site");
  } else {
    if (m->margin != b->margin[i]) deviation(v, b, i, "alloc-margin");
    if (predicted != recorded) deviation(v, b, i, "alloc-result");
  }
  compare_counters(v, b, i);
}

static void begin_run(struct verifier *v, const struct batch *b, size_t i) {
  if (v->running >= 0) deviation(v, b, i, IMPOSSIBLE);
  v->running = b->entity[i];
}

static void end_run(struct verifier *v, const struct batch *b, size_t i) {
  if (v->running != b->entity[i] && v->running != UNKNOWN_RUN) deviation(v, b, i, IMPOSSIBLE);
  v->running = NONE;
}

static void see_applet_run(struct verifier *v, const struct batch *b, size_t i) {
  struct entity *e = &v->machine.entity[b->entity[i]];
  if ((e->flags & READY) == 0) deviation(v, b, i, IMPOSSIBLE);
  begin_run(v, b, i);
  e->flags = (uint16_t)((e->flags & ~FAILED) | RUNNING);
  e->stream = b->owner[i];
  mention(v, b, i, b->owner[i]);
}

static void see_input(struct verifier *v, const struct batch *b, size_t i) {
  struct machine *m = &v->machine;
  int32_t actor = b->entity[i];
  switch (b->event[i]) {
    case EVENT_release:
      see_release(v, b, i);
      break;
    case EVENT_alloc:
      see_alloc(v, b, i);
      break;
    case EVENT_task_wakeup:
      compare_counters(v, b, i);
      if (b->result[i] == RESULT_already && may_adopt_task(m, actor)) adopt_task(m, actor);
      if (wake_task(m, actor) != b->result[i]) deviation(v, b, i, "wakeup-result");
      break;
    case EVENT_task_run:
      if (!run_task(m, actor)) deviation(v, b, i, IMPOSSIBLE);
      begin_run(v, b, i);
      compare_counters(v, b, i);
      break;
    case EVENT_task_done:
      end_run(v, b, i);
      end_task(m, actor, b->result[i] == RESULT_freed);
      compare_counters(v, b, i);
      break;
    case EVENT_task_unlink:
      unqueue_task(m, actor);
      break;
    case EVENT_applet_wakeup:
      if (wake_applet(m, actor) != b->result[i]) deviation(v, b, i, "wakeup-result");
      break;
    case EVENT_applet_pause:
      pause_applet(m, actor);
      break;
    case EVENT_applet_run:
      see_applet_run(v, b, i);
      break;
    case EVENT_applet_done:
      end_run(v, b, i);
      if (end_applet(m, actor) != (b->result[i] == RESULT_parked)) deviation(v, b, i, "parked");
      break;
    case EVENT_applet_free:
      free_applet(m, actor);
      break;
    case EVENT_spoe_free:
      free_spoe_context(m, actor);
      break;
    case EVENT_pool:
      m->allocated = b->allocated[i];
      m->used = b->used[i];
      break;
    default:
      if (m->entity[actor].flags & SEEN) deviation(v, b, i, IMPOSSIBLE);
      m->entity[actor].flags |= CREATED;
  }
  if (actor != NONE) mention(v, b, i, actor);
}

/* Outcome rows. */

static bool wakeup_matches(const struct verifier *v, const struct outcome *o, const struct batch *b, size_t i) {
  const struct machine *m = &v->machine;
  unsigned present = b->present[i];
  return ((present & PRESENT_allocated) == 0 || m->allocated == b->allocated[i]) &&
         ((present & PRESENT_used) == 0 || m->used == b->used[i]) &&
         ((present & PRESENT_taskRq) == 0 || (uint32_t)o->avail == b->task_rq[i]) &&
         ((present & PRESENT_appletRq) == 0 || !v->counts_applets || o->threshold == b->applet_rq[i]);
}

static bool matches(const struct verifier *v, const struct batch *b, size_t i, size_t at) {
  const struct outcome *o = &v->machine.outcome[at];
  if (o->event != b->event[i]) return false;
  if (o->event == EVENT_offer) {
    /* Where nobody is passed over for being `from`, a build need not know who offers. */
    bool from = o->entity == b->entity[i] ||
                (b->entity[i] == NONE && !has(&v->machine, PART_offer_skips_self));
    return from && o->avail == b->avail[i] && o->threshold == b->threshold[i];
  }
  if (o->entity != b->entity[i]) return false;
  if (o->event == EVENT_wake) return true;
  if (o->event == EVENT_enqueue || o->event == EVENT_dequeue) return o->detail == b->site[i];
  return o->detail == b->result[i] && (o->event != EVENT_task_wakeup || wakeup_matches(v, o, b, i));
}

static void after_undefined(struct verifier *v, const struct batch *b, size_t i) {
  const struct machine *m = &v->machine;
  if (m->undefined_kind == TYPE_CONFUSION && b->entity[i] == m->undefined_entity) deviation(v, b, i, UNEXPECTED);
  else v->said.unjudged++;
}

static void see_outcome(struct verifier *v, const struct batch *b, size_t i) {
  size_t at = v->cursor, count = v->machine.outcome_count;
  v->said.outcome_rows++;
  if (at < count && matches(v, b, i, at)) {
    v->cursor++;
    return;
  }
  if (v->machine.undefined_kind != DEFINED && at == count) {
    after_undefined(v, b, i);
    return;
  }
  for (size_t later = at + 1; later < count && later < at + LOOK_AHEAD; later++) {
    if (!matches(v, b, i, later)) continue;
    for (; v->cursor < later; v->cursor++) missing(v, b, i);
    v->cursor = later + 1;
    return;
  }
  bool same_event = at < count && v->machine.outcome[at].event == b->event[i];
  deviation(v, b, i, same_event ? DIFFERS : UNEXPECTED);
  if (same_event) v->cursor++;
}

static inline bool is_outcome(const struct batch *b, size_t i) {
  int event = b->event[i];
  return event >= EVENT_enqueue ||
         ((event == EVENT_task_wakeup || event == EVENT_applet_wakeup) && b->site[i] == SITE_offer);
}

void verifier_run(struct verifier *v, const struct batch *b) {
  machine_reserve(&v->machine, v->entities);
  v->said.rows += b->row_count;
  for (size_t i = 0; i < b->row_count; i++) {
    if (!v->over && is_outcome(b, i)) {
      see_outcome(v, b, i);
      continue;
    }
    for (; v->cursor < v->machine.outcome_count; v->cursor++) missing(v, b, i);
    if (v->machine.undefined_kind != DEFINED) {
      /* An input row after the undefined one: no row is judged any more. */
      v->over = true;
      v->said.unjudged += b->row_count - i;
      return;
    }
    v->machine.outcome_count = v->cursor = 0;
    see_input(v, b, i);
  }
}

struct said verifier_said(const struct verifier *v) {
  const struct machine *m = &v->machine;
  struct said said = v->said;
  said.awaited = m->outcome_count - v->cursor;
  said.allocated = m->allocated;
  said.used = m->used;
  said.task_rq = m->task_rq;
  said.applet_rq = m->applet_rq;
  said.queue_length = m->queue_length;
  return said;
}
