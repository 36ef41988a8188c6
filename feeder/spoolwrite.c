/*
 * Takes a spool to a thread of libuv's pool and back.  Who fills it reads no more
 * meanwhile: what it holds and in which order it is written stays as it is.
 * Called by smtpconn.c and milterinlet.c.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "spoolwrite.h"

struct spoolwrite {
	uv_work_t work;
	struct spool *spool;
	spoolwrite_done *done;
	void *context;
};

/* In the thread. */
static void
write_it(uv_work_t *work)
{
	const struct spoolwrite *self = work->data;

	(void)spool_write(self->spool);
}

/* Nobody cancels it, so it was written. */
static void
on_written(uv_work_t *work, int status)
{
	struct spoolwrite *self = work->data;

	(void)status;
	self->done(self->context);
	free(self);
}

int
spoolwrite_start(
    uv_loop_t *loop, struct spool *spool, spoolwrite_done *done, void *context)
{
	struct spoolwrite *self = calloc(1, sizeof(*self));

	if (self == NULL)
		return BS_ENOMEM;
	self->work.data = self;
	self->spool = spool;
	self->done = done;
	self->context = context;
	if (uv_queue_work(loop, &self->work, write_it, on_written) == 0)
		return BS_OK;
	free(self);
	return BS_ENOMEM;
}
