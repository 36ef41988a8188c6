/*
 * The control socket's file: made, given its rights, removed.
 */
#ifndef BS_CONTROLFILE_H
#define BS_CONTROLFILE_H

#include <sys/types.h>
#include <sys/un.h>

#include "error.h"

struct bs_controlfile {
	struct sockaddr_un address;
	int file; /* listens; -1: there is none */
	dev_t device;
	ino_t inode; /* of the socket in its folder */
};

/* What messages name. */
struct bs_controlfile_words {
	const char *key;     /* of the configuration: "control" */
	const char *program; /* "backstopd" */
};

/*
 * Makes the socket `path` with mode 0660, which belongs to whom the folder
 * belongs, and listens; one that a process left behind is replaced.  BS_OK;
 * BS_EBUSY where another process answers there, BS_ETOOLONG, BS_ESYSTEM:
 * `message` says why and what to do.
 */
int bs_controlfile_open(const char *path,
    const struct bs_controlfile_words *words, struct bs_controlfile *control_r,
    struct bs_message *message);

/* Closes it and removes it from its folder, where it is still this one. */
void bs_controlfile_close(struct bs_controlfile *control);

#endif
