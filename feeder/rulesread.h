/*
 * The reader of rule files (backstop-rules(5)): YAML in, rules out.
 */
#ifndef FEED_RULESREAD_H
#define FEED_RULESREAD_H

#include "config.h"
#include "rules.h"

/*
 * Adds the rules of one file, or changes those of files before it.  `path`
 * names the file in messages and reasons (copied).  BS_OK; BS_ECONFIG with
 * every error reported, as "PATH:LINE: KEY: what is wrong: what to write";
 * BS_ENOMEM, reported.  After an error the rules are fit for rules_free only.
 */
int rulesread(struct rules *rules, const char *path, const char *text,
    size_t size, bs_config_report *report, void *context);

#endif
