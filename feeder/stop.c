/*
 * SIGINT and SIGTERM as something to poll; main.c opens it, the walk over the
 * files and scan.c ask.
 */
#include "autoconf.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "stop.h"

static void
watched(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
}

int
stop_open(struct stop *stop_r)
{
	sigset_t set;
	int fd;

	watched(&set);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return BS_ESYSTEM;
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
		close(fd);
		return BS_ESYSTEM;
	}
	stop_r->fd = fd;
	return BS_OK;
}

void
stop_close(struct stop *stop)
{
	struct signalfd_siginfo info;
	sigset_t set;

	if (stop->fd < 0)
		return;
	/* what was asked for has been done: it must not strike now */
	while (read(stop->fd, &info, sizeof(info)) > 0)
		;
	close(stop->fd);
	stop->fd = -1;
	watched(&set);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

bool
stop_asked(const struct stop *stop)
{
	struct pollfd entry = {.fd = stop->fd, .events = POLLIN};

	return stop->fd >= 0 && poll(&entry, 1, 0) > 0;
}

bool
stop_wait(const struct stop *stop, int fd)
{
	struct pollfd entry[2] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = stop->fd, .events = POLLIN}, /* negative: left out */
	};

	while (poll(entry, 2, -1) < 0 && errno == EINTR)
		;
	return stop->fd >= 0 && (entry[1].revents & POLLIN) != 0;
}
