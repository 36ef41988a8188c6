/*
 * A bounded store of large buffers.  Who has to give one up is for the caller
 * to decide, and to do.  Called by tcpconn.c and tcp.c.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "tcpblocks.h"

void
tcpblocks_init(struct tcpblocks *blocks)
{
	blocks->count = 0;
	TAILQ_INIT(&blocks->taken);
	TAILQ_INIT(&blocks->spare);
}

struct tcpblock *
tcpblocks_take(struct tcpblocks *blocks, void *owner)
{
	struct tcpblock *block = TAILQ_FIRST(&blocks->spare);

	if (block != NULL) {
		TAILQ_REMOVE(&blocks->spare, block, in_list);
	} else {
		if (blocks->count == TCPBLOCKS_MAX)
			return NULL;
		block = malloc(sizeof(*block));
		if (block == NULL)
			return NULL;
		blocks->count++;
	}
	block->owner = owner;
	TAILQ_INSERT_TAIL(&blocks->taken, block, in_list);
	return block;
}

void
tcpblocks_hand(struct tcpblocks *blocks, struct tcpblock *block, void *owner)
{
	TAILQ_REMOVE(&blocks->taken, block, in_list);
	TAILQ_INSERT_TAIL(&blocks->taken, block, in_list);
	block->owner = owner;
}

void
tcpblocks_give(struct tcpblocks *blocks, struct tcpblock *block)
{
	TAILQ_REMOVE(&blocks->taken, block, in_list);
	/* the one used last is the one in the cache */
	TAILQ_INSERT_HEAD(&blocks->spare, block, in_list);
}

void *
tcpblocks_longest(const struct tcpblocks *blocks, const void *except)
{
	const struct tcpblock *block;

	TAILQ_FOREACH(block, &blocks->taken, in_list)
	{
		if (block->owner != NULL && block->owner != except)
			return block->owner;
	}
	return NULL;
}

static void
free_list(struct tcpblock_list *list)
{
	while (!TAILQ_EMPTY(list)) {
		struct tcpblock *block = TAILQ_FIRST(list);

		TAILQ_REMOVE(list, block, in_list);
		free(block);
	}
}

void
tcpblocks_free(struct tcpblocks *blocks)
{
	free_list(&blocks->taken);
	free_list(&blocks->spare);
	blocks->count = 0;
}
