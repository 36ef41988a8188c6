/*
 * Files that go with bytes over a UNIX socket (SCM_RIGHTS, unix(7)), from one
 * process of the feeder to another.
 */
#ifndef FEED_FILEPASS_H
#define FEED_FILEPASS_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

#define FILEPASS_MAX 2

struct filepass {
	size_t count;
	int file[FILEPASS_MAX];
};

/*
 * As send(2), with files, which stay the caller's and may be none; `flags`
 * besides MSG_NOSIGNAL.  Begins anew when a signal comes.  How many bytes went,
 * at least one of `part` for files to go with; -1: errno says why.
 */
ssize_t filepass_send(
    int socket, struct iovec part, const struct filepass *files, int flags);

/*
 * As recv(2): *files_r are the caller's to close, and close on exec; what came
 * beyond FILEPASS_MAX the system has closed.  Begins anew when a signal comes.
 * 0 at the end, -1: errno says why; there are no files then.
 */
ssize_t filepass_receive(
    int socket, struct iovec part, struct filepass *files_r, int flags);

#endif
