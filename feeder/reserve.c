/*
 * Asks the file system how much is free.  Who writes mail to it asks before each
 * piece: spool.c, maildrop.c and room.c; smtpserver.c asks once a second, for the
 * log and for MAIL with a SIZE.
 */
#include "autoconf.h"

#include <sys/statvfs.h>

#include "reserve.h"

uint64_t
reserve_spare(const char *folder)
{
	struct statvfs system;
	uint64_t room, reserve;

	if (statvfs(folder, &system) != 0)
		return UINT64_MAX;
	room = (uint64_t)system.f_bavail * system.f_frsize;
	reserve = (uint64_t)system.f_blocks * system.f_frsize / 10;
	if (reserve > RESERVE_MAX)
		reserve = RESERVE_MAX;
	return room > reserve ? room - reserve : 0;
}

bool
reserve_allows(const char *folder, uint64_t size)
{
	return reserve_spare(folder) >= size;
}
