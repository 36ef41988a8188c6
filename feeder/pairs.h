/*
 * Which pairs of neighbouring bytes a short text has, so that most of a list of
 * words are known not to be in it without a search for each.
 */
#ifndef FEED_PAIRS_H
#define FEED_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAIRS_BITS 1024

struct pairs {
	const char *text; /* borrowed */
	uint64_t bits[PAIRS_BITS / 64];
};

/* The pairs of a text. */
void pairs_of(const char *text, struct pairs *pairs_r);

/* Whether the text has one of the words (of three bytes or more). */
bool pairs_have(
    const struct pairs *pairs, const char *const words[], size_t count);

/* The first of the words that a text begins with; `count`: with none. */
size_t pairs_start(const char *text, const char *const words[], size_t count);

#endif
