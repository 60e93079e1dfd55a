/* Replays a trace and compares, row by row: docs/outcomes.md, "Verdicts of a verification"; src/replay/verifier.ts. */
#ifndef VERIFIER_H
#define VERIFIER_H

#include "trace.h"

/* What a verification of a whole trace says. Rows are `seq`s, -1 where there is none. */
struct said {
  uint64_t rows, deviations, missing, unjudged, outcome_rows, awaited;
  int64_t first_row, undefined_row;
  const char *first_kind, *undefined_kind;
  uint32_t allocated, used, task_rq, applet_rq, queue_length;
};

struct verifier;

struct verifier *verifier_new(const struct preamble *preamble, uint32_t after, const struct entities *entities);
void verifier_run(struct verifier *verifier, const struct batch *batch);
struct said verifier_said(const struct verifier *verifier);
void verifier_free(struct verifier *verifier);

#endif
