/*
 * Reads the plain case of a CSV trace (docs/trace-format.md): the columns in their order and no others, lines that end in LF,
 * no quotes. Large reads into one buffer, every cell checked as it is passed, no memory asked for per row.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The names and the forms of vocabulary.h, not only its codes. */
#define WORDS
#include "trace.h"

enum { BUFFER_LENGTH = 1 << 20, MAX_NUMBER_OF_ID = 1 << 24, WORD_SLOTS = 256 };

/* Words and their codes: a table with open addressing; a hash meets a word's own slot or one soon behind it. */
struct words {
  const char *text[WORD_SLOTS];
  uint8_t length[WORD_SLOTS], code[WORD_SLOTS];
};

struct trace {
  const char *path;
  int file;
  char *buffer, *from, *to;
  uint64_t line, next_row;
  struct preamble preamble;
  struct entities entities;
  struct words events, sites, sides, states, results;
};

void *got(void *memory) {
  if (memory != NULL) return memory;
  fprintf(stderr, "out of memory\n");
  exit(4);
}

static void refuse(const struct trace *trace, const char *what) {
  fprintf(stderr, "%s:%llu: %s\n", trace->path, (unsigned long long)trace->line, what);
  exit(3);
}

/* Words. */

static unsigned hash(const char *text, size_t length) {
  const unsigned char *at = (const unsigned char *)text;
  return (at[0] * 5u + at[length - 1] * 11u + at[length / 2] * 3u + (unsigned)length * 17u) % WORD_SLOTS;
}

static void words_fill(struct words *words, const char *const *names, size_t count) {
  for (size_t code = 0; code < count; code++) {
    size_t length = strlen(names[code]);
    if (length == 0) continue;
    unsigned at = hash(names[code], length);
    while (words->text[at] != NULL) at = (at + 1) % WORD_SLOTS;
    words->text[at] = names[code];
    words->length[at] = (uint8_t)length;
    words->code[at] = (uint8_t)code;
  }
}

/* The code of a word that is not empty; -1 if there is no such word. */
static int code_of(const struct words *words, const char *text, size_t length) {
  for (unsigned at = hash(text, length); words->text[at] != NULL; at = (at + 1) % WORD_SLOTS)
    if (words->length[at] == length && memcmp(words->text[at], text, length) == 0) return words->code[at];
  return -1;
}

/* Entities. */

static void entities_more(struct entities *entities) {
  entities->room = entities->room == 0 ? 1024 : 2 * entities->room;
  entities->kind = got(realloc(entities->kind, entities->room));
}

static int32_t slot_new(struct entities *entities, int kind, size_t number) {
  size_t room = entities->slot_room[kind];
  if (number >= room) {
    size_t more = number < 512 ? 1024 : 2 * number;
    entities->slot_of[kind] = got(realloc(entities->slot_of[kind], more * sizeof(int32_t)));
    memset(entities->slot_of[kind] + room, 0, (more - room) * sizeof(int32_t));
    entities->slot_room[kind] = more;
  }
  int32_t *slot = &entities->slot_of[kind][number];
  if (*slot == 0) {
    if (entities->count == entities->room) entities_more(entities);
    entities->kind[entities->count] = (uint8_t)kind;
    *slot = (int32_t)++entities->count;
  }
  return *slot - 1;
}

static int32_t slot_of(struct entities *entities, int kind, size_t number) {
  if (number < entities->slot_room[kind]) {
    int32_t known = entities->slot_of[kind][number];
    if (known != 0) return known - 1;
  }
  return slot_new(entities, kind, number);
}

/* Cells: each begins at trace->from, which is left at the separator behind it. A whole line is in the buffer. */

static inline bool is_empty(const struct trace *trace) { return *trace->from == ',' || *trace->from == '\n'; }

static inline void separator(struct trace *trace, char expected) {
  if (*trace->from != expected) refuse(trace, "17 cells, without quotes or carriage returns");
  trace->from++;
}

static inline uint64_t number(struct trace *trace, uint64_t max, const char *column) {
  const char *begin = trace->from;
  uint64_t value = 0;
  unsigned digit;
  while ((digit = (unsigned char)*trace->from - '0') <= 9) {
    value = 10 * value + digit;
    trace->from++;
  }
  if (trace->from == begin || trace->from - begin > 16 || value > max) refuse(trace, column);
  return value;
}

/* A number that may be missing; then 0, and its bit is not set. */
static inline uint32_t optional(struct trace *trace, uint64_t max, const char *column, uint8_t bit, uint8_t *present) {
  if (is_empty(trace)) return 0;
  *present |= bit;
  return (uint32_t)number(trace, max, column);
}

static inline int32_t optional_signed(struct trace *trace, const char *column, uint8_t bit, uint8_t *present) {
  if (*trace->from != '-') return (int32_t)optional(trace, INT32_MAX, column, bit, present);
  trace->from++;
  *present |= bit;
  return (int32_t)-(int64_t)number(trace, (uint64_t)INT32_MAX + 1, column);
}

