/*
 * Tells the service manager, without libsystemd.  Called by supervisor.c, which
 * is the service's main process, or by the program where there is none.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "notify.h"

int
bs_notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t size;
	int file;

	if (path == NULL || (path[0] != '/' && path[0] != '@') ||
	    strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path));
	/* of the abstract namespace */
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	size =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (file < 0)
		return -1;
	if (connect(file, (const struct sockaddr *)&address, size) == 0)
		return file;
	(void)close(file);
	return -1;
}

void
bs_notify_send(int file, enum bs_notify_event event)
{
	char text[128];
	int size;

	if (file < 0)
		return;
	if (event == BS_NOTIFY_RELOADING)
		size = snprintf(text, sizeof(text),
		    "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		    bs_clock_monotonic_ns() / 1000);
	else
		size = snprintf(text, sizeof(text), "%s",
		    event == BS_NOTIFY_READY ? "READY=1" : "STOPPING=1");
	(void)send(file, text, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT);
}
