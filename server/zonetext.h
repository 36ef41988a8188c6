/*
 * The text of a master file (RFC 1035 section 5.1), cut into entries: each a
 * single line without comments and parentheses, with the number of its first
 * line.  Pure.  What an entry says is zonefile.c's business.
 */
#ifndef SERVER_ZONETEXT_H
#define SERVER_ZONETEXT_H

#include <stddef.h>

#include "error.h"

#define ZONETEXT_ENTRY_MAX 8192 /* bytes of an entry, with its NUL */

struct zonetext {
	const char *text; /* borrowed */
	size_t size;
	size_t at;
	unsigned line; /* of `at`, from 1 */
};

struct zonetext_entry {
	unsigned line; /* where it begins; of an error: where that is */
	char text[ZONETEXT_ENTRY_MAX];
};

/* Begins at the first line of `size` bytes. */
struct zonetext zonetext_start(const char *text, size_t size);

/*
 * The next entry that is not empty; one that begins with a blank has no owner.
 * BS_ENOTFOUND at the end.  BS_EINVAL: a quote or parenthesis without its
 * other half, a control character, an entry that is too long: entry_r->line
 * and `message` ("what: remedy") say so, and the next call goes on with the
 * line after it (after an open parenthesis nothing is left).
 */
int zonetext_next(struct zonetext *zonetext, struct zonetext_entry *entry_r,
    struct bs_message *message);

#endif
