/*
 * The control socket's file: made, given its rights, removed.
 */
#ifndef SERVER_CONTROLFILE_H
#define SERVER_CONTROLFILE_H

#include <sys/types.h>
#include <sys/un.h>

#include "error.h"

struct controlfile {
	struct sockaddr_un address;
	int file; /* listens; -1: there is none */
	dev_t device;
	ino_t inode; /* of the socket in its folder */
};

/*
 * Makes the socket `path` with mode 0660, which belongs to whom the folder
 * belongs, and listens; one that a server left behind is replaced.  BS_OK;
 * BS_EBUSY where another server answers there, BS_ETOOLONG, BS_ESYSTEM:
 * `message` says why and what to do.
 */
int controlfile_open(const char *path, struct controlfile *control_r,
    struct bs_message *message);

/* Closes it and removes it from its folder, where it is still this one. */
void controlfile_close(struct controlfile *control);

#endif
