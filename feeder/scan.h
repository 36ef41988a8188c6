/*
 * The scan command: judges the messages of files and takes them to the
 * database, each one once, however often it is scanned.
 */
#ifndef FEED_SCAN_H
#define FEED_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "config.h"
#include "judge.h"
#include "messages.h"
#include "progress.h"
#include "stop.h"
#include "tally.h"

#define SCAN_GROUP_MAX 1000 /* sightings in one write transaction */

/* What a scan works with; all borrowed. */
struct scan_job {
	const struct bs_config *config;
	const struct judge *judge;
	const struct bs_clock *clock;
	const struct stop *stop;
	struct progress *progress;
	struct messages *messages; /* told of errors; holds the exit code */
	size_t jobs;               /* processes that judge; 0 is 1 */
};

/*
 * Reads and judges the mail of all paths and writes its sightings in groups.
 * *tally_r is filled in any case; what it says was listed is on disk.  Errors
 * are in job->messages.  False when it could not begin: no database or no
 * key.
 */
bool scan(const struct scan_job *job, char *const path[], size_t path_count,
    struct tally *tally_r);

/*
 * When a message was received: the date of the topmost Received line if that
 * is ours, else the older one of that and its file's time, else now; never
 * later than now.  Pure.
 */
uint32_t scan_received_s(
    const struct judgement *judgement, uint32_t file_s, uint32_t now_s);

#endif
