/*
 * Messages that judges died of, remembered for when they come again: they would
 * cost two judges each time.
 */
#ifndef FEED_KILLERS_H
#define FEED_KILLERS_H

#include <stdbool.h>
#include <stdint.h>

#include "digest.h"
#include "spool.h"

#define KILLERS_MAX 256 /* the oldest is forgotten for one more */
/* Bytes of a message that tell it from others, beside its size. */
#define KILLERS_LOOKS_AT ((size_t)64 * 1024)

struct killer {
	bool head;  /* its header alone kills, too */
	bool aside; /* it is in the quarantine */
	/* killers.c's */
	uint64_t size;
	uint8_t digest[BS_DIGEST_SIZE];
};

/* All zero: none. */
struct killers {
	struct killer killer[KILLERS_MAX];
	uint64_t count; /* ever noted */
};

/* What is known of the message, to be changed until the next killers_note; NULL:
 * nothing.  Reads the message only where one of its size is known. */
struct killer *killers_find(struct killers *killers, const struct spool *spool);

/* The same, and from now on it is known; NULL: it can't be read, or no memory. */
struct killer *killers_note(struct killers *killers, const struct spool *spool);

/* Forgets all: judges by other rules may not die of them. */
void killers_forget(struct killers *killers);

#endif
