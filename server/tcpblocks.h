/*
 * Large buffers for those few connections that need one: a long message on
 * its way in, answers that a client has not read.  There are only so many, and
 * once made they are kept, so that no client can make the server grow.
 */
#ifndef SERVER_TCPBLOCKS_H
#define SERVER_TCPBLOCKS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "tcpframe.h"

/* Room for the longest message behind others. */
#define TCPBLOCK_SIZE ((size_t)2 * TCPFRAME_MAX)
#define TCPBLOCKS_MAX 32

struct tcpblock {
	TAILQ_ENTRY(tcpblock) in_list;
	void *owner;
	uint8_t bytes[TCPBLOCK_SIZE];
};
TAILQ_HEAD(tcpblock_list, tcpblock);

struct tcpblocks {
	size_t count;               /* made */
	struct tcpblock_list taken; /* the longest taken first */
	struct tcpblock_list spare;
};

void tcpblocks_init(struct tcpblocks *blocks);

/* A block for an owner (NULL: nobody in particular); NULL when all are taken
 * or there is no memory. */
struct tcpblock *tcpblocks_take(struct tcpblocks *blocks, void *owner);

/* A taken block becomes somebody else's, from now on. */
void tcpblocks_hand(
    struct tcpblocks *blocks, struct tcpblock *block, void *owner);

/* Gives a block back. */
void tcpblocks_give(struct tcpblocks *blocks, struct tcpblock *block);

/* The owner, other than nobody and `except`, who has had a block for the
 * longest time; NULL: there is none. */
void *tcpblocks_longest(const struct tcpblocks *blocks, const void *except);

/* Frees them all, taken ones too. */
void tcpblocks_free(struct tcpblocks *blocks);

#endif
