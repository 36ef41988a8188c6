/*
 * Looks facts up: by the name of a header field, for classify.c and
 * mime_header.c, which ask for a few.
 */
#include "autoconf.h"

#include <string.h>

#include "facts.h"

const char *
facts_header(const struct facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->header_count; i++) {
		const char *other = facts->header[i].name;

		/* most differ at once */
		if (other[0] == name[0] && strcmp(other, name) == 0)
			return facts->header[i].value;
	}
	return NULL;
}
