/*
 * Counts what is in the quarantine and has maildrop.c write to it.  Which messages,
 * and what is answered, is room.c's business.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "maildrop.h"
#include "quarantine.h"

#define PATH_SIZE 4096

struct quarantine {
	uv_loop_t *loop;
	const struct bs_log *log;
	const char *hostname;
	char path[PATH_SIZE];
	size_t count; /* of messages there, or less: somebody removes them */
	bool full;    /* which was logged */
};

/* One on its way there. */
struct arrival {
	uv_work_t work;
	struct quarantine *quarantine;
	const struct envelope *envelope;
	const struct spool *spool;
	quarantine_done *done;
	void *context;
	int rc;
};

static void
name(const struct bs_config *config, char path[PATH_SIZE])
{
	(void)snprintf(
	    path, PATH_SIZE, "%s/%s", config->database, QUARANTINE_FOLDER);
}

int
quarantine_prepare(const struct bs_config *config, struct bs_message *message)
{
	char path[PATH_SIZE];

	name(config, path);
	return maildrop_make(path, message);
}

struct quarantine *
quarantine_new(uv_loop_t *loop, const struct bs_log *log,
    const struct bs_config *config, const char *hostname)
{
	struct quarantine *quarantine = calloc(1, sizeof(*quarantine));

	if (quarantine == NULL)
		return NULL;
	quarantine->loop = loop;
	quarantine->log = log;
	quarantine->hostname = hostname;
	name(config, quarantine->path);
	quarantine->count = maildrop_count(quarantine->path);
	return quarantine;
}

void
quarantine_free(struct quarantine **quarantine)
{
	free(*quarantine);
	*quarantine = NULL;
}

/* Whether it takes one more; told when it begins not to. */
static bool
has_place(struct quarantine *quarantine)
{
	if (quarantine->count >= QUARANTINE_MAX)
		quarantine->count = maildrop_count(quarantine->path);
	if (quarantine->count >= QUARANTINE_MAX && !quarantine->full)
		bs_log(quarantine->log, BS_LOG_ERROR,
		    "%s: cannot take one more of at most %d messages, which is "
		    "answered with 451: move them elsewhere",
		    quarantine->path, QUARANTINE_MAX);
	quarantine->full = quarantine->count >= QUARANTINE_MAX;
	return !quarantine->full;
}

/* In the thread. */
static void
write_it(uv_work_t *work)
{
	struct arrival *arrival = work->data;

	arrival->rc = maildrop_put(arrival->quarantine->path,
	    arrival->quarantine->hostname, arrival->envelope, arrival->spool);
}

static void
on_written(uv_work_t *work, int status)
{
	struct arrival *arrival = work->data;
	struct quarantine *quarantine = arrival->quarantine;

	if (status != 0)
		arrival->rc = BS_EIO;
	if (arrival->rc == BS_OK) {
		quarantine->count++;
		bs_log(quarantine->log, BS_LOG_WARNING,
		    "a message that no judge could read is in %s: please "
		    "report it",
		    quarantine->path);
	}
	arrival->done(arrival->context, arrival->rc);
	free(arrival);
}

int
quarantine_put(struct quarantine *quarantine, const struct envelope *envelope,
    const struct spool *spool, quarantine_done *done, void *context)
{
	struct arrival *arrival;

	if (!has_place(quarantine))
		return BS_EFULL;
	arrival = calloc(1, sizeof(*arrival));
	if (arrival == NULL)
		return BS_ENOMEM;
	*arrival = (struct arrival){
	    .work = {.data = arrival},
	    .quarantine = quarantine,
	    .envelope = envelope,
	    .spool = spool,
	    .done = done,
	    .context = context,
	};
	if (uv_queue_work(
		quarantine->loop, &arrival->work, write_it, on_written) == 0)
		return BS_OK;
	free(arrival);
	return BS_ENOMEM;
}
