/*
 * Looks facts up: by the name of a header field, which signals.c and classify.c
 * do for each message some fifty times, mime_header.c for a few more.
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

bool
facts_has_header(
    const struct facts *facts, const char *const *names, size_t count)
{
	for (size_t i = 0; i < facts->header_count; i++) {
		const char *other = facts->header[i].name;

		if (*other != 'l' && *other != 'm' && *other != 'x')
			continue;
		for (size_t k = 0; k < count; k++) {
			if (other[0] == names[k][0] &&
			    other[1] == names[k][1] &&
			    other[2] == names[k][2] &&
			    strcmp(other, names[k]) == 0)
				return true;
		}
	}
	return false;
}
