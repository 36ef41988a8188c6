/*
 * Waits for UDP messages on an event loop, in two ways: while little comes, a
 * socket is watched; while it has more than a turn takes, it is not watched but
 * asked turn after turn.
 */
#ifndef SERVER_UDPLOOP_H
#define SERVER_UDPLOOP_H

#include <stdbool.h>
#include <stddef.h>

#include <uv.h>

struct udploop_host {
	uv_loop_t *loop;
	/* Serves one of the sockets for a turn; true: more waits there, as far
	 * as it knows. */
	bool (*serve)(void *context, int file);
	void *context;
};

struct udploop;

/* For `count` sockets, which are borrowed until the loop has ended; `host` is
 * copied.  Nothing is served before udploop_start.  0, or an error of libuv. */
int udploop_new(const struct udploop_host *host, const int *files, size_t count,
    struct udploop **udploop_r);

/* 0, or an error of libuv, and then udploop_close is needed too. */
int udploop_start(struct udploop *udploop);

/* Serves no more; its handles are gone when the loop has run. */
void udploop_close(struct udploop *udploop);

/* After the loop has ended. */
void udploop_free(struct udploop **udploop);

#endif
