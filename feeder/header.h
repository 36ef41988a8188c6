/*
 * Reads the fields of a header block, one after the other, as they stand there.
 * Pure; nothing is copied.
 */
#ifndef FEED_HEADER_H
#define FEED_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct header_field {
	const char *name; /* without its colon and blanks; not empty */
	size_t name_size;
	const char *value; /* as it came: folds are in it, the last LF is not */
	size_t value_size;
	const char *end; /* behind its last line; it starts at its name */
};

struct header_reader {
	const char *next; /* at the end: the empty line, or the end of all */
	const char *end;
	bool found; /* there was a field */
	bool wrong; /* there was a line that belongs to none */
};

/* Starts at the first of `size` bytes, whose lines end in LF. */
struct header_reader header_start(const char *bytes, size_t size);

/*
 * The next field; false at the empty line or the end.  Lines that are none and
 * what continues them are passed over; where no field comes before them, as
 * before all text that is no message, they end the block.
 */
bool header_next(struct header_reader *reader, struct header_field *field_r);

/* Passes over lines that an mbox or a mail system put before the first field
 * ("From x ...", ">From x ..."). */
void header_skip_from(struct header_reader *reader);

/* Whether it has that name, in any case.  Here, so that a name's size is known. */
static inline bool
header_is(const struct header_field *field, const char *name)
{
	return field->name_size == strlen(name) &&
	       strncasecmp(field->name, name, field->name_size) == 0;
}

/* What is behind the empty line; the end where there is none. */
const char *header_body(const struct header_reader *reader);

#endif
