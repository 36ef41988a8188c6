/*
 * Keeps a process that dies from leaving its memory in a core file.  Called
 * first thing by the programs that have the traps' mail or their key in memory;
 * lib/confine.c does it again for what serves the world.
 *
 * A limit of 0 stops core files, not the programs that some systems pipe cores
 * to; a limit of 1, too small for any core, stops both (Linux, fs/coredump.c).
 * And the process is not dumpable: no core even where somebody lifts the limit
 * afterwards, and no look into its memory by others of the same user.  Who is
 * root can read the memory of any process all the same.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "confine_sanitizer.h"
#include "nocore.h"

/* LeakSanitizer looks into its process: not where tests collect its reports. */
static bool
is_looked_into(void)
{
#ifdef BS_SANITIZED
	return getenv("BS_SANITIZER_FOLDER") != NULL;
#else
	return false;
#endif
}

void
bs_nocore(void)
{
	const struct rlimit least = {1, 1}, none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &least) != 0)
		(void)setrlimit(RLIMIT_CORE, &none);
	if (!is_looked_into())
		(void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}
