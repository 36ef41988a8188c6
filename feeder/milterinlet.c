/*
 * Reads the links that the milter's process hands over, and answers on them where
 * an answer is waited for.  What is said there is milterintake.c's to read;
 * milterdoor.c, which has the process, opens and ends them.
 *
 * A complete message leaves its link as a parcel.  One that nobody waits for may
 * outlive the link, which reads on at once: of those there is a bound.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "milterinlet.h"
#include "milterintake.h"
#include "spoolwrite.h"

struct parcel;

struct milterinlet {
	TAILQ_ENTRY(milterinlet) in_list;
	uv_pipe_t pipe;
	struct milterinlets *all;
	struct milterintake intake;
	struct spool *spool;   /* of the message under way */
	struct parcel *parcel; /* whose answer it waits for; NULL: none */
	uint8_t *held;         /* what came behind a complete message; owned */
	size_t held_size;
	bool spooling; /* a thread has the spool */
	bool closing, closed;
};

/* A message on its way through the room. */
struct parcel {
	struct milterinlets *all;
	struct milterinlet *link; /* that waits for it; NULL: nobody does */
	bool waited;
	struct envelope envelope;
	struct spool *spool;
};

static void read_on(struct milterinlet *link);

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
	if (!link->spooling)
		free_link(link);
}

static void
close_link(struct milterinlet *link)
{
	struct milterinlets *all = link->all;

	if (link->closing)
		return;
	link->closing = true;
	if (link->parcel != NULL)
		link->parcel->link = NULL;
	TAILQ_REMOVE(&all->list, link, in_list);
	all->link_count--;
	uv_close((uv_handle_t *)&link->pipe, on_link_closed);
}

/* --- the text of a message ----------------------------------------------- */

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

static void
on_spooled(void *context)
{
	struct milterinlet *link = context;

	link->spooling = false;
	if (!link->closing)
		read_on(link);
	else if (link->closed) /* else on_link_closed is still to come */
		free_link(link);
}

/* What is due of a message under way goes to the disk. */
static void
write_spool(struct milterinlet *link)
{
	if (link->closing || link->parcel != NULL || link->spool == NULL ||
	    !spool_is_due(link->spool, false))
		return;
	if (spoolwrite_start(link->all->loop, link->spool, on_spooled, link) ==
	    BS_OK)
		link->spooling = true;
	else
		close_link(link);
}

/* --- messages ------------------------------------------------------------ */

/* One byte into an empty socket's buffer: it fits, or the link is gone. */
static void
answer(struct milterinlet *link, bool kept)
{
	char word = kept ? MILTERWIRE_KEPT : MILTERWIRE_LATER;
	uv_buf_t part = uv_buf_init(&word, 1);

	if (uv_try_write((uv_stream_t *)&link->pipe, &part, 1) != 1 ||
	    link->all->ending)
		close_link(link);
}

static void
count_message(struct milterinlets *all, bool kept)
{
	all->counts.messages++;
	all->counts.later += !kept;
}

/* Answers who waits for it: the link, else NULL. */
static struct milterinlet *
end_parcel(struct parcel *parcel, bool kept)
{
	struct milterinlet *link = parcel->link;

	count_message(parcel->all, kept);
	parcel->all->parcels--;
	parcel->all->unwaited -= !parcel->waited;
	envelope_reset(&parcel->envelope);
	spool_free(&parcel->spool);
	free(parcel);
	if (link != NULL) {
		link->parcel = NULL;
		answer(link, kept);
	}
	return link;
}

static void
end_and_read_on(struct parcel *parcel, bool kept)
{
	struct milterinlet *link = end_parcel(parcel, kept);

	if (link != NULL)
		read_on(link);
}

static void
on_taken(void *context, const struct envelope_result *result)
{
	end_and_read_on(context, result->trap == ENVELOPE_TAKEN);
}

static void
on_parcel_spooled(void *context)
{
	struct parcel *parcel = context;
	const struct milterinlets *all = parcel->all;

	/* after the end the room is closed */
	if (all->cut || spool_add(parcel->spool, "", 0) != BS_OK ||
	    room_take(all->room, &parcel->envelope, parcel->spool, on_taken,
		parcel) != BS_OK)
		end_and_read_on(parcel, false);
}

/* Into the room, by way of the disk where that is due; false: it is not. */
static bool
send_off(struct parcel *parcel)
{
	const struct milterinlets *all = parcel->all;
	int rc;

	if (spool_is_due(parcel->spool, true))
		rc = spoolwrite_start(
		    all->loop, parcel->spool, on_parcel_spooled, parcel);
	else
		rc = room_take(all->room, &parcel->envelope, parcel->spool,
		    on_taken, parcel);
	return rc == BS_OK;
}

/* NULL: it can't be had, or there are enough that nobody waits for. */
static struct parcel *
make_parcel(const struct milterinlet *link)
{
	struct milterinlets *all = link->all;
	bool waited = link->intake.waited;
	struct parcel *parcel = NULL;

	if (waited || all->unwaited < MILTERINLET_UNWAITED_MAX)
		parcel = calloc(1, sizeof(*parcel));
	if (parcel == NULL)
		return NULL;
	parcel->all = all;
	parcel->waited = waited;
	all->parcels++;
	all->unwaited += !waited;
	return parcel;
}

static void
refuse(struct milterinlet *link)
{
	bool waited = link->intake.waited;
	struct envelope envelope;

	milterintake_take(&link->intake, &envelope);
	envelope_reset(&envelope);
	spool_free(&link->spool);
	count_message(link->all, false);
	link->all->count->later++;
	if (waited)
		answer(link, false);
}

static void
hand_in(struct milterinlet *link)
{
	struct parcel *parcel = NULL;

	/* an empty message is one too */
	if (!link->all->ending && !link->intake.failed &&
	    on_text(link, (const uint8_t *)"", 0) == BS_OK)
		parcel = make_parcel(link);
	if (parcel == NULL) {
		refuse(link);
		return;
	}
	milterintake_take(&link->intake, &parcel->envelope);
	parcel->spool = link->spool;
	link->spool = NULL;
	if (parcel->waited) {
		parcel->link = link;
		link->parcel = parcel;
	}
	if (!send_off(parcel))
		(void)end_parcel(parcel, false);
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
	return link->parcel == NULL && !link->closing;
}

static void
take_all(struct milterinlet *link, const uint8_t *bytes, size_t size)
{
	size_t used = 0, step = 0;

	while (
	    used < size && take_bytes(link, bytes + used, size - used, &step))
		used += step;
	if (link->parcel != NULL)
		hold(link, bytes + used + step, size - used - step);
	write_spool(link);
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
	if ((link->parcel != NULL || link->spooling) && !link->closing)
		(void)uv_read_stop(stream);
}

/* The message before is answered, or what came of this one is written. */
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
	if (!link->closing && link->parcel == NULL && !link->spooling &&
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
	all->link_count++;
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
		if (link->parcel == NULL)
			close_link(link);
	}
}

void
milterinlet_cut(struct milterinlets *all)
{
	all->cut = true;
	while (!TAILQ_EMPTY(&all->list))
		close_link(TAILQ_FIRST(&all->list));
}
