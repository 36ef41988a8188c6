/*
 * Who is connected over TCP: how many may be, in all and from one network,
 * whom to close where one more comes, and who has taken too long.  Pure: no
 * socket and no clock in here, the caller closes and says what time it is.
 *
 * A new client never waits for those that are there (RFC 7766 section 6.2.3
 * lets a server close what is idle): where the place is taken the connection
 * that has been idle longest makes room; where nobody is idle, the one that is
 * longest at its message; then the one that is longest at reading answers.
 */
#ifndef SERVER_TCPCLIENTS_H
#define SERVER_TCPCLIENTS_H

#include <stdint.h>
#include <sys/queue.h>

#include "ipprefix.h"

#define TCPCLIENTS_BUCKETS 256

/* What is waited for. */
enum tcpclient_wait {
	TCPCLIENT_IDLE,    /* the next query */
	TCPCLIENT_MESSAGE, /* the rest of a message */
	TCPCLIENT_READING, /* the client, who takes no more answers */
};
#define TCPCLIENT_WAITS (TCPCLIENT_READING + 1)

/* Lies in its connection. */
struct tcpclient {
	TAILQ_ENTRY(tcpclient) in_queue;
	TAILQ_ENTRY(tcpclient) in_bucket;
	struct bs_prefix network;
	enum tcpclient_wait wait;
	uint64_t since_ms;
};
TAILQ_HEAD(tcpclient_list, tcpclient);

struct tcpclients {
	size_t max, network_max;
	uint32_t patience_ms[TCPCLIENT_WAITS];
	size_t count;
	/* each in the order of since_ms, so that who is first is first */
	struct tcpclient_list queue[TCPCLIENT_WAITS];
	struct tcpclient_list bucket[TCPCLIENTS_BUCKETS]; /* by network */
};

/* Nobody is connected.  At most `max` (1 or more) may be, and a quarter of them
 * (one or more) from one IPv4 /24 or IPv6 /56; `patience_ms` says how long each
 * wait may last. */
void tcpclients_init(struct tcpclients *clients, size_t max,
    const uint32_t patience_ms[TCPCLIENT_WAITS]);

/* Whom to close before one from `addr` may be added; NULL: nobody. */
struct tcpclient *tcpclients_in_the_way(
    const struct tcpclients *clients, const struct bs_addr *addr);

/* Whom to close where there are no more files or no memory; NULL: nobody is
 * connected. */
struct tcpclient *tcpclients_dispensable(const struct tcpclients *clients);

/* One more, idle so far.  Borrowed until it is removed. */
void tcpclients_add(struct tcpclients *clients, struct tcpclient *client,
    const struct bs_addr *addr, uint64_t now_ms);
void tcpclients_remove(struct tcpclients *clients, struct tcpclient *client);

/* It waits from now on. */
void tcpclients_wait(struct tcpclients *clients, struct tcpclient *client,
    enum tcpclient_wait wait, uint64_t now_ms);

/* One that has taken too long; NULL: none. */
struct tcpclient *tcpclients_late(
    const struct tcpclients *clients, uint64_t now_ms);

#endif
