/*
 * Keeps a process that dies from leaving its memory in a core file.  Called
 * first thing by the programs that have the traps' mail or their key in memory;
 * lib/confine.c does it again for what serves the world.
 *
 * A limit of 0 stops core files, not the programs that some systems pipe cores
 * to; a limit of 1, too small for any core, stops both (Linux, fs/coredump.c).
 * Who is root can read the memory of any process all the same.
 */
#include "autoconf.h"

#include <sys/resource.h>

#include "nocore.h"

void
bs_nocore(void)
{
	const struct rlimit least = {1, 1}, none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &least) != 0)
		(void)setrlimit(RLIMIT_CORE, &none);
}
