/*
 * Checking a database, or a file that may become one, where a crash costs
 * nothing: for `check` and `restore`.
 */
#ifndef CTL_FINDINGS_H
#define CTL_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "store_admin.h"

#include "ctl.h"

#define CTL_FINDINGS_SHOWN 1000

struct ctl_findings {
	uint64_t records, findings;
	bool damaged;            /* the check could not be finished */
	struct bs_store_due due; /* not of a single file */
};

/*
 * Checks the database of the configuration, or with `file` a single data file,
 * in a child process.  Findings go to stdout, a line each (JSON with --json),
 * CTL_FINDINGS_SHOWN at most.  BS_EXIT_OK: nothing found; BS_EXIT_NO: something;
 * BS_EXIT_ENVIRONMENT after having said why it can't be looked at.
 */
enum bs_exit ctl_find(
    const struct ctl *ctl, const char *file, struct ctl_findings *findings_r);

#endif
