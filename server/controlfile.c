/*
 * Makes the control socket where `control` of the configuration says.  What is
 * spoken there is control.c's.  Called by main.c.
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
#include "folder.h"

#define MODE 0660
#define BACKLOG 16

static int
explain(const char *path, int number, struct bs_message *message)
{
	const char *remedy = "check its folder, or name another in `control`";

	if (number == EACCES || number == EPERM)
		remedy = "let the server's user write to the folder, or name "
			 "another in `control`";
	if (number == ENOENT)
		remedy = "make its folder, or name another in `control`";
	bs_message_set(
	    message, "control: %s: %s: %s", path, strerror(number), remedy);
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
clear_place(const struct sockaddr_un *address, struct bs_message *message)
{
	struct stat status;

	if (lstat(address->sun_path, &status) != 0)
		return errno == ENOENT
			   ? BS_OK
			   : explain(address->sun_path, errno, message);
	if (!S_ISSOCK(status.st_mode)) {
		bs_message_set(message,
		    "control: %s: is there and no socket: move it away, or "
		    "name another in `control`",
		    address->sun_path);
		return BS_ESYSTEM;
	}
	if (is_alive(address)) {
		bs_message_set(message,
		    "control: %s: another backstopd answers there: stop it, or "
		    "name another in `control`",
		    address->sun_path);
		return BS_EBUSY;
	}
	if (unlink(address->sun_path) != 0 && errno != ENOENT)
		return explain(address->sun_path, errno, message);
	return BS_OK;
}

/* To the folder's owner, where root makes it. */
static bool
give_rights(const char *path)
{
	char folder[PATH_MAX];
	struct stat status;

	if (chmod(path, MODE) != 0)
		return false;
	if (geteuid() != 0)
		return true;
	(void)snprintf(folder, sizeof(folder), "%s", path);
	return stat(dirname(folder), &status) == 0 &&
	       lchown(path, status.st_uid, status.st_gid) == 0;
}

/* Nobody may connect before it has its rights.  Errno where it fails. */
static bool
bind_there(struct controlfile *control)
{
	const char *path = control->address.sun_path;
	struct stat status;

	if (fchmod(control->file, 0) != 0 ||
	    bind(control->file, (const struct sockaddr *)&control->address,
		sizeof(control->address)) != 0)
		return false;
	if (!give_rights(path) || lstat(path, &status) != 0)
		return false;
	control->device = status.st_dev;
	control->inode = status.st_ino;
	return listen(control->file, BACKLOG) == 0;
}

int
controlfile_open(
    const char *path, struct controlfile *control_r, struct bs_message *message)
{
	struct controlfile control = {
	    .address = {.sun_family = AF_UNIX}, .file = -1};
	char *name = control.address.sun_path;
	int result;

	if (strlen(path) >= sizeof(control.address.sun_path)) {
		bs_message_set(message,
		    "control: %s: longer than the %zu bytes that a socket's "
		    "path may have: name a shorter one in `control`",
		    path, sizeof(control.address.sun_path) - 1);
		return BS_ETOOLONG;
	}
	(void)memcpy(name, path, strlen(path) + 1);
	result = clear_place(&control.address, message);
	if (result != BS_OK)
		return result;
	control.file =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control.file >= 0 && bind_there(&control)) {
		*control_r = control;
		return BS_OK;
	}
	result = explain(path, errno, message);
	controlfile_close(&control);
	return result;
}

void
controlfile_close(struct controlfile *control)
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