static inline size_t word_length(const struct trace *trace) {
  const char *at = trace->from;
  while (*at != ',' && *at != '\n') at++;
  return (size_t)(at - trace->from);
}

/* The code of a word; an empty cell is code 0, which every list but the events' has for it. */
static inline uint8_t word(struct trace *trace, const struct words *words, const char *column) {
  if (is_empty(trace)) return 0;
  size_t length = word_length(trace);
  int code = code_of(words, trace->from, length);
  if (code < 0) refuse(trace, column);
  trace->from += length;
  return (uint8_t)code;
}

static inline int32_t id(struct trace *trace, int *kind, const char *column) {
  static const char letters[] = KIND_LETTERS;
  const char *letter = memchr(letters, *trace->from, sizeof letters - 1);
  if (letter == NULL) refuse(trace, column);
  *kind = (int)(letter - letters);
  trace->from++;
  if (trace->from[0] == '0' && trace->from[1] >= '0' && trace->from[1] <= '9') refuse(trace, column);
  return slot_of(&trace->entities, *kind, number(trace, MAX_NUMBER_OF_ID, column));
}

/* Rows. */

/* What an alloc's or a release's site demands. */
static void check_place(const struct trace *trace, const struct place_form *form, const struct batch *b, size_t i, int kind) {
  if (kind != form->kind) refuse(trace, "entity: another kind at this site");
  if (b->owner[i] == NONE) refuse(trace, "owner: missing");
  if (kind == KIND_stream && b->owner[i] != b->entity[i]) refuse(trace, "owner: the stream itself");
  if ((form->side_mask & 1u << b->side[i]) == 0) refuse(trace, "side: another one at this site");
  if (form->states && (b->req[i] == 0 || b->res[i] == 0)) refuse(trace, "req, res: missing");
}

static void check_row(const struct trace *trace, const struct batch *b, size_t i, int kind) {
  int event = b->event[i];
  const struct row_form *form = &row_forms[event];
  if (kind < 0 ? !form->entity_optional : (form->kind_mask & 1u << kind) == 0) refuse(trace, "entity: another kind");
  if (form->site_mask != 0 && (form->site_mask & 1u << b->site[i]) == 0) refuse(trace, "site: another one");
  if (form->result_mask != 0 && (form->result_mask & 1u << b->result[i]) == 0) refuse(trace, "result: another one");
  if ((b->present[i] & form->number_mask) != form->number_mask) refuse(trace, "a number is missing");
  if (event == EVENT_alloc) check_place(trace, &alloc_forms[b->site[i]], b, i, kind);
  if (event == EVENT_release) check_place(trace, &release_forms[b->site[i]], b, i, kind);
  if (event == EVENT_applet_run && b->owner[i] == NONE) refuse(trace, "owner: missing");
}

static void read_row(struct trace *trace, struct batch *b, size_t i) {
  trace->line++;
  if (number(trace, UINT64_MAX, "seq") != trace->next_row++) refuse(trace, "seq: a gap");
  separator(trace, ',');
  number(trace, (1ull << 53) - 1, "time_us");
  separator(trace, ',');
  if (is_empty(trace)) refuse(trace, "event");
  int event = word(trace, &trace->events, "event");
  b->event[i] = (uint8_t)event;
  separator(trace, ',');
  int kind = -1, owner_kind = KIND_stream;
  b->entity[i] = is_empty(trace) ? NONE : id(trace, &kind, "entity");
  separator(trace, ',');
  b->owner[i] = is_empty(trace) ? NONE : id(trace, &owner_kind, "owner");
  if (owner_kind != KIND_stream) refuse(trace, "owner: a stream");
  separator(trace, ',');
  if (event == EVENT_applet_new || event == EVENT_applet_run) {
    /* An applet's name means nothing to a replay. */
    size_t length = word_length(trace);
    if (memchr(trace->from, '"', length) != NULL) refuse(trace, "site: no quotes");
    b->site[i] = FIRST_APPLET_NAME;
    trace->from += length;
  } else {
    b->site[i] = word(trace, &trace->sites, "site");
  }
  separator(trace, ',');
  uint8_t present = 0;
  b->side[i] = word(trace, &trace->sides, "side");
  separator(trace, ',');
  b->margin[i] = (int32_t)optional(trace, INT32_MAX, "margin", PRESENT_margin, &present);
  separator(trace, ',');
  b->req[i] = word(trace, &trace->states, "req");
  separator(trace, ',');
  b->res[i] = word(trace, &trace->states, "res");
  separator(trace, ',');
  b->result[i] = word(trace, &trace->results, "result");
  separator(trace, ',');
  b->avail[i] = optional_signed(trace, "avail", PRESENT_avail, &present);
  separator(trace, ',');
  b->threshold[i] = optional(trace, UINT32_MAX, "threshold", PRESENT_threshold, &present);
  separator(trace, ',');
  b->allocated[i] = optional(trace, UINT32_MAX, "allocated", PRESENT_allocated, &present);
  separator(trace, ',');
  b->used[i] = optional(trace, UINT32_MAX, "used", PRESENT_used, &present);
  separator(trace, ',');
  b->task_rq[i] = optional(trace, UINT32_MAX, "task_rq", PRESENT_taskRq, &present);
  separator(trace, ',');
  b->applet_rq[i] = optional(trace, UINT32_MAX, "applet_rq", PRESENT_appletRq, &present);
  separator(trace, '\n');
  b->present[i] = present;
  check_row(trace, b, i, kind);
}

