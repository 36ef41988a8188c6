/*
 * Binds UNIX sockets.  A mode that is given to the name afterwards (chmod) would
 * be given to whatever is there by then: who may write to the folder could put a
 * link to any file there, and root would change that one's.  Called by
 * controlfile.c and feeder/door.c, which listen.
 */
#include "autoconf.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include "socketfile.h"

int
bs_socketfile_bind(int file, const struct sockaddr_un *name, mode_t mode)
{
	mode_t before = umask(0777 & ~mode);
	int rc = bind(file, (const struct sockaddr *)name, sizeof(*name));

	(void)umask(before);
	return rc;
}
