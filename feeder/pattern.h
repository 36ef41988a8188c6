/*
 * Patterns of the rules: the one door to PCRE2.
 */
#ifndef FEED_PATTERN_H
#define FEED_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

#define PATTERN_SIZE_MAX 2000 /* bytes of a pattern */

struct pattern;

/*
 * Compiles a pattern for folded UTF-8 text.  On success *pattern_r is new.
 * BS_EINVAL with a message ("what is wrong: what to write") for a wrong one
 * and for one that may take long: a repetition of what repeats already, or
 * a back reference.  BS_ETOOLONG, with a message; BS_ENOMEM.
 */
int pattern_new(
    const char *text, struct pattern **pattern_r, struct bs_message *message_r);

/* What is handed over is a piece: ^ does not match at its start, $ not at its
 * end. */
#define PATTERN_NOT_START 1u
#define PATTERN_NOT_END 2u

/*
 * Whether it matches anywhere in the text.  What takes more than a bounded
 * number of steps, or is no UTF-8, does not match.  Threads may share one.
 */
bool pattern_matches(const struct pattern *pattern, const char *text,
    size_t size, unsigned flags);

void pattern_free(struct pattern **pattern);

#endif
