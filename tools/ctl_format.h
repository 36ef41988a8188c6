/*
 * The forms of lists that `import` reads and `export` writes.
 */
#ifndef CTL_FORMAT_H
#define CTL_FORMAT_H

#include <stdbool.h>

#include "ctl.h"

enum ctl_format {
	CTL_FORMAT_PLAIN, /* an address or prefix a line */
	CTL_FORMAT_JSON,  /* JSON Lines, as `list --json` has them */
};

/* Reads --format; plain where there is none, json with --json.  False after
 * having said what is wrong. */
bool ctl_parse_format(const struct ctl *ctl, enum ctl_format *format_r);

#endif
