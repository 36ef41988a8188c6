/*
 * Keeps connections in a queue for each thing they wait for, oldest first, and
 * in a hash table by network.  A network's connections are counted by walking
 * its bucket, which costs something only for those who have many.  Called by
 * tcp.c and tcpconn.c.
 */
#include "autoconf.h"

#include "tcpclients.h"

#define IPV4_NETWORK_BITS 24
#define IPV6_NETWORK_BITS 56
#define NETWORK_SHARE 4 /* a quarter of all */

static struct bs_prefix
network_of(const struct bs_addr *addr)
{
	return bs_prefix_of(addr,
	    addr->family == BS_IPV4 ? IPV4_NETWORK_BITS : IPV6_NETWORK_BITS);
}

/* FNV-1a: who makes networks collide wins longer walks of a bounded list. */
static size_t
bucket_of(const struct bs_prefix *network)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(network->addr.octet); i++)
		hash = (hash ^ network->addr.octet[i]) * 16777619u;
	return (hash ^ hash >> 16) % TCPCLIENTS_BUCKETS;
}

void
tcpclients_init(struct tcpclients *clients, size_t max,
    const uint32_t patience_ms[TCPCLIENT_WAITS])
{
	*clients = (struct tcpclients){.max = max};
	clients->network_max = max / NETWORK_SHARE;
	if (clients->network_max == 0)
		clients->network_max = 1;
	for (size_t i = 0; i < TCPCLIENT_WAITS; i++) {
		clients->patience_ms[i] = patience_ms[i];
		TAILQ_INIT(&clients->queue[i]);
	}
	for (size_t i = 0; i < TCPCLIENTS_BUCKETS; i++)
		TAILQ_INIT(&clients->bucket[i]);
}

/* Whether `a` makes room before `b`, which may be NULL. */
static bool
goes_first(const struct tcpclient *a, const struct tcpclient *b)
{
	if (b == NULL || a->wait != b->wait)
		return b == NULL || a->wait < b->wait;
	return a->since_ms < b->since_ms;
}

/* Of a network that has its share: who makes room; NULL: it has less. */
static struct tcpclient *
first_of_full(const struct tcpclients *clients, const struct bs_prefix *network)
{
	struct tcpclient *first = NULL, *client;
	size_t count = 0;

	TAILQ_FOREACH(client, &clients->bucket[bucket_of(network)], in_bucket)
	{
		if (bs_prefix_compare(&client->network, network) != 0)
			continue;
		count++;
		if (goes_first(client, first))
			first = client;
	}
	return count >= clients->network_max ? first : NULL;
}

struct tcpclient *
tcpclients_dispensable(const struct tcpclients *clients)
{
	for (size_t i = 0; i < TCPCLIENT_WAITS; i++) {
		if (!TAILQ_EMPTY(&clients->queue[i]))
			return TAILQ_FIRST(&clients->queue[i]);
	}
	return NULL;
}

struct tcpclient *
tcpclients_in_the_way(
    const struct tcpclients *clients, const struct bs_addr *addr)
{
	struct bs_prefix network = network_of(addr);
	struct tcpclient *client = first_of_full(clients, &network);

	if (client == NULL && clients->count >= clients->max)
		client = tcpclients_dispensable(clients);
	return client;
}

void
tcpclients_add(struct tcpclients *clients, struct tcpclient *client,
    const struct bs_addr *addr, uint64_t now_ms)
{
	struct bs_prefix network = network_of(addr);

	*client = (struct tcpclient){.network = network, .since_ms = now_ms};
	TAILQ_INSERT_TAIL(
	    &clients->bucket[bucket_of(&network)], client, in_bucket);
	TAILQ_INSERT_TAIL(&clients->queue[TCPCLIENT_IDLE], client, in_queue);
	clients->count++;
}

void
tcpclients_remove(struct tcpclients *clients, struct tcpclient *client)
{
	TAILQ_REMOVE(
	    &clients->bucket[bucket_of(&client->network)], client, in_bucket);
	TAILQ_REMOVE(&clients->queue[client->wait], client, in_queue);
	clients->count--;
}

void
tcpclients_wait(struct tcpclients *clients, struct tcpclient *client,
    enum tcpclient_wait wait, uint64_t now_ms)
{
	TAILQ_REMOVE(&clients->queue[client->wait], client, in_queue);
	client->wait = wait;
	client->since_ms = now_ms;
	TAILQ_INSERT_TAIL(&clients->queue[wait], client, in_queue);
}

struct tcpclient *
tcpclients_late(const struct tcpclients *clients, uint64_t now_ms)
{
	for (size_t i = 0; i < TCPCLIENT_WAITS; i++) {
		struct tcpclient *client = TAILQ_FIRST(&clients->queue[i]);

		if (client != NULL &&
		    now_ms - client->since_ms >= clients->patience_ms[i])
			return client;
	}
	return NULL;
}
