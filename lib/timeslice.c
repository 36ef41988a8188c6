/*
 * How long a thread runs at a time before others have their turn.  One that asks
 * for short turns gets no more of the processor than before, but has it soon after
 * it has waited, however busy others are: for one that waits for the disk most of
 * the time, and that many wait for.
 *
 * Linux 6.12 and later; elsewhere nothing changes.  Called by groupqueue.c.
 */
#include "autoconf.h"

#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "timeslice.h"

/* What sched_setattr(2) takes, at first; the C library may have it or not. */
struct request {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t slice_ns;
	uint64_t deadline_ns;
	uint64_t period_ns;
};

_Static_assert(sizeof(struct request) == 48, "SCHED_ATTR_SIZE_VER0");

void
bs_timeslice_ask(uint64_t slice_ns)
{
	struct request request;

	memset(&request, 0, sizeof(request));
	if (syscall(SYS_sched_getattr, 0, &request, sizeof(request), 0) != 0 ||
	    (request.policy != SCHED_OTHER && request.policy != SCHED_BATCH))
		return;
	request.size = sizeof(request);
	request.slice_ns = slice_ns;
	(void)syscall(SYS_sched_setattr, 0, &request, 0);
}
