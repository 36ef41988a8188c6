/*
 * One place of a walk: its path, what is said about it, and opening and reading
 * it.  mailfiles.c goes from place to place; mailread.c reads what is open.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailread.h"
#include "mailwalk.h"

/* --- paths and messages -------------------------------------------------- */

/* Appends "/NAME"; false when the path gets too long. */
bool
mailwalk_push(struct mailwalk *walk, const char *name)
{
	size_t size = strlen(name);
	bool slash =
	    walk->path_size > 0 && walk->path[walk->path_size - 1] != '/';

	if (walk->path_size + slash + size >= sizeof(walk->path))
		return false;
	if (slash)
		walk->path[walk->path_size++] = '/';
	memcpy(walk->path + walk->path_size, name, size + 1);
	walk->path_size += size;
	return true;
}

void
mailwalk_cut(struct mailwalk *walk, size_t size)
{
	walk->path_size = size;
	walk->path[size] = '\0';
}

void
mailwalk_skip(struct mailwalk *walk, enum mail_skip why)
{
	if (!walk->measuring)
		walk->handler.skipped(
		    walk->handler.context, walk->path, why, walk->depth == 0);
}

/* Tells the handler about errno; what went away meanwhile is no failure. */
void
mailwalk_fail(struct mailwalk *walk)
{
	struct bs_message message;
	int error = errno;
	const char *remedy = "see that it can be read, then scan it again";

	if (walk->measuring)
		return;
	if (error == ENOENT && walk->depth > 0) {
		mailwalk_skip(walk, MAIL_SKIP_GONE);
		return;
	}
	if (error == EACCES || error == EPERM)
		remedy = "give this user the right to read it (chmod, or a "
			 "group), or run this as a user who may";
	else if (error == ENOENT || error == ENOTDIR)
		remedy = "check the path; - is standard input";
	else if (error == EMFILE || error == ENFILE)
		remedy = "raise the limit of open files (ulimit -n)";
	bs_message_set(&message, "%.600s: cannot be read: %s: %s", walk->path,
	    strerror(error), remedy);
	walk->handler.failed(walk->handler.context, &message);
}

bool
mailwalk_stopping(const struct mailwalk *walk)
{
	return walk->stop != NULL && stop_asked(walk->stop);
}

/* --- files --------------------------------------------------------------- */

static uint32_t
file_time(const struct stat *st)
{
	if (st->st_mtime <= 0)
		return 1; /* known, and as old as can be */
	return st->st_mtime > UINT32_MAX ? UINT32_MAX : (uint32_t)st->st_mtime;
}

/* Reads an open regular file. */
static int
read_open(struct mailwalk *walk, int fd, const struct stat *st, bool single)
{
	struct mailread mailread_args = {
	    .handler = &walk->handler,
	    .stop = walk->stop,
	    .path = walk->path,
	    .fd = fd,
	    .single = single,
	    .named = walk->depth == 0,
	    .file_s = file_time(st),
	    .size_max = walk->size_max,
	};

	return mailread(&mailread_args);
}

/* Opens a regular file; what it turned into meanwhile is looked at again.
 * *missing_r (may be NULL): it has another name now, nobody was told. */
int
mailwalk_read(
    struct mailwalk *walk, struct place place, bool single, bool *missing_r)
{
	int fd = openat(place.folder_fd, place.name,
	    O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	int rc = BS_OK;

	if (fd < 0 && errno == ENOENT && missing_r != NULL)
		*missing_r = true;
	else if (fd < 0 || fstat(fd, &st) != 0)
		mailwalk_fail(walk);
	else if (!S_ISREG(st.st_mode))
		mailwalk_skip(walk, MAIL_SKIP_SPECIAL);
	else
		rc = read_open(walk, fd, &st, single);
	if (fd >= 0)
		close(fd);
	return rc;
}

int
mailwalk_read_stdin(struct mailwalk *walk)
{
	struct mailread mailread_args = {
	    .handler = &walk->handler,
	    .stop = walk->stop,
	    .path = walk->path,
	    .fd = STDIN_FILENO,
	    .named = true,
	    .size_max = walk->size_max,
	};

	(void)mailwalk_push(walk, "-");
	return mailread(&mailread_args);
}
