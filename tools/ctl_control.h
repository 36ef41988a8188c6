/*
 * Asking a running daemon over its control socket.
 */
#ifndef CTL_CONTROL_H
#define CTL_CONTROL_H

#include "control.h"

#include "ctl.h"

struct ctl_request {
	const char *path;    /* of the socket */
	const char *program; /* whose it is: "backstopd" */
	enum bs_control_command command;
	unsigned patience_s; /* for each part of the answer */
	/* called for each line of the answer but the last */
	void (*take)(void *context, const struct bs_control_line *line);
	void *context;
};

/*
 * Has the daemon do what is asked.  BS_OK: it answered, and *exit_r is what it
 * says; BS_ENOTFOUND: none is there; BS_EACCES; BS_EIO: it went away or
 * took too long, or what it said is no answer.  `message` says why.
 */
int ctl_control_ask(const struct ctl_request *request, enum bs_exit *exit_r,
    struct bs_message *message);

#endif
