/*
 * What weigh.c found, added up.
 */
#ifndef FEED_WEIGHSUM_H
#define FEED_WEIGHSUM_H

#include <stddef.h>
#include <stdint.h>

#include "weigher.h"
#include "weigh.h"

/* A rule that holds. */
struct found {
	uint32_t rule;
	uint16_t literal; /* its number + 1; 0: none */
	uint16_t near;    /* so, of those near it */
	uint32_t look;    /* 0: a fact, or a header field that is there */
	uint32_t start;   /* where the literal stands */
	uint32_t end;
};

/* Drops what says the same of `found` (at most WEIGH_HITS_MAX), and writes the
 * rest, in the order of the rules, and its sums into the weighing, whose sums
 * are 0 before. */
void weighsum(const struct weigher *weigher, const struct found *found,
    size_t count, struct weighing *weighing);

#endif
