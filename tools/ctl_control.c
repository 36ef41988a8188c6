/*
 * The client's side of the control socket: connects, asks, reads lines until
 * the last.  What is said is lib/control.c's.  Called by ctl_reload.c and
 * ctl_stats.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl_control.h"

static int
explain(
    const struct ctl_request *request, int number, struct bs_message *message)
{
	const char *path = request->path, *program = request->program;

	if (number == ENOENT || number == ECONNREFUSED) {
		bs_message_set(message,
		    "%s: no %s answers there%s: start it, or see its log for "
		    "why it has no control socket",
		    path, program,
		    number == ECONNREFUSED ? ", one that died left it behind"
					   : "");
		return BS_ENOTFOUND;
	}
	if (number == EACCES || number == EPERM) {
		bs_message_set(message,
		    "%s: no permission: run this as root or as the user of %s",
		    path, program);
		return BS_EACCES;
	}
	if (number == EAGAIN || number == EWOULDBLOCK) {
		bs_message_set(message, "%s: %s does not answer: see its log",
		    path, program);
		return BS_EIO;
	}
	bs_message_set(message, "%s: %s: see the log of %s", path,
	    strerror(number), program);
	return BS_EIO;
}

/* An errno, or 0. */
static int
connect_to(const char *path, unsigned patience_s, int *file_r)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = patience_s};
	int file, number;

	if (strlen(path) >= sizeof(address.sun_path))
		return ENAMETOOLONG;
	(void)memcpy(address.sun_path, path, strlen(path) + 1);
	file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (file < 0)
		return errno;
	(void)setsockopt(
	    file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(
	    file, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(file, (const struct sockaddr *)&address, sizeof(address)) ==
	    0) {
		*file_r = file;
		return 0;
	}
	number = errno;
	(void)close(file);
	return number;
}

/* An errno, or 0. */
static int
send_request(int file, enum bs_control_command command)
{
	char text[BS_CONTROL_REQUEST_MAX];
	size_t size = bs_control_request(command, text);

	return send(file, text, size, MSG_NOSIGNAL) == (ssize_t)size ? 0
								     : errno;
}

/* BS_OK: that was the last line; BS_EBUSY: more are to come; BS_EIO: it is
 * none. */
static int
take_line(const struct ctl_request *request, const char *text, size_t size,
    enum bs_exit *exit_r)
{
	struct bs_control_line line;

	if (bs_control_parse_line(text, size, &line) != BS_OK)
		return BS_EIO;
	if (line.kind != BS_CONTROL_DONE) {
		request->take(request->context, &line);
		return BS_EBUSY;
	}
	if (line.number > BS_EXIT_ENVIRONMENT)
		return BS_EIO;
	*exit_r = (enum bs_exit)line.number;
	return BS_OK;
}

/* BS_ESYSTEM: reading failed, errno says why. */
static int
read_answer(FILE *in, const struct ctl_request *request, enum bs_exit *exit_r)
{
	char text[BS_CONTROL_LINE_MAX + 1];

	for (size_t i = 0; i <= BS_CONTROL_LINES_MAX; i++) {
		size_t size;
		int result;

		errno = ECONNRESET; /* unless reading says better */
		if (fgets(text, sizeof(text), in) == NULL)
			return BS_ESYSTEM;
		size = strlen(text);
		if (size == 0 || text[size - 1] != '\n')
			return BS_EIO;
		result = take_line(request, text, size - 1, exit_r);
		if (result != BS_EBUSY)
			return result;
	}
	return BS_EIO;
}

int
ctl_control_ask(const struct ctl_request *request, enum bs_exit *exit_r,
    struct bs_message *message)
{
	int file = -1, result;
	FILE *in;
	int number = connect_to(request->path, request->patience_s, &file);

	if (number != 0)
		return explain(request, number, message);
	in = fdopen(file, "r");
	if (in == NULL) {
		(void)close(file);
		return explain(request, ENOMEM, message);
	}
	number = send_request(file, request->command);
	result = number == 0 ? read_answer(in, request, exit_r) : BS_ESYSTEM;
	if (result == BS_ESYSTEM)
		result =
		    explain(request, number != 0 ? number : errno, message);
	else if (result == BS_EIO)
		bs_message_set(message,
		    "%s: what answers there is no %s of this version: restart "
		    "it",
		    request->path, request->program);
	(void)fclose(in);
	return result;
}
