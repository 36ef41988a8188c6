/*
 * Watches sockets to judges and to the milter's process.  What is said there is
 * judgepool.c's and milterdoor.c's.  Called by both.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "way.h"

struct way *
way_new(uv_loop_t *loop, int socket, uv_poll_cb found, void *owner)
{
	struct way *way = calloc(1, sizeof(*way));
	int rc =
	    way != NULL ? uv_poll_init(loop, &way->poll, socket) : UV_ENOMEM;

	if (rc != 0) {
		(void)close(socket);
		free(way);
		errno = -rc;
		return NULL;
	}
	way->poll.data = way;
	way->socket = socket;
	way->found = found;
	way->owner = owner;
	way_await(way, UV_READABLE);
	return way;
}

/* Setting what is waited for costs system calls. */
void
way_await(struct way *way, int events)
{
	if (way->events == events)
		return;
	way->events = events;
	(void)uv_poll_start(&way->poll, events, way->found);
}

static void
on_closed(uv_handle_t *handle)
{
	struct way *way = handle->data;

	(void)close(way->socket);
	free(way);
}

void
way_close(struct way **way)
{
	struct way *old = *way;

	if (old == NULL)
		return;
	*way = NULL;
	old->owner = NULL;
	(void)uv_poll_stop(&old->poll);
	uv_close((uv_handle_t *)&old->poll, on_closed);
}
