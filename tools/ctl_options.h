/*
 * backstopctl's command line: options before, between or after the command's
 * arguments.  Pure but for getopt's own state; prints nothing.
 */
#ifndef CTL_OPTIONS_H
#define CTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

enum ctl_option {
	CTL_CONFIG,
	CTL_JSON,
	CTL_CLASS,
	CTL_REASON,
	CTL_FOR,
	CTL_WIDE,
	CTL_PREFIX,
	CTL_SINCE,
	CTL_FEED,
	CTL_FORMAT,
	CTL_DRY_RUN,
	CTL_CONFIRM,
	CTL_AT_LEAST,
	CTL_HEADER,
	CTL_SWAPPED,
	CTL_SELF,
	CTL_BY,
	CTL_UNTIL,
	CTL_HELP,
	CTL_VERSION,
};

#define CTL_OPTION_COUNT 20

/* A set of options, for what a command takes. */
#define CTL_TAKES(option) (1u << (option))
/* Taken everywhere. */
#define CTL_TAKES_ALWAYS                                                     \
	(CTL_TAKES(CTL_CONFIG) | CTL_TAKES(CTL_JSON) | CTL_TAKES(CTL_HELP) | \
	    CTL_TAKES(CTL_VERSION))

struct ctl_option_row {
	const char *name;  /* "class" */
	char letter;       /* of a short form, or 0 */
	const char *value; /* "CLASS[,CLASS]"; NULL: takes none */
	const char *help;  /* for --help */
};

/* Everything here is borrowed from argv. */
struct ctl_options {
	bool given[CTL_OPTION_COUNT];
	const char *value[CTL_OPTION_COUNT]; /* of those that take one */
	const char *command;                 /* NULL: none */
	char **arguments;                    /* of the command */
	size_t argument_count;
};

/* What describes an option; static storage. */
const struct ctl_option_row *ctl_option_row(enum ctl_option option);

/*
 * Reads the command line (and puts argv's words in another order, as GNU
 * getopt does).  Returns BS_OK, or BS_EINVAL with a message: an unknown option,
 * one without its value, one given twice.
 */
int ctl_options_parse(int argc, char **argv, struct ctl_options *options_r,
    struct bs_message *message);

/* The first option given that is not in the set `takes`, or NULL. */
const struct ctl_option_row *ctl_options_beyond(
    const struct ctl_options *options, unsigned takes);

#endif
