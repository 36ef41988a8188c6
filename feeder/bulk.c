/*
 * Copies text and looks for lines in it, sixty-four bytes at a time.  What a line
 * means is left to the callers: bounds.c counts those that may be fields or
 * boundaries, outline.c reads boundaries, mime.c looks for the end of a header.
 * Pure.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <string.h>

#include "block.h"
#include "bulk.h"

#define COPY_MAX ((size_t)8 * 1024) /* then it is seen whether lines end */

_Static_assert(BULK_BEYOND == 2 * BLOCK_BYTES, "of one block's last byte");

struct copying {
	const char *start; /* of a line */
	const char *from;
	char *to;
};

/* Whether a line of the block is the callers' to look at. */
static bool
has_special_line(const struct copying *copying)
{
	const char *at = copying->from;
	bool is_start = at == copying->start || at[-1] == '\n';
	uint64_t starts = block_find(at, '\n') << 1 | is_start;

	return block_find(at, ':') != 0 ||
	       (block_find(at, '-') & block_find(at + 1, '-') & starts) != 0;
}

/* Copies a block without the CRs at these places, each of which an LF follows;
 * returns how many are left, 0: one does not. */
static size_t
copy_without(const char *from, uint64_t crs, char *to)
{
	size_t dropped = 0;

	memcpy(to, from, BLOCK_BYTES);
	for (; crs != 0; crs &= crs - 1) {
		const char *lf = from + __builtin_ctzll(crs) + 1;

		if (*lf != '\n')
			return 0;
		memcpy(to + (lf - from - 1) - dropped, lf, BLOCK_BYTES);
		dropped++;
	}
	return BLOCK_BYTES - dropped;
}

/* One block, behind which there are as many bytes; false: it is left. */
static bool
copy_block(struct copying *copying)
{
	const char *from = copying->from;
	size_t copied;

	if (block_has_either(from, ':', '-') && has_special_line(copying))
		return false;
	copied = copy_without(from, block_find(from, '\r'), copying->to);
	copying->to += copied;
	copying->from += copied > 0 ? BLOCK_BYTES : 0;
	return copied > 0;
}

/* The bytes up to the last line's end. */
static size_t
whole_lines(const char *start, const char *end)
{
	const char *lf = memrchr(start, '\n', (size_t)(end - start));

	return lf != NULL ? (size_t)(lf + 1 - start) : 0;
}

size_t
bulk_copy(const char *from, size_t size, char *to, size_t *copied_r)
{
	struct copying copying = {from, from, to};
	const char *end = from + (size < COPY_MAX ? size : COPY_MAX);

	while (end - copying.from >= BULK_BEYOND + 1 && copy_block(&copying))
		;
	*copied_r = whole_lines(to, copying.to);
	return whole_lines(from, copying.from);
}

const char *
bulk_find_dashes(const char *line, const char *end)
{
	const char *at = line;

	if (end - at >= 2 && at[0] == '-' && at[1] == '-')
		return at;
	for (at++; end - at > BLOCK_BYTES; at += BLOCK_BYTES) {
		uint64_t dashes;

		if (!block_has_either(at, '-', '-'))
			continue;
		dashes = block_find(at, '-') & block_find(at + 1, '-') &
			 block_find(at - 1, '\n');
		if (dashes != 0)
			return at + __builtin_ctzll(dashes);
	}
	for (; end - at >= 2; at++) {
		if (at[-1] == '\n' && at[0] == '-' && at[1] == '-')
			return at;
	}
	return end;
}

const char *
bulk_find_empty(const char *line, const char *end)
{
	const char *at = line;
	bool starts = true;

	for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
		uint64_t lfs = block_find(at, '\n');
		uint64_t empty = lfs & (lfs << 1 | starts);

		if (empty != 0)
			return at + __builtin_ctzll(empty);
		starts = lfs >> (BLOCK_BYTES - 1) != 0;
	}
	for (; at < end; at++) {
		if (starts && *at == '\n')
			return at;
		starts = *at == '\n';
	}
	return end;
}
