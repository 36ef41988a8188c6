/*
 * Makes a control socket where the configuration says.  What is spoken there is
 * control.c's, who answers controller.c's.  Called by server/main.c and
 * feeder/serve.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "controlfile.h"
#include "socketfile.h"

#define MODE 0660
#define BACKLOG 16

/* What is asked for, and who is told what went wrong. */
struct wish {
	const struct bs_controlfile_words *words;
	struct bs_message *message;
};

static int
explain(const struct wish *wish, const char *path, int number)
{
	const char *key = wish->words->key;
	const char *remedy = "check its folder";

	if (number == EACCES || number == EPERM)
		remedy = "let the program's user write to the folder";
	if (number == ENOENT)
		remedy = "make its folder";
	bs_message_set(wish->message, "%s: %s: %s: %s, or name another in `%s`",
	    key, path, strerror(number), remedy, key);
	return BS_ESYSTEM;
}

/* Whether somebody answers there. */
static bool
is_alive(const struct sockaddr_un *address)
{
	int file =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool alive;

	if (file < 0)
		return true;
	alive = connect(file, (const struct sockaddr *)address,
		    sizeof(*address)) == 0 ||
		errno == EAGAIN;
	(void)close(file);
	return alive;
}

/* Takes away what a server left behind, and nothing but a socket. */
static int
clear_place(const struct wish *wish, const struct sockaddr_un *address)
{
	const char *key = wish->words->key;
	struct stat status;

	if (lstat(address->sun_path, &status) != 0)
		return errno == ENOENT
			   ? BS_OK
			   : explain(wish, address->sun_path, errno);
	if (!S_ISSOCK(status.st_mode)) {
		bs_message_set(wish->message,
		    "%s: %s: is there and no socket: move it away, or name "
		    "another in `%s`",
		    key, address->sun_path, key);
		return BS_ESYSTEM;
	}
	if (is_alive(address)) {
		bs_message_set(wish->message,
		    "%s: %s: another %s answers there: stop it, or name "
		    "another in `%s`",
		    key, address->sun_path, wish->words->program, key);
		return BS_EBUSY;
	}
	if (unlink(address->sun_path) != 0 && errno != ENOENT)
		return explain(wish, address->sun_path, errno);
	return BS_OK;
}

/* To the folder's owner, where root makes it. */
static bool
give_away(const char *path)
{
	char folder[PATH_MAX];
	struct stat status;

	if (geteuid() != 0)
		return true;
	(void)snprintf(folder, sizeof(folder), "%s", path);
	return stat(dirname(folder), &status) == 0 &&
	       lchown(path, status.st_uid, status.st_gid) == 0;
}

/* Nobody can connect before it listens, and by then it has its rights.  Errno
 * where it fails. */
static bool
bind_there(struct bs_controlfile *control)
{
	const char *path = control->address.sun_path;
	struct stat status;

	if (bs_socketfile_bind(control->file, &control->address, MODE) != 0)
		return false;
	if (!give_away(path) || lstat(path, &status) != 0 ||
	    listen(control->file, BACKLOG) != 0) {
		int reason = errno;

		(void)unlink(path);
		errno = reason;
		return false;
	}
	control->device = status.st_dev;
	control->inode = status.st_ino;
	return true;
}

int
bs_controlfile_open(const char *path, const struct bs_controlfile_words *words,
    struct bs_controlfile *control_r, struct bs_message *message)
{
	const struct wish wish = {words, message};
	struct bs_controlfile control = {
	    .address = {.sun_family = AF_UNIX}, .file = -1};
	char *name = control.address.sun_path;
	int result;

	if (strlen(path) >= sizeof(control.address.sun_path)) {
		bs_message_set(message,
		    "%s: %s: longer than the %zu bytes that a socket's path "
		    "may have: name a shorter one in `%s`",
		    words->key, path, sizeof(control.address.sun_path) - 1,
		    words->key);
		return BS_ETOOLONG;
	}
	(void)memcpy(name, path, strlen(path) + 1);
	result = clear_place(&wish, &control.address);
	if (result != BS_OK)
		return result;
	control.file =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control.file >= 0 && bind_there(&control)) {
		*control_r = control;
		return BS_OK;
	}
	result = explain(&wish, path, errno);
	bs_controlfile_close(&control);
	return result;
}

void
bs_controlfile_close(struct bs_controlfile *control)
{
	struct stat status;

	if (control->file < 0)
		return;
	(void)close(control->file);
	control->file = -1;
	if (lstat(control->address.sun_path, &status) == 0 &&
	    status.st_dev == control->device && status.st_ino == control->inode)
		(void)unlink(control->address.sun_path);
}
