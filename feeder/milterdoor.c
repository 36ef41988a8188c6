/*
 * Keeps the milter's process, and takes the links that it hands over, which are
 * milterinlet.c's from then on.  Started by serve.c.
 *
 * The process's death ends its links; mail servers do with the messages under
 * way what they are configured to.  The nursery has the socket that they
 * connect to, so they wait for the next process instead of being refused.
 */
#include "autoconf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "filepass.h"
#include "milterdoor.h"
#include "milterinlet.h"
#include "milterwork.h"
#include "way.h"

#define AGAIN_MIN_MS 100
#define AGAIN_MAX_MS 30000
#define STEADY_MS 60000 /* who lives so long begins with the least again */
#define MINUTE_MS 60000
#define END_MS 2000    /* the process ends sooner */
#define PACKETS_MAX 16 /* taken at a time: the loop has others to serve */

struct milterdoor {
	struct milterdoor_setup setup;
	struct way *way; /* NULL: there is no process */
	uv_timer_t again, minute;
	uint64_t born_ms;
	uint64_t wait_ms; /* before the next start */
	struct milterinlets inlets;
	uint64_t refused; /* links, since it was last logged */
	bool ending, closed;
};

static void start_process(struct milterdoor *door);

static void
take_link(struct milterdoor *door, int file)
{
	if (!door->ending &&
	    door->inlets.link_count < door->setup.config->session.connections) {
		door->setup.count->connections[SERVECOUNT_MILTER]++;
		milterinlet_open(&door->inlets, file);
		return;
	}
	door->setup.count->refused[SERVECOUNT_MILTER]++;
	door->refused++;
	(void)close(file);
}

/* Takes what links a packet has; BS_EBUSY: there is none; BS_EIO: the process is
 * gone. */
static int
take_packet(struct milterdoor *door, int socket)
{
	char byte;
	struct iovec part = {&byte, 1};
	struct filepass files;
	ssize_t got = filepass_receive(socket, part, &files, MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN ? BS_EBUSY : BS_EIO;
	if (got == 0)
		return BS_EIO;
	for (size_t i = 0; i < files.count; i++)
		take_link(door, files.file[i]);
	return BS_OK;
}

/* --- the process --------------------------------------------------------- */

static void
close_timers(struct milterdoor *door)
{
	if (uv_is_closing((uv_handle_t *)&door->again))
		return;
	uv_close((uv_handle_t *)&door->again, NULL);
	uv_close((uv_handle_t *)&door->minute, NULL);
}

static void
on_again(uv_timer_t *timer)
{
	struct milterdoor *door = timer->data;

	if (!door->closed) {
		start_process(door);
		return;
	}
	way_close(&door->way); /* it does not end by itself */
	close_timers(door);
}

/* It is gone, or could not be had. */
static void
lose(struct milterdoor *door)
{
	uint64_t lived_ms = uv_now(door->setup.loop) - door->born_ms;

	way_close(&door->way);
	if (door->closed) {
		close_timers(door);
		return;
	}
	if (door->ending)
		return;
	if (lived_ms > STEADY_MS || door->wait_ms == 0)
		door->wait_ms = AGAIN_MIN_MS;
	else if (door->wait_ms < AGAIN_MAX_MS / 2)
		door->wait_ms *= 2;
	else
		door->wait_ms = AGAIN_MAX_MS;
	bs_log(door->setup.log, BS_LOG_WARNING,
	    "milter: its process has ended: another one in %" PRIu64 " ms",
	    door->wait_ms);
	(void)uv_timer_start(&door->again, on_again, door->wait_ms, 0);
}

static void
on_way(uv_poll_t *poll, int status, int events)
{
	struct way *way = poll->data;
	struct milterdoor *door = way->owner;
	int rc = status == 0 ? BS_OK : BS_EIO;

	(void)events;
	/* what is left wakes us again */
	for (int i = 0; i < PACKETS_MAX && door != NULL && rc == BS_OK; i++)
		rc = take_packet(door, way->socket);
	if (door != NULL && rc == BS_EIO)
		lose(door);
}

static void
start_process(struct milterdoor *door)
{
	int socket;

	door->born_ms = uv_now(door->setup.loop);
	if (nursery_milter(door->setup.nursery, &socket) == BS_OK)
		door->way = way_new(door->setup.loop, socket, on_way, door);
	if (door->way == NULL)
		lose(door);
}

/* --- each minute --------------------------------------------------------- */

static void
log_counts(struct milterdoor *door)
{
	const struct milterinlet_counts *counts = &door->inlets.counts;

	if (counts->messages + counts->callouts + door->refused == 0)
		return;
	bs_log(door->setup.log, BS_LOG_INFO,
	    "milter, last minute: %" PRIu64 " messages (%" PRIu64
	    " not kept), %" PRIu64 " sessions without one, %" PRIu64
	    " sent away",
	    counts->messages, counts->later, counts->callouts, door->refused);
	door->inlets.counts = (struct milterinlet_counts){0};
	door->refused = 0;
}

static void
on_minute(uv_timer_t *timer)
{
	log_counts(timer->data);
}

/* --- life ---------------------------------------------------------------- */

struct milterdoor *
milterdoor_new(const struct milterdoor_setup *setup)
{
	struct milterdoor *door = calloc(1, sizeof(*door));

	if (door == NULL)
		return NULL;
	door->setup = *setup;
	door->inlets.loop = setup->loop;
	door->inlets.log = setup->log;
	door->inlets.config = setup->config;
	door->inlets.room = setup->room;
	door->inlets.count = setup->count;
	TAILQ_INIT(&door->inlets.list);
	(void)uv_timer_init(setup->loop, &door->again);
	door->again.data = door;
	(void)uv_timer_init(setup->loop, &door->minute);
	door->minute.data = door;
	(void)uv_timer_start(&door->minute, on_minute, MINUTE_MS, MINUTE_MS);
	start_process(door);
	return door;
}

void
milterdoor_set_config(struct milterdoor *door, const struct bs_config *config)
{
	const char word = MILTERWORK_RELOAD;

	if (door == NULL)
		return;
	door->setup.config = config;
	door->inlets.config = config;
	if (door->way != NULL)
		(void)send(
		    door->way->socket, &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void
milterdoor_end(struct milterdoor *door)
{
	if (door == NULL || door->ending)
		return;
	door->ending = true;
	(void)uv_timer_stop(&door->again);
	if (door->setup.config->milter_listen[0].path != NULL)
		(void)unlink(door->setup.config->milter_listen[0].path);
	milterinlet_end(&door->inlets);
}

size_t
milterdoor_links(const struct milterdoor *door)
{
	return door != NULL ? door->inlets.link_count : 0;
}

size_t
milterdoor_count(const struct milterdoor *door)
{
	return door != NULL ? door->inlets.parcels : 0;
}

void
milterdoor_close(struct milterdoor *door)
{
	if (door == NULL || door->closed)
		return;
	milterdoor_end(door);
	door->closed = true;
	milterinlet_cut(&door->inlets);
	log_counts(door);
	if (door->way == NULL) {
		close_timers(door);
		return;
	}
	/* the socket that mail servers connect to is free for the next serve
	 * only when the process is gone */
	(void)shutdown(door->way->socket, SHUT_WR);
	(void)uv_timer_start(&door->again, on_again, END_MS, 0);
}

void
milterdoor_free(struct milterdoor **door)
{
	free(*door);
	*door = NULL;
}
