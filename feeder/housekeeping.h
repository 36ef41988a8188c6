/*
 * Housekeeping of a program that stays: what time does to the database is done
 * though nobody writes, dead readers are cleared, and what a person should
 * know of it becomes a line.  Knows no threads and waits for nothing but the
 * database.
 */
#ifndef FEED_HOUSEKEEPING_H
#define FEED_HOUSEKEEPING_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "error.h"
#include "store.h"

#define HOUSEKEEPING_MS 60000u   /* between two rounds */
#define HOUSEKEEPING_REST_MS 20u /* at least, where more is overdue */
#define HOUSEKEEPING_LATE_S 60u  /* overdue for so long is worth a line */

/* Zero but for its first three; those are borrowed. */
struct housekeeping {
	struct bs_store *store;
	const struct bs_clock *clock;
	const char *actor;

	uint64_t due_ns;       /* the next round, monotonic; 0: at once */
	uint64_t cleared_ns;   /* dead readers were cleared then */
	uint32_t late_since_s; /* a step did not suffice since then; 0 */
	uint64_t ended;        /* since then */
	uint64_t ahead_ns; /* ahead.log is tried again then; 0: it is there */
	bool late_told, held, lost;
	int failed; /* the last round, BS_OK or an error */
};

/*
 * A round, if it is due.  Between two steps of much that is overdue it rests as
 * long as a step took, so that other writers have half of the time at least.
 * True: *line_r is a line for the operator, a warning.
 */
bool housekeeping_round(
    struct housekeeping *keeping, struct bs_message *line_r);

/*
 * After each transaction: sees to it that ahead.log (bs_store_write_ahead) is
 * the file of that name, and makes another one where it was lost; where none can
 * be, or could be at the start, each minute again.  True as for a round.
 */
bool housekeeping_ahead(
    struct housekeeping *keeping, struct bs_message *line_r);

#endif
