/*
 * native verify FILE MASK          reads a CSV trace and verifies it as it comes
 * native replay FILE MASK PASSES   holds its rows in memory, and times so many replays of them, after two that are not counted
 *
 * MASK is the choice of parts in decimal (src/semantics/registry.ts). Prints one line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "trace.h"
#include "verifier.h"

enum { BATCH_ROWS = 4096, WARM_UP = 2 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void print_text(const char *name, const char *text) {
  if (text == NULL) printf("\"%s\":null,", name);
  else printf("\"%s\":\"%s\",", name, text);
}

static void print_number(const char *name, long long number) { printf("\"%s\":%lld,", name, number); }

static void print(const struct said *said, uint64_t timed_rows, double seconds) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{");
  print_number("rowCount", (long long)said->rows);
  print_number("deviationCount", (long long)said->deviations);
  print_number("missingCount", (long long)said->missing);
  print_number("unjudgedRowCount", (long long)said->unjudged);
  print_number("outcomeRowCount", (long long)said->outcome_rows);
  print_number("awaitedCount", (long long)said->awaited);
  print_number("firstRow", said->first_row);
  print_text("firstKind", said->first_kind);
  print_number("undefinedRow", said->undefined_row);
  print_text("undefinedKind", said->undefined_kind);
  printf("\"pool\":[%u,%u,%u,%u,%u],", said->allocated, said->used, said->task_rq, said->applet_rq, said->queue_length);
  print_number("timedRowCount", (long long)timed_rows);
  printf("\"seconds\":%.9f,\"peakMegabytes\":%.1f}\n", seconds, (double)usage.ru_maxrss / 1024);
}

static void verify(const char *path, uint32_t after) {
  double begin = now();
  struct trace *trace = trace_open(path);
  struct verifier *verifier = verifier_new(trace_preamble(trace), after, trace_entities(trace));
  struct batch batch = batch_new(BATCH_ROWS);
  while (trace_next(trace, &batch)) verifier_run(verifier, &batch);
  struct said said = verifier_said(verifier);
  print(&said, said.rows, now() - begin);
}

/* The whole trace as one batch, twice as long each time that it turns out too short. */
static struct batch read_all(const char *path, struct trace **trace) {
  for (size_t capacity = 1 << 20;; capacity *= 2) {
    *trace = trace_open(path);
    struct batch batch = batch_new(capacity);
    trace_next(*trace, &batch);
    if (batch.row_count < capacity) return batch;
  }
}

static void replay(const char *path, uint32_t after, int passes) {
  struct trace *trace;
  struct batch batch = read_all(path, &trace);
  struct said said = {0};
  double begin = now();
  for (int pass = -WARM_UP; pass < passes; pass++) {
    if (pass == 0) begin = now();
    struct verifier *verifier = verifier_new(trace_preamble(trace), after, trace_entities(trace));
    verifier_run(verifier, &batch);
    said = verifier_said(verifier);
    verifier_free(verifier);
  }
  print(&said, said.rows * (uint64_t)passes, now() - begin);
}

int main(int count, char **words) {
  uint32_t after = count > 3 ? (uint32_t)strtoul(words[3], NULL, 10) : 0;
  if (count == 4 && strcmp(words[1], "verify") == 0) verify(words[2], after);
  else if (count == 5 && strcmp(words[1], "replay") == 0) replay(words[2], after, atoi(words[4]));
  else {
    fprintf(stderr, "usage: native verify FILE MASK | native replay FILE MASK PASSES\n");
    return 2;
  }
  return 0;
}
