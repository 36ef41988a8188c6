/*
 * TCP for one worker: accepts connections within their limits, and ends those
 * that take too long.  What happens on a connection is tcpconn.h's.
 */
#ifndef SERVER_TCP_H
#define SERVER_TCP_H

#include "tcpconn.h"

#define TCP_MESSAGE_MS 5000  /* for a message, from its first byte */
#define TCP_READING_MS 10000 /* for a client to read what was answered */

struct tcp_limits {
	size_t connections; /* of this worker, 1 or more */
	uint32_t idle_ms;   /* between queries */
};

struct tcp;

/* `host` is copied.  0, or an error of libuv. */
int tcp_new(const struct tcp_host *host, const struct tcp_limits *limits,
    struct tcp **tcp_r);

/* Accepts at `count` listening sockets, which are borrowed until the loop has
 * ended.  0, or an error of libuv, and then tcp_close is needed too. */
int tcp_listen(struct tcp *tcp, const int *files, size_t count);

/* Answers what has come and closes; its handles are gone when the loop has
 * run. */
void tcp_close(struct tcp *tcp);

/* After the loop has ended. */
void tcp_free(struct tcp **tcp);

#endif
