/*
 * The classify command: what the judge says of each message, and why; no
 * database.
 */
#ifndef FEED_VERDICT_H
#define FEED_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "judge.h"
#include "messages.h"
#include "stop.h"

/* What to classify with; all borrowed. */
struct verdict_job {
	const struct bs_config *config;
	const struct judge *judge;
	const struct stop *stop;
	struct messages *messages; /* told of errors; holds the exit code */
	FILE *out;
	bool json;
	size_t jobs; /* processes that judge; 0 is 1 */
};

/* Judges the mail of all paths and writes a line for each message. */
void verdict(
    const struct verdict_job *job, char *const path[], size_t path_count);

/* One line: "PATH: bounce (failed), score 145 of 75, source 192.0.2.99: +80 ...
 * [RULE, FILE:LINE]; +25 ...".
 * `index` is counted from 1 in an mbox, else 0: "PATH#2: ...".  Pure but for
 * writing. */
void verdict_write(const struct judgement *judgement, const char *path,
    size_t index, FILE *out);

/* The same as one JSON object; what bs_json_write returns. */
int verdict_write_json(const struct judgement *judgement, const char *path,
    size_t index, FILE *out);

#endif