/* The buffer. */

/* Moves what is left of the buffer to its beginning, and fills the rest. False where nothing is left of the file. */
static bool refill(struct trace *trace) {
  size_t left = (size_t)(trace->to - trace->from);
  memmove(trace->buffer, trace->from, left);
  trace->from = trace->buffer;
  trace->to = trace->buffer + left;
  while (trace->to < trace->buffer + BUFFER_LENGTH) {
    ssize_t length = read(trace->file, trace->to, (size_t)(trace->buffer + BUFFER_LENGTH - trace->to));
    if (length < 0) refuse(trace, "cannot be read");
    if (length == 0) break;
    trace->to += length;
  }
  return trace->from != trace->to;
}

/* Where the last whole line of the buffer ends. */
static const char *whole_end(const struct trace *trace) {
  const char *end = trace->to;
  while (end > trace->from && end[-1] != '\n') end--;
  return end;
}

bool trace_next(struct trace *trace, struct batch *batch) {
  batch->first_row = trace->next_row;
  size_t count = 0;
  while (count < batch->capacity) {
    const char *end = whole_end(trace);
    if (end == trace->from) {
      if (!refill(trace)) break;
      end = whole_end(trace);
      if (end == trace->from) refuse(trace, "a torn last line");
    }
    while (count < batch->capacity && trace->from < end) read_row(trace, batch, count++);
  }
  batch->row_count = count;
  return count != 0;
}

/* The head. */

static void preamble_line(struct trace *trace, char *line) {
  char *value = strstr(line, ": ");
  if (value == NULL) refuse(trace, "# key: value");
  *value = '\0';
  value += 2;
  const char *key = line + 2;
  struct preamble *preamble = &trace->preamble;
  if (strcmp(key, "tune.buffers.limit") == 0) preamble->limit = (uint32_t)strtoul(value, NULL, 10);
  if (strcmp(key, "tune.buffers.reserve") == 0) preamble->reserve = (uint32_t)strtoul(value, NULL, 10);
  if (strcmp(key, "pool.allocated") == 0) preamble->allocated = (uint32_t)strtoul(value, NULL, 10);
  if (strcmp(key, "pool.used") == 0) preamble->used = (uint32_t)strtoul(value, NULL, 10);
  if (strcmp(key, "run_queue.tasks") == 0) preamble->run_queue_tasks = (uint32_t)strtoul(value, NULL, 10);
  if (strcmp(key, "counters.applets") == 0) preamble->counts_applets = strcmp(value, "no") != 0;
}

static void read_head(struct trace *trace) {
  trace->preamble.counts_applets = true;
  for (;;) {
    trace->line++;
    char *end = memchr(trace->from, '\n', (size_t)(trace->to - trace->from));
    if (end == NULL) refuse(trace, "a header line");
    *end = '\0';
    char *line = trace->from;
    trace->from = end + 1;
    if (trace->line == 1) {
      if (strcmp(line, "# wakediff trace 1") != 0) refuse(trace, "# wakediff trace 1");
    } else if (line[0] == '#') {
      preamble_line(trace, line);
    } else {
      if (strcmp(line, HEADER_LINE) != 0) refuse(trace, HEADER_LINE);
      return;
    }
  }
}

#define FILL(words, names) words_fill(words, names, sizeof names / sizeof *names)

struct trace *trace_open(const char *path) {
  struct trace *trace = got(calloc(1, sizeof *trace));
  trace->path = path;
  trace->file = open(path, O_RDONLY);
  if (trace->file < 0) refuse(trace, "cannot be opened");
  trace->buffer = trace->from = trace->to = got(malloc(BUFFER_LENGTH));
  FILL(&trace->events, event_names);
  FILL(&trace->sites, site_names);
  FILL(&trace->sides, side_names);
  FILL(&trace->states, buffer_state_names);
  FILL(&trace->results, result_names);
  refill(trace);
  read_head(trace);
  return trace;
}

const struct preamble *trace_preamble(const struct trace *trace) { return &trace->preamble; }
const struct entities *trace_entities(const struct trace *trace) { return &trace->entities; }

struct batch batch_new(size_t capacity) {
  struct batch batch = {.capacity = capacity};
  int32_t **wide[] = {&batch.entity, &batch.owner, &batch.margin, &batch.avail};
  uint32_t **counters[] = {&batch.threshold, &batch.allocated, &batch.used, &batch.task_rq, &batch.applet_rq};
  uint8_t **narrow[] = {&batch.event, &batch.site,   &batch.side,   &batch.req,
                        &batch.res,   &batch.result, &batch.present};
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) *wide[i] = got(malloc(4 * capacity));
  for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) *counters[i] = got(malloc(4 * capacity));
  for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) *narrow[i] = got(malloc(capacity));
  return batch;
}
