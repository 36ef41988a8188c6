/*
 * What the running server is made of, and the two things that change while it
 * runs: the generation, by a reload, and the database, when it is lost and when
 * it comes.  All of it is the main thread's.
 */
#ifndef SERVER_SERVED_H
#define SERVER_SERVED_H

#include "counting.h"
#include "database.h"
#include "generation.h"
#include "workers.h"

struct served {
	const struct bs_log *log;      /* borrowed */
	const char *path;              /* of the configuration, borrowed */
	struct generation *generation; /* what is served */
	struct bs_config *started; /* what it was started with; NULL: that of
				      `generation` still */
	struct database database;
	struct workers workers;
	struct counting counting;
	uint64_t started_ns;  /* monotonic */
	uint64_t generations; /* 1 since the start, one more with each reload */
	uint64_t refused;     /* reloads that changed nothing */
};

/*
 * Reads configuration and zone files again and has them served, without an
 * answer lost; where anything is wrong all stays as it was.  Each line about
 * it goes to the log and to `report` (NULL: nobody).  The exit code of
 * `backstopctl reload`.
 */
enum bs_exit served_reload(
    struct served *served, bs_config_report *report, void *context);

/* Every number there is about the running server. */
void served_tell(
    const struct served *served, counting_take *take, void *context);

/* Looks after the database; call it each second. */
void served_watch(struct served *served);

/* Frees all of it but the workers, which have ended. */
void served_free(struct served *served);

#endif
