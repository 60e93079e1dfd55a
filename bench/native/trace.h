/* A trace in memory: rows as columns, as src/domain/batch.ts has them. Codes come from the generated vocabulary.h. */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vocabulary.h"

enum { NONE = -1, FIRST_APPLET_NAME = 32 };

/* A run of consecutive rows. Every cell is written for every row: an empty one is 0, or NONE. */
struct batch {
  size_t capacity, row_count;
  uint64_t first_row;
  int32_t *entity, *owner, *margin, *avail;
  uint32_t *threshold, *allocated, *used, *task_rq, *applet_rq;
  uint8_t *event, *site, *side, *req, *res, *result, *present;
};

struct preamble {
  uint32_t limit, reserve, allocated, used, run_queue_tasks;
  bool counts_applets;
};

/* Ids, interned: a slot for each, in the order of their appearance. */
struct entities {
  size_t count, room;
  uint8_t *kind;
  /* By kind: slot + 1 by number. */
  int32_t *slot_of[4];
  size_t slot_room[4];
};

struct trace;

/* Opens a CSV trace and reads its head. Ends the process with code 3 and a message where it is not the plain case. */
struct trace *trace_open(const char *path);
/* Fills a batch from its beginning; false where no row is left. */
bool trace_next(struct trace *trace, struct batch *batch);
const struct preamble *trace_preamble(const struct trace *trace);
const struct entities *trace_entities(const struct trace *trace);

struct batch batch_new(size_t capacity);
/* Memory that was got, or the end of the process. */
void *got(void *memory);

#endif
