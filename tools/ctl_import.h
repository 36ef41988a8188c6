/*
 * The lines of a list that is imported: reading them one after the other.
 */
#ifndef CTL_IMPORT_H
#define CTL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ctl.h"
#include "ctl_format.h"

#define CTL_IMPORT_LINE_MAX 4096   /* bytes of a line */
#define CTL_IMPORT_ERRORS_SHOWN 20 /* bad lines told one by one */

struct ctl_import_lines {
	const struct ctl *ctl;
	const char *name; /* of the file, for messages */
	FILE *in;
	enum ctl_format format;
	bool quiet; /* what is wrong was said before */
	uint64_t line, bad;
	char *buffer;
	size_t room;
};

/*
 * The next listing.  Of a plain line only the prefix is set.  Bad lines are
 * said (the first CTL_IMPORT_ERRORS_SHOWN), counted and passed over.  BS_OK,
 * BS_ENOTFOUND at the end, BS_EIO, BS_ENOMEM.
 */
int ctl_import_next(
    struct ctl_import_lines *lines, struct bs_listing *listing_r);

#endif
