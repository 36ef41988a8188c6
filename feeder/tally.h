/*
 * What became of the messages of a scan: counters, and the summary at its end
 * in words or as JSON.
 */
#ifndef FEED_TALLY_H
#define FEED_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "json.h"
#include "judge.h"
#include "mailfiles.h"
#include "store.h"

#define TALLY_REASONS_MAX 64 /* different reasons; the others are "other" */
#define TALLY_REASONS_SHOWN 5
#define TALLY_EXAMPLE_MAX 200

struct tally_reason {
	uint64_t count;
	char text[JUDGE_TEXT_MAX];
};

struct tally {
	uint64_t read, bytes;
	uint64_t kind[JUDGE_KIND_COUNT][JUDGE_TYPE_COUNT];
	uint64_t truncated; /* judged by their beginning */

	uint64_t outcome[BS_OUTCOME_COUNT]; /* by enum bs_outcome */
	uint64_t kept;          /* among COUNTED: of a kind that never lists */
	uint64_t documentation; /* among RESERVED: documentation space */
	uint64_t unwritten;     /* judged, but the database did not take them */

	uint64_t no_source;
	struct tally_reason reason[TALLY_REASONS_MAX];
	size_t reason_count;

	uint64_t skipped[MAIL_SKIP_COUNT];
	char skip_example[MAIL_SKIP_COUNT][TALLY_EXAMPLE_MAX];
	uint64_t failed; /* files and folders that could not be read */

	bool interrupted;
	double seconds;
};

/* Counts a judged message of so many bytes. */
void tally_judgement(
    struct tally *tally, const struct judgement *judgement, size_t size);

/* Counts what the database made of a sighting. */
void tally_outcome(struct tally *tally, const struct bs_sighting *sighting,
    enum bs_outcome outcome);

/* What was counted as genuine is what it is without its tag. */
void tally_untag(
    struct tally *tally, enum judge_kind without, enum judge_type type);

/* What an outcome is called in words and in JSON, and what it means; static
 * storage. */
const char *tally_outcome_label(enum bs_outcome outcome);
const char *tally_outcome_key(enum bs_outcome outcome);
const char *tally_outcome_help(enum bs_outcome outcome);

void tally_skip(struct tally *tally, const char *path, enum mail_skip why);

/* The summary for a person, a count in each line. */
void tally_write(const struct tally *tally, FILE *out);

/* The same as one JSON object; what bs_json_write returns. */
int tally_write_json(const struct tally *tally, FILE *out);

#endif
