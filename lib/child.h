/*
 * Runs a function in a child process, so that a damaged database that
 * crashes LMDB is a finding and not our end.  The child must not use what was
 * open before; the parent must have no database open.
 */
#ifndef BS_CHILD_H
#define BS_CHILD_H

#include <stdbool.h>

struct bs_child_end {
	bool crashed;
	int signal; /* of a crash */
	int code;   /* what the function returned, 0 to 125 */
};

/*
 * Runs `run` in a child and waits for its end.  stdout and stderr are flushed
 * before and in the child.  BS_OK, or BS_ESYSTEM: no process can be made
 * (errno says why).
 */
int bs_child_run(
    int (*run)(void *context), void *context, struct bs_child_end *end_r);

/* Memory that both see, zeroed; NULL.  Freed by bs_child_unshare. */
void *bs_child_share(unsigned long size);
void bs_child_unshare(void *memory, unsigned long size);

#endif
