/*
 * The names in a folder, in the order of their bytes, so that two walks over
 * the same folder go the same way.
 */
#ifndef FEED_NAMES_H
#define FEED_NAMES_H

#include <stddef.h>

#include "error.h"

struct names {
	char **name; /* sorted */
	size_t count;
};

/*
 * Reads the names of an open folder, all but "." and "..".  `fd` stays the
 * caller's and is read from its beginning.  On success names_r is to be freed with
 * names_free.  BS_EIO (errno says why), BS_ENOMEM.
 */
int names_read(int fd, struct names *names_r);
void names_free(struct names *names);

#endif
