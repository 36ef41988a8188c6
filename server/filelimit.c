/*
 * The limit of open files: a service gets a low one that it may raise itself.
 * Called by server.c before there are threads.
 */
#include "autoconf.h"

#include <sys/resource.h>

#include "filelimit.h"

#define FALLBACK 1024 /* what every system allows */

size_t
filelimit_raise(size_t wanted)
{
	struct rlimit limit, raised;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return FALLBACK;
	if (limit.rlim_cur >= wanted)
		return limit.rlim_cur;
	raised = limit;
	raised.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &raised) != 0)
		return limit.rlim_cur;
	return raised.rlim_cur;
}
