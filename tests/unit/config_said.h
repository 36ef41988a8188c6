/*
 * What the reader of the configuration said, for its tests.
 */
#ifndef CONFIG_SAID_H
#define CONFIG_SAID_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

#define F "/etc/b/x.conf"
#define D "database: /d\n" /* line 1 of most rows */

/* All messages of a run, a line each, warnings with "W " before them. */
struct said {
	char text[8192];
	size_t used;
	unsigned errors;
};

/* The reader's reporting function for a struct said. */
void said_hear(void *context, bool fatal, const char *line);

/* Reads a text as the file F and holds the result against what was said. */
struct bs_config *said_parse(const char *text, struct said *said);

#endif
