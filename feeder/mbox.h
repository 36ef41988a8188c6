/*
 * The mbox format, as rules on lines: where a message begins, which lines are
 * quoted, what a From_ line's date says (RFC 4155, and what is found in the
 * wild).  Pure; mailstream.c does the reading.
 *
 * Content-Length is not trusted: any sender can write it.
 */
#ifndef FEED_MBOX_H
#define FEED_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* A longer line that begins with "From " is no From_ line. */
#define MBOX_FROM_MAX 998
/* How far mbox_is_from must be able to look for an answer that stays the
 * same with more bytes: the From_ line, its end, a field name and a colon. */
#define MBOX_FIELD_MAX 126
#define MBOX_QUOTES_MAX 100
#define MBOX_LOOKAHEAD (MBOX_FROM_MAX + 2 + MBOX_FIELD_MAX + 2)

/*
 * Whether `bytes`, at the start of a line, begin with a header field: a name
 * of at most MBOX_FIELD_MAX visible characters, blanks, a colon (RFC 5322
 * section 2.2, the blanks are section 4.5's).
 */
bool mbox_is_field(const char *bytes, size_t size);

/*
 * Whether a message begins here: a From_ line that has a date, or one without
 * that is followed by a header field (or a quoted ">From " line, as UUCP left
 * them).  `bytes` are at the start of a line that is the first one or follows
 * an empty one: that is for the caller to know.  So sentences that begin with
 * "From " stay where they are, although some writers do not quote them.
 */
bool mbox_is_from(const char *bytes, size_t size);

/* Whether a line is quoted (">From ", ">>From ", ...): its first byte is then
 * to be left out.  `bytes` are at the start of a line. */
bool mbox_is_quoted(const char *bytes, size_t size);

/*
 * The date of a From_ line, `size` bytes of it: "From x Mon Nov 23 01:02:03
 * 2026", also with a numeric zone before or after the year and without
 * seconds; without a zone it is taken as UTC (RFC 4155).  BS_EINVAL where
 * there is none that makes sense.
 */
int mbox_from_time(const char *line, size_t size, uint32_t *time_s_r);

#endif
