/*
 * Walks over files, folders and Maildirs and opens what may be mail.
 *
 * Everything is opened relative to its open folder, so that a folder that is
 * moved while we are in it changes nothing.  mailread.c reads a file once it
 * is open, maildir.c knows Maildirs, scan.c and verdict.c are the callers.
 */
#include "autoconf.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "mailfiles.h"
#include "mailread.h"
#include "names.h"

struct mailfiles {
	struct mailfiles_handler handler;
	const struct stop *stop;
	size_t size_max;
	bool measuring;
	uint64_t measured_bytes;

	unsigned depth; /* 0: the path that was asked for */
	char path[MAILFILES_PATH_MAX];
	size_t path_size;
};

/* A file or folder by its name in an open folder. */
struct place {
	int folder_fd;
	const char *name;
};

static int visit(struct mailfiles *files, struct place place);

static const char *const skip_texts[MAIL_SKIP_COUNT] = {
    [MAIL_SKIP_EMPTY] = "empty",
    [MAIL_SKIP_BINARY] = "no mail: binary data",
    [MAIL_SKIP_TEXT] = "no mail: does not begin with a header",
    [MAIL_SKIP_SPECIAL] = "a fifo, device or socket, not opened",
    [MAIL_SKIP_LINK] = "a link to a folder, not followed",
    [MAIL_SKIP_DANGLING] = "a link to nothing",
    [MAIL_SKIP_GONE] = "gone since its folder was listed",
    [MAIL_SKIP_DEEP] = "too deep: folders in folders, or a path too long",
};

const char *
mail_skip_text(enum mail_skip why)
{
	return skip_texts[why];
}

int
mailfiles_new(const struct mailfiles_handler *handler, const struct stop *stop,
    size_t size_max, struct mailfiles **files_r)
{
	struct mailfiles *files = calloc(1, sizeof(*files));

	if (files == NULL)
		return BS_ENOMEM;
	files->handler = *handler;
	files->stop = stop;
	files->size_max = size_max;
	*files_r = files;
	return BS_OK;
}

void
mailfiles_free(struct mailfiles **files)
{
	free(*files);
	*files = NULL;
}

/* --- paths and messages -------------------------------------------------- */

/* Appends "/NAME"; false when the path gets too long. */
static bool
path_push(struct mailfiles *files, const char *name)
{
	size_t size = strlen(name);
	bool slash =
	    files->path_size > 0 && files->path[files->path_size - 1] != '/';

	if (files->path_size + slash + size >= sizeof(files->path))
		return false;
	if (slash)
		files->path[files->path_size++] = '/';
	memcpy(files->path + files->path_size, name, size + 1);
	files->path_size += size;
	return true;
}

static void
path_cut(struct mailfiles *files, size_t size)
{
	files->path_size = size;
	files->path[size] = '\0';
}

static void
skip(struct mailfiles *files, enum mail_skip why)
{
	if (!files->measuring)
		files->handler.skipped(files->handler.context, files->path, why,
		    files->depth == 0);
}

/* Tells the handler about errno; what went away meanwhile is no failure. */
static void
fail(struct mailfiles *files)
{
	struct bs_message message;
	int error = errno;
	const char *remedy = "see that it can be read, then scan it again";

	if (files->measuring)
		return;
	if (error == ENOENT && files->depth > 0) {
		skip(files, MAIL_SKIP_GONE);
		return;
	}
	if (error == EACCES || error == EPERM)
		remedy = "give this user the right to read it (chmod, or a "
			 "group), or run this as a user who may";
	else if (error == ENOENT || error == ENOTDIR)
		remedy = "check the path; - is standard input";
	else if (error == EMFILE || error == ENFILE)
		remedy = "raise the limit of open files (ulimit -n)";
	bs_message_set(&message, "%.600s: cannot be read: %s: %s", files->path,
	    strerror(error), remedy);
	files->handler.failed(files->handler.context, &message);
}

