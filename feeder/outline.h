/*
 * The outline of usual mail: which parts it has and where they are, without a
 * MIME parser's objects and guesses.  Pure.
 */
#ifndef FEED_OUTLINE_H
#define FEED_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "header.h"
#include "parts.h"

#define OUTLINE_DEPTH_MAX 8      /* open multiparts */
#define OUTLINE_BOUNDARY_MAX 200 /* bytes */

/* What a header says of its body (RFC 2045); values as they came, borrowed. */
struct outline_content {
	struct outline_value {
		const char *text; /* NULL: missing */
		size_t size;
	} type, encoding, disposition;
	bool twice; /* one of them is there more than once */
};

/* Takes note of a field that concerns the body; false: it is none. */
bool outline_content_add(
    struct outline_content *content, const struct header_field *field);

/*
 * Finds the parts of a body of `size` bytes (borrowed by the parts) whose lines
 * end in LF; parts_r was started.  False where the message is not of the usual
 * shape, or there is no memory: then the parts say nothing, and GMime has to
 * read it.
 */
bool outline_read(const struct outline_content *content, const char *body,
    size_t size, struct parts *parts_r);

#endif
