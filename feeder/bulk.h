/*
 * Passes over text whose lines need not be looked at one by one: most of a
 * message is that.
 */
#ifndef FEED_BULK_H
#define FEED_BULK_H

#include <stddef.h>

#define BULK_BEYOND 128 /* bytes behind what is copied may be overwritten */

/*
 * Copies whole lines from the start of one on, each CR LF as LF, as long as none of
 * them has a colon, begins with two dashes, or has a CR within; of the last
 * bytes, and of lines of some thousand bytes, fewer than there are.  `to` has
 * room for `size` bytes and BULK_BEYOND.  Returns how many bytes were passed
 * over; *copied_r is how many were written.
 */
size_t bulk_copy(const char *from, size_t size, char *to, size_t *copied_r);

/* The next line that begins with two dashes, from the start of a line on; `end`:
 * there is none. */
const char *bulk_find_dashes(const char *line, const char *end);

/* The next line that is empty but for its LF; `end`: there is none. */
const char *bulk_find_empty(const char *line, const char *end);

#endif
