/*
 * Which rules there are: the program's own, then the operator's files.
 */
#ifndef FEED_RULESLOAD_H
#define FEED_RULESLOAD_H

#include "config.h"
#include "rules.h"

/* A rule file that is built into the program. */
struct rules_text {
	const char *name; /* "bounce.yaml" */
	const char *text;
	size_t size;
};

/* Made from feeder/rules/; ends with a row whose name is NULL. */
extern const struct rules_text rules_standard[];

/*
 * Reads the standard rules and then the files that the configuration names.  On success *rules_r is new.  Errors as judge_new.
 */
int rulesload(const struct bs_config *config, bs_config_report *report,
    void *context, struct rules **rules_r);

#endif
