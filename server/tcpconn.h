/*
 * One TCP connection: reads, answers, writes, in turns that are short.
 *
 * A connection reads into a small buffer of its own.  Answers are made in one
 * block that all connections of the worker share and written at once; where a
 * client does not take them all the block becomes the connection's, which then
 * neither reads nor answers until that is written.
 */
#ifndef SERVER_TCPCONN_H
#define SERVER_TCPCONN_H

#include <stdbool.h>

#include <uv.h>

#include "respond.h"
#include "tcpblocks.h"
#include "tcpclients.h"

/* The worker that connections are part of. */
struct tcp_host {
	void *context;
	uv_loop_t *loop; /* borrowed */
	/* what to answer a batch by, but for the client; valid until
	 * `release` */
	struct respond_context (*renew)(void *context);
	void (*release)(void *context);
	/* serves what waits at UDP: called during long work, with no lookup
	 * held */
	void (*yield)(void *context);
	/* a connection could not be had, for this errno */
	void (*refused)(void *context, int reason);
};

/* What the connections of a worker share. */
struct tcpconns {
	struct tcp_host host;
	struct tcpclients clients;
	struct tcpblocks blocks;
	struct tcpblock *out; /* where answers are made; never NULL */
	unsigned work;        /* done since UDP had its turn */
};

struct tcpconn;

/* Starts with a connected socket, which is taken, and closed on failure:
 * BS_ENOMEM, BS_ESYSTEM. */
int tcpconn_open(
    struct tcpconns *all, int file, const struct bs_endpoint *peer);

/* Closes it now; it is freed when the loop has let it go. */
void tcpconn_close(struct tcpconn *conn);

/* Answers what has come, as far as the client takes it, and closes. */
void tcpconn_finish(struct tcpconn *conn);

/* The connection that a client lies in. */
struct tcpconn *tcpconn_of(struct tcpclient *client);

/* Counts work, in queries' worth, and lets UDP have its turn when there was
 * much. */
void tcpconn_work(struct tcpconns *all, unsigned work);

#endif
