/*
 * A socket that epoll watches costs something for each message, even while
 * nobody sleeps: the kernel calls epoll when a message comes, and again when
 * one that was sent is freed.  That is a twentieth of all that a query costs.  So
 * a busy socket is taken out of epoll, and the loop, which an idle handle keeps
 * from sleeping, serves it once per turn, until it has less than a turn takes.
 * What is served, and what a turn is, is worker.c's, which calls this.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "udploop.h"

struct udploop_socket {
	struct udploop *udploop;
	uv_poll_t poll;
	int file;
	bool busy; /* not watched */
};

struct udploop {
	struct udploop_host host;
	uv_idle_t idle; /* active while there are busy ones */
	size_t busy;
	size_t count;
	size_t polls; /* sockets that the loop knows */
	struct udploop_socket socket[];
};

int
udploop_new(const struct udploop_host *host, const int *files, size_t count,
    struct udploop **udploop_r)
{
	struct udploop *udploop =
	    calloc(1, sizeof(*udploop) + count * sizeof(udploop->socket[0]));

	if (udploop == NULL)
		return UV_ENOMEM;
	udploop->host = *host;
	udploop->count = count;
	for (size_t i = 0; i < count; i++) {
		udploop->socket[i].udploop = udploop;
		udploop->socket[i].file = files[i];
	}
	(void)uv_idle_init(host->loop, &udploop->idle); /* can't fail */
	udploop->idle.data = udploop;
	*udploop_r = udploop;
	return 0;
}

static bool
serve(const struct udploop_socket *socket)
{
	const struct udploop_host *host = &socket->udploop->host;

	return host->serve(host->context, socket->file);
}

static void on_readable(uv_poll_t *poll, int status, int events);

static void
watch(struct udploop_socket *socket)
{
	if (socket->busy) {
		socket->busy = false;
		socket->udploop->busy--;
	}
	/* fails only where the handle is being closed */
	(void)uv_poll_start(&socket->poll, UV_READABLE, on_readable);
}

static void
on_idle(uv_idle_t *idle)
{
	struct udploop *udploop = idle->data;

	for (size_t i = 0; i < udploop->count; i++) {
		struct udploop_socket *socket = &udploop->socket[i];

		if (socket->busy && !serve(socket))
			watch(socket);
	}
	if (udploop->busy == 0)
		(void)uv_idle_stop(idle);
}

/* Asks it turn after turn from now on. */
static void
keep_busy(struct udploop_socket *socket)
{
	struct udploop *udploop = socket->udploop;

	(void)uv_poll_stop(&socket->poll);
	socket->busy = true;
	if (udploop->busy++ == 0)
		(void)uv_idle_start(&udploop->idle, on_idle);
}

static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct udploop_socket *socket = poll->data;

	(void)events;
	if (serve(socket))
		keep_busy(socket);
	/* libuv stops at an error of the socket, which reading has cleared */
	else if (status < 0)
		watch(socket);
}

int
udploop_start(struct udploop *udploop)
{
	for (size_t i = 0; i < udploop->count; i++) {
		struct udploop_socket *socket = &udploop->socket[i];
		int result = uv_poll_init(
		    udploop->host.loop, &socket->poll, socket->file);

		if (result != 0)
			return result;
		socket->poll.data = socket;
		udploop->polls++;
		result = uv_poll_start(&socket->poll, UV_READABLE, on_readable);
		if (result != 0)
			return result;
	}
	return 0;
}

void
udploop_close(struct udploop *udploop)
{
	uv_close((uv_handle_t *)&udploop->idle, NULL);
	for (size_t i = 0; i < udploop->polls; i++)
		uv_close((uv_handle_t *)&udploop->socket[i].poll, NULL);
}

void
udploop_free(struct udploop **udploop)
{
	free(*udploop);
	*udploop = NULL;
}
