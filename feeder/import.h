/*
 * The import command: sightings of feeds, as JSON Lines, into the database.
 */
#ifndef FEED_IMPORT_H
#define FEED_IMPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clock.h"
#include "config.h"
#include "messages.h"
#include "sighting_line.h"
#include "stop.h"
#include "store.h"

/* A sender's clock may be ahead by so much. */
#define IMPORT_AHEAD_MAX_S 300
/* Lines that are refused are told up to here, the others counted. */
#define IMPORT_TOLD_MAX 20

/* What to import with; all borrowed. */
struct import_job {
	const struct bs_config *config;
	const struct bs_clock *clock;
	const struct stop *stop;
	struct messages *messages; /* told of errors; holds the exit code */
	const char *feed;          /* of lines that name none; NULL: refused */
};

enum import_refusal {
	IMPORT_TAKEN,
	IMPORT_MALFORMED,   /* no sighting */
	IMPORT_FEED,        /* of no feed, or of one that is not configured */
	IMPORT_FUTURE,      /* later than now */
	IMPORT_NOT_ALLOWED, /* a class or an address that the feed may not */
};
#define IMPORT_REFUSAL_COUNT 5

struct import_tally {
	uint64_t lines;
	uint64_t refused[IMPORT_REFUSAL_COUNT]; /* [IMPORT_TAKEN] stays 0 */
	uint64_t outcome[BS_OUTCOME_COUNT];
	uint64_t unwritten; /* the database did not take them */
};

/*
 * Whether the configuration lets the line in; `feed` (of IMPORT_TAKEN) is what
 * it is of.  Pure.
 */
enum import_refusal import_check(const struct import_job *job,
    const struct bs_sighting_line *line, uint32_t now_s,
    const struct bs_policy_feed **feed_r, struct bs_message *message);

/*
 * Reads a file (- is standard input) to its end and writes its sightings in
 * groups.  Lines that are refused are told as FILE:LINE, the others are taken;
 * the exit code is 1 then.  False when it could not begin.
 */
bool import(const struct import_job *job, const char *path,
    struct import_tally *tally_r);

/* The summary: for a person, or one JSON object. */
void import_write(const struct import_tally *tally, FILE *out);
int import_write_json(const struct import_tally *tally, FILE *out);

#endif
