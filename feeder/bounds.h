/*
 * Bounds on what the MIME parser may see.  GMime recurses for each group of an
 * address list, keeps each header and each part, and looks at each open
 * boundary for each line: hostile mail must be cut before it gets there.
 */
#ifndef FEED_BOUNDS_H
#define FEED_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

#define BOUNDS_READ_MAX ((size_t)8 * 1024 * 1024) /* bytes handed on */
#define BOUNDS_LINE_MAX ((size_t)16 * 1024)
#define BOUNDS_NAME_MAX ((size_t)998) /* a header line with no field's name */
#define BOUNDS_FIELD_MAX ((size_t)64 * 1024)    /* one header field */
#define BOUNDS_HEADERS_MAX ((size_t)256 * 1024) /* a block of them */
#define BOUNDS_HEADER_COUNT_MAX 1000            /* fields in a block */
#define BOUNDS_ALL_HEADERS_MAX 50000            /* in all blocks together */
#define BOUNDS_ADDRESS_COLONS_MAX 100 /* in an address field: its groups */
#define BOUNDS_PARTS_MAX 2000         /* lines that may be a boundary */
#define BOUNDS_DEPTH_MAX 50 /* multiparts and messages, nested or not */

struct bounds_result {
	char *bytes; /* owned: free(); lines end in LF, no NUL bytes within */
	size_t size;
	const char *cut; /* the first limit that was passed, or NULL; static */
	bool has_all;    /* nothing is left out but what ended lines */
};

/*
 * Copies a message as far as the limits allow.  A line, field or header block
 * that is too long loses its rest; beyond the other limits nothing more is
 * copied.  False when out of memory.
 */
bool bounds_apply(
    const char *bytes, size_t size, struct bounds_result *result_r);

#endif
