/*
 * What lists, ticket systems, filters and gateways put before a subject that is
 * somebody else's.
 */
#ifndef FEED_TAGS_H
#define FEED_TAGS_H

#include <stddef.h>

/* The size of the tag that a folded text begins with, with the blanks behind it:
 * "[name] ", "{spam?} ", "***spam*** ", "(ext) ", "external: "; 0 for none. */
size_t tags_first(const char *text);

/* The text behind all of its tags; points into it. */
const char *tags_skip(const char *text);

#endif
