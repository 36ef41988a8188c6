/*
 * Binds UNIX sockets.  A mode that is given to the name afterwards (chmod) would
 * be given to whatever is there by then: who may write to the folder could put a
 * link to any file there, and root would change that one's.  So it is made with
 * its mode; a default ACL of the folder can only take rights away then, and these
 * are given back through a descriptor of the file itself.  Called by controlfile.c
 * and feeder/door.c, which listen, and by feeder/milter.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socketfile.h"

/* Changes the very file that was looked at, which can't be a link. */
static int
change_mode(int file, mode_t mode)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (chmod(path, mode) == 0)
		return 0;
	if (errno == ENOENT) /* no /proc: the folder is not what is missing */
		errno = ENOTSUP;
	return -1;
}

int
bs_socketfile_settle(const char *path, mode_t mode)
{
	int reason = 0, file = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (file < 0)
		return -1;
	if (fstat(file, &status) != 0)
		reason = errno;
	else if (!S_ISSOCK(status.st_mode) || status.st_uid != geteuid())
		reason = ENOTSOCK;
	else if ((status.st_mode & 07777) != mode &&
		 change_mode(file, mode) != 0)
		reason = errno;
	(void)close(file);
	errno = reason;
	return reason == 0 ? 0 : -1;
}

int
bs_socketfile_bind(int file, const struct sockaddr_un *name, mode_t mode)
{
	mode_t before = umask(0777 & ~mode);
	int reason,
	    rc = bind(file, (const struct sockaddr *)name, sizeof(*name));

	(void)umask(before);
	if (rc != 0 || bs_socketfile_settle(name->sun_path, mode) == 0)
		return rc;
	reason = errno;
	(void)unlink(name->sun_path);
	errno = reason;
	return -1;
}
