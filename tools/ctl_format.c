/*
 * Names of the forms of lists.  What is in them is known by ctl_export.c and
 * ctl_import.c.
 */
#include "autoconf.h"

#include <string.h>

#include "ctl_format.h"

bool
ctl_parse_format(const struct ctl *ctl, enum ctl_format *format_r)
{
	static const struct {
		const char *name;
		enum ctl_format format;
	} rows[] = {
	    {"plain", CTL_FORMAT_PLAIN},
	    {"json", CTL_FORMAT_JSON},
	};
	const char *text = ctl->options->value[CTL_FORMAT];

	if (text == NULL) {
		*format_r = ctl->options->given[CTL_JSON] ? CTL_FORMAT_JSON
							  : CTL_FORMAT_PLAIN;
		return true;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(text, rows[i].name) == 0) {
			*format_r = rows[i].format;
			return true;
		}
	}
	ctl_say("--format: %s: no such format: write plain or json", text);
	return false;
}
