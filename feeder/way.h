/*
 * A socket to another process of the feeder, watched on the loop of `serve`;
 * libuv closes it later than its owner may live.
 */
#ifndef FEED_WAY_H
#define FEED_WAY_H

#include <uv.h>

struct way {
	int socket;
	void *owner; /* NULL: it is closing, and what comes is for nobody */

	/* for way.c alone */
	uv_poll_t poll;
	int events;
	uv_poll_cb found;
};

/*
 * Watches a socket (taken, also where this fails) until it can be read.
 * `found` has the way as its poll's data.  NULL: it can't be had; errno says
 * why.
 */
struct way *way_new(uv_loop_t *loop, int socket, uv_poll_cb found, void *owner);

/* Waits for other events (UV_READABLE, UV_WRITABLE) from now on. */
void way_await(struct way *way, int events);

/* Its owner has it no more; *way may be NULL.  The socket is closed when the
 * loop is through with it. */
void way_close(struct way **way);

#endif
