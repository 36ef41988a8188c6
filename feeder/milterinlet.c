/*
 * Reads the links that the milter's process hands over, and answers on them.
 * What is said there is milterintake.c's to read; milterdoor.c, which has the
 * process, opens and ends them.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "milterinlet.h"
#include "milterintake.h"

struct milterinlet {
	TAILQ_ENTRY(milterinlet) in_list;
	uv_pipe_t pipe;
	struct milterinlets *all;
	struct milterintake intake;
	struct spool *spool; /* of the message under way */
	uint8_t *held;       /* what came behind a complete message; owned */
	size_t held_size;
	bool in_room, closing, closed;
};

/* --- the end of a link --------------------------------------------------- */

static void
free_link(struct milterinlet *link)
{
	milterintake_free(&link->intake);
	spool_free(&link->spool);
	free(link->held);
	free(link);
}

static void
on_link_closed(uv_handle_t *handle)
{
	struct milterinlet *link = handle->data;

	link->closed = true;
	/* the room borrows envelope and spool */
	if (!link->in_room)
		free_link(link);
}

static void
close_link(struct milterinlet *link)
{
	struct milterinlets *all = link->all;

	if (link->closing)
		return;
	link->closing = true;
	TAILQ_REMOVE(&all->list, link, in_list);
	all->count--;
	uv_close((uv_handle_t *)&link->pipe, on_link_closed);
}

/* --- messages ------------------------------------------------------------ */

static int
on_text(void *context, const uint8_t *bytes, size_t size)
{
	struct milterinlet *link = context;
	int rc = BS_ENOMEM;

	if (link->spool == NULL)
		link->spool = spool_new(link->all->config->database);
	if (link->spool != NULL)
		rc = spool_add(link->spool, (const char *)bytes, size);
	if (rc != BS_OK) /* no part of it may be in the next one */
		spool_free(&link->spool);
	return rc;
}

static void
on_unused(void *context, const struct envelope *envelope)
{
	struct milterinlet *link = context;

	link->all->counts.callouts++;
	room_unused(link->all->room, envelope);
}

static void
on_drop(void *context)
{
	struct milterinlet *link = context;

	spool_free(&link->spool);
}

/* One byte into an empty socket's buffer: it fits, or the link is gone. */
static void
answer(struct milterinlet *link, char word)
{
	uv_buf_t part = uv_buf_init(&word, 1);

	link->all->counts.messages++;
	link->all->counts.later += word == MILTERWIRE_LATER;
	spool_free(&link->spool);
	milterintake_answered(&link->intake);
	if (uv_try_write((uv_stream_t *)&link->pipe, &part, 1) != 1)
		close_link(link);
}

static void read_on(struct milterinlet *link);

static void
on_taken(void *context, const struct envelope_result *result)
{
	struct milterinlet *link = context;

	link->in_room = false;
	link->all->in_room--;
	if (link->closing) {
		if (link->closed) /* else on_link_closed is still to come */
			free_link(link);
		return;
	}
	answer(link, result->trap == ENVELOPE_TAKEN ? MILTERWIRE_KEPT
						    : MILTERWIRE_LATER);
	if (link->all->ending)
		close_link(link);
	read_on(link);
}

static void
hand_in(struct milterinlet *link)
{
	struct milterinlets *all = link->all;

	/* an empty message is one too */
	if (!all->ending && !link->intake.failed &&
	    on_text(link, (const uint8_t *)"", 0) == BS_OK &&
	    room_take(all->room, &link->intake.envelope, link->spool, on_taken,
		link) == BS_OK) {
		link->in_room = true;
		all->in_room++;
		return;
	}
	answer(link, MILTERWIRE_LATER);
}

/* --- reading ------------------------------------------------------------- */

/* What is behind a complete message waits for its answer: hardly ever anything,
 * as the other end waits for it too. */
static void
hold(struct milterinlet *link, const uint8_t *bytes, size_t size)
{
	uint8_t *copy = size > 0 ? malloc(size) : NULL;

	if (copy != NULL)
		memcpy(copy, bytes, size);
	else if (size > 0)
		close_link(link);
	free(link->held);
	link->held = copy;
	link->held_size = copy != NULL ? size : 0;
}

/* Reads up to the end of a message; false: no more for now. */
static bool
take_bytes(
    struct milterinlet *link, const uint8_t *bytes, size_t size, size_t *used_r)
{
	if (milterintake_read(&link->intake, bytes, size, used_r) != BS_OK) {
		bs_log(link->all->log, BS_LOG_WARNING,
		    "milter: its process said something that is no message: "
		    "that session is cut");
		close_link(link);
		return false;
	}
	if (link->intake.state == MILTERINTAKE_COMPLETE)
		hand_in(link);
	return !link->in_room && !link->closing;
}

static void
take_all(struct milterinlet *link, const uint8_t *bytes, size_t size)
{
	size_t used = 0, step = 0;

	while (
	    used < size && take_bytes(link, bytes + used, size - used, &step))
		used += step;
	if (link->in_room)
		hold(link, bytes + used + step, size - used - step);
}

static void
on_room(uv_handle_t *handle, size_t size, uv_buf_t *buffer_r)
{
	const struct milterinlet *link = handle->data;

	(void)size;
	/* only between this and on_read */
	*buffer_r =
	    uv_buf_init(link->all->read_buffer, sizeof(link->all->read_buffer));
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct milterinlet *link = stream->data;

	if (size < 0) {
		close_link(link);
		return;
	}
	take_all(link, (const uint8_t *)buffer->base, (size_t)size);
	if (link->in_room && !link->closing)
		(void)uv_read_stop(stream);
}

/* The message before is answered. */
static void
read_on(struct milterinlet *link)
{
	uint8_t *held = link->held;
	size_t size = link->held_size;

	link->held = NULL;
	link->held_size = 0;
	if (!link->closing && size > 0)
		take_all(link, held, size);
	free(held);
	if (!link->closing && !link->in_room &&
	    uv_read_start((uv_stream_t *)&link->pipe, on_room, on_read) != 0)
		close_link(link);
}

/* --- a new link ---------------------------------------------------------- */

void
milterinlet_open(struct milterinlets *all, int file)
{
	const struct bs_config_session *limit = &all->config->session;
	struct milterinlet *link = calloc(1, sizeof(*link));
	struct milterintake_sink sink = {link, on_text, on_unused, on_drop};

	if (link == NULL) {
		(void)close(file);
		return;
	}
	link->all = all;
	milterintake_init(
	    &link->intake, &sink, limit->recipients, limit->message_size);
	(void)uv_pipe_init(all->loop, &link->pipe, 0);
	link->pipe.data = link;
	TAILQ_INSERT_TAIL(&all->list, link, in_list);
	all->count++;
	if (uv_pipe_open(&link->pipe, file) != 0) {
		(void)close(file);
		close_link(link);
		return;
	}
	read_on(link);
}

/* --- all of them --------------------------------------------------------- */

void
milterinlet_end(struct milterinlets *all)
{
	struct milterinlet *link = TAILQ_FIRST(&all->list), *next;

	all->ending = true;
	for (; link != NULL; link = next) {
		next = TAILQ_NEXT(link, in_list);
		if (!link->in_room)
			close_link(link);
	}
}

void
milterinlet_cut(struct milterinlets *all)
{
	while (!TAILQ_EMPTY(&all->list))
		close_link(TAILQ_FIRST(&all->list));
}