static bool
stopping(const struct mailfiles *files)
{
	return files->stop != NULL && stop_asked(files->stop);
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
read_open(struct mailfiles *files, int fd, const struct stat *st, bool single)
{
	struct mailread mailread_args = {
	    .handler = &files->handler,
	    .stop = files->stop,
	    .path = files->path,
	    .fd = fd,
	    .single = single,
	    .named = files->depth == 0,
	    .file_s = file_time(st),
	    .size_max = files->size_max,
	};

	return mailread(&mailread_args);
}

/* Opens a regular file; what it turned into meanwhile is looked at again.
 * *missing_r (may be NULL): it has another name now, nobody was told. */
static int
read_file(
    struct mailfiles *files, struct place place, bool single, bool *missing_r)
{
	int fd = openat(place.folder_fd, place.name,
	    O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	int rc = BS_OK;

	if (fd < 0 && errno == ENOENT && missing_r != NULL)
		*missing_r = true;
	else if (fd < 0 || fstat(fd, &st) != 0)
		fail(files);
	else if (!S_ISREG(st.st_mode))
		skip(files, MAIL_SKIP_SPECIAL);
	else
		rc = read_open(files, fd, &st, single);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int
read_stdin(struct mailfiles *files)
{
	struct mailread mailread_args = {
	    .handler = &files->handler,
	    .stop = files->stop,
	    .path = files->path,
	    .fd = STDIN_FILENO,
	    .named = true,
	    .size_max = files->size_max,
	};

	(void)path_push(files, "-");
	return mailread(&mailread_args);
}

/* --- Maildirs ------------------------------------------------------------ */

/* Reads a message of a Maildir; *missing_r: it has another name now. */
static int
visit_message(struct mailfiles *files, struct place place, bool *missing_r)
{
	struct stat st;

	if (fstatat(place.folder_fd, place.name, &st, 0) != 0) {
		*missing_r = errno == ENOENT;
		if (!*missing_r)
			fail(files);
	} else if (!S_ISREG(st.st_mode)) {
		skip(files, MAIL_SKIP_SPECIAL);
	} else if (files->measuring) {
		files->measured_bytes += (uint64_t)st.st_size;
	} else {
		return read_file(files, place, true, missing_r);
	}
	return BS_OK;
}

static int
visit_entry(struct mailfiles *files, const struct maildir *maildir,
    struct maildir_entry *entry, bool *missing_r)
{
	struct place place = {maildir->part_fd[entry->part], entry->name};
	size_t before = files->path_size;
	int rc = BS_OK;

	*missing_r = false;
	if (!path_push(files, maildir_part_name(entry->part)) ||
	    !path_push(files, entry->name))
		skip(files, MAIL_SKIP_DEEP);
	else
		rc = visit_message(files, place, missing_r);
	path_cut(files, before);
	entry->done = !*missing_r;
	return rc;
}

static int
visit_entries(struct mailfiles *files, struct maildir *maildir, size_t *lost_r)
{
	bool missing;
	int rc = BS_OK;

	*lost_r = 0;
	for (size_t i = 0; i < maildir->count && rc == BS_OK; i++) {
		if (stopping(files))
			return MAILFILES_STOPPED;
		rc = visit_entry(files, maildir, &maildir->entry[i], &missing);
		*lost_r += missing;
	}
	return rc;
}

/* Says which messages have no name any more. */
static void
skip_lost(struct mailfiles *files, const struct maildir *maildir)
{
	size_t before = files->path_size;

	for (size_t i = 0; i < maildir->count; i++) {
		const struct maildir_entry *entry = &maildir->entry[i];

		if (entry->done)
			continue;
		(void)(path_push(files, maildir_part_name(entry->part)) &&
		       path_push(files, entry->name));
		skip(files, MAIL_SKIP_GONE);
		path_cut(files, before);
	}
}

/* Reads what was renamed while we read the others. */
static int
visit_lost(struct mailfiles *files, int fd, struct maildir *maildir)
{
	struct maildir again;
	size_t lost;
	int rc = maildir_find_again(maildir, fd, &again);

	if (rc == BS_EIO) {
		fail(files);
		return BS_OK;
	}
	if (rc != BS_OK)
		return rc;
	skip_lost(files, maildir);
	rc = visit_entries(files, &again, &lost);
	if (rc == BS_OK)
		skip_lost(files, &again);
	maildir_close(&again);
	return rc;
}

static int
visit_maildir(struct mailfiles *files, int fd)
{
	struct maildir maildir;
	size_t lost;
	int rc = maildir_open(fd, &maildir);

	if (rc == BS_EIO) {
		fail(files);
		return BS_OK;
	}
	if (rc != BS_OK)
		return rc;
	rc = visit_entries(files, &maildir, &lost);
	if (rc == BS_OK && lost > 0 && !files->measuring)
		rc = visit_lost(files, fd, &maildir);
	maildir_close(&maildir);
	return rc;
}

/* Whether a name in a Maildir is a mailbox inside it and no message folder,
 * index or list of a mail program. */
static bool
is_submailbox(int fd, const char *name)
{
	struct stat st;
	int sub;
	bool yes;

	if (strcmp(name, "cur") == 0 || strcmp(name, "new") == 0 ||
	    strcmp(name, "tmp") == 0 ||
	    fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISDIR(st.st_mode))
		return false;
	if (name[0] != '.')
		return true;
	sub = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	yes = sub < 0 || maildir_is(sub); /* visit says why it can't be read */
	if (sub >= 0)
		close(sub);
	return yes;
}

/* --- folders ------------------------------------------------------------- */

static int
visit_names(struct mailfiles *files, int fd, bool in_maildir)
{
	struct names names;
	int rc = names_read(fd, &names);

	if (rc == BS_EIO) {
		fail(files);
		return BS_OK;
	}
	if (rc != BS_OK)
		return rc;
	for (size_t i = 0; rc == BS_OK && i < names.count; i++) {
		struct place place = {fd, names.name[i]};

		if (stopping(files))
			rc = MAILFILES_STOPPED;
		else if (in_maildir ? is_submailbox(fd, names.name[i])
				    : names.name[i][0] != '.')
			rc = visit(files, place);
	}
	names_free(&names);
	return rc;
}

static int
visit_folder(struct mailfiles *files, struct place place)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC, fd, rc = BS_OK;
	bool is_maildir;

	if (files->depth > MAILFILES_DEPTH_MAX) {
		skip(files, MAIL_SKIP_DEEP);
		return BS_OK;
	}
	fd = openat(place.folder_fd, place.name,
	    files->depth > 1 ? flags | O_NOFOLLOW : flags);
	if (fd < 0) {
		fail(files);
		return BS_OK;
	}
	is_maildir = maildir_is(fd);
	if (is_maildir)
		rc = visit_maildir(files, fd);
	if (rc == BS_OK)
		rc = visit_names(files, fd, is_maildir);
	close(fd);
	return rc;
}

/* Visits what fstatat found; `depth` is that of the place. */
static int
visit_kind(struct mailfiles *files, struct place place, const struct stat *st)
{
	int rc = BS_OK;

	if (S_ISDIR(st->st_mode)) {
		files->depth++;
		rc = visit_folder(files, place);
		files->depth--;
	} else if (!S_ISREG(st->st_mode)) {
		skip(files, MAIL_SKIP_SPECIAL);
	} else if (files->measuring) {
		files->measured_bytes += (uint64_t)st->st_size;
	} else {
		rc = read_file(files, place, false, NULL);
	}
	return rc;
}

/* Follows links to files; to folders only where one was asked for. */
static int
visit_linked(struct mailfiles *files, struct place place, struct stat *st)
{
	if (S_ISLNK(st->st_mode)) {
		if (fstatat(place.folder_fd, place.name, st, 0) != 0) {
			skip(files, MAIL_SKIP_DANGLING);
			return BS_OK;
		}
		if (S_ISDIR(st->st_mode) && files->depth > 0) {
			skip(files, MAIL_SKIP_LINK);
			return BS_OK;
		}
	}
	return visit_kind(files, place, st);
}

static int
visit(struct mailfiles *files, struct place place)
{
	size_t before = files->path_size;
	struct stat st;
	int rc = BS_OK;

	if (!path_push(files, place.name))
		skip(files, MAIL_SKIP_DEEP);
	else if (fstatat(place.folder_fd, place.name, &st,
		     AT_SYMLINK_NOFOLLOW) != 0)
		fail(files);
	else
		rc = visit_linked(files, place, &st);
	path_cut(files, before);
	return rc;
}

int
mailfiles_read(struct mailfiles *files, const char *path)
{
	int rc;

	files->measuring = false;
	files->depth = 0;
	path_cut(files, 0);
	rc = strcmp(path, "-") == 0
		 ? read_stdin(files)
		 : visit(files, (struct place){AT_FDCWD, path});
	path_cut(files, 0);
	assert(files->depth == 0);
	return rc;
}

uint64_t
mailfiles_measure(struct mailfiles *files, const char *path)
{
	files->measuring = true;
	files->measured_bytes = 0;
	files->depth = 0;
	path_cut(files, 0);
	if (strcmp(path, "-") != 0)
		(void)visit(files, (struct place){AT_FDCWD, path});
	path_cut(files, 0);
	files->measuring = false;
	return files->measured_bytes;
}
