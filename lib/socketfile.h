/*
 * The file of a UNIX socket, with its rights from the beginning.
 */
#ifndef BS_SOCKETFILE_H
#define BS_SOCKETFILE_H

#include <sys/types.h>
#include <sys/un.h>

/*
 * Binds a socket to a name of the file system, whose file has this mode whatever
 * the process's umask is, or the default ACL of its folder (users and groups that
 * the ACL names have what it says, within the mode's group rights).  The umask is
 * another one meanwhile, so not while other threads make files.  0, or -1: errno
 * says why.
 */
int bs_socketfile_bind(int file, const struct sockaddr_un *name, mode_t mode);

/* Gives a socket that was just made there this mode, and nothing else that may
 * have its name by now.  0, or -1: errno says why. */
int bs_socketfile_settle(const char *path, mode_t mode);

#endif
