/*
 * Walks over files, folders and Maildirs and opens what may be mail.
 *
 * Everything is opened relative to its open folder, so that a folder that is
 * moved while we are in it changes nothing.  mailwalk.c opens and reads a file,
 * maildir.c knows Maildirs, scan.c and verdict.c are the callers.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "mailfiles.h"
#include "mailwalk.h"
#include "names.h"

struct mailfiles {
	struct mailwalk walk;
};

static int visit(struct mailwalk *walk, struct place place);

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
	files->walk.handler = *handler;
	files->walk.stop = stop;
	files->walk.size_max = size_max;
	*files_r = files;
	return BS_OK;
}

void
mailfiles_free(struct mailfiles **files)
{
	free(*files);
	*files = NULL;
}

/* --- Maildirs ------------------------------------------------------------ */

/* Reads a message of a Maildir; *missing_r: it has another name now. */
static int
visit_message(struct mailwalk *walk, struct place place, bool *missing_r)
{
	struct stat st;

	if (fstatat(place.folder_fd, place.name, &st, 0) != 0) {
		*missing_r = errno == ENOENT;
		if (!*missing_r)
			mailwalk_fail(walk);
	} else if (!S_ISREG(st.st_mode)) {
		mailwalk_skip(walk, MAIL_SKIP_SPECIAL);
	} else if (walk->measuring) {
		walk->measured_bytes += (uint64_t)st.st_size;
	} else {
		return mailwalk_read(walk, place, true, missing_r);
	}
	return BS_OK;
}

static int
visit_entry(struct mailwalk *walk, const struct maildir *maildir,
    struct maildir_entry *entry, bool *missing_r)
{
	struct place place = {maildir->part_fd[entry->part], entry->name};
	size_t before = walk->path_size;
	int rc = BS_OK;

	*missing_r = false;
	if (!mailwalk_push(walk, maildir_part_name(entry->part)) ||
	    !mailwalk_push(walk, entry->name))
		mailwalk_skip(walk, MAIL_SKIP_DEEP);
	else
		rc = visit_message(walk, place, missing_r);
	mailwalk_cut(walk, before);
	entry->done = !*missing_r;
	return rc;
}

static int
visit_entries(struct mailwalk *walk, struct maildir *maildir, size_t *lost_r)
{
	bool missing;
	int rc = BS_OK;

	*lost_r = 0;
	for (size_t i = 0; i < maildir->count && rc == BS_OK; i++) {
		if (mailwalk_stopping(walk))
			return MAILFILES_STOPPED;
		rc = visit_entry(walk, maildir, &maildir->entry[i], &missing);
		*lost_r += missing;
	}
	return rc;
}

/* Says which messages have no name any more. */
static void
skip_lost(struct mailwalk *walk, const struct maildir *maildir)
{
	size_t before = walk->path_size;

	for (size_t i = 0; i < maildir->count; i++) {
		const struct maildir_entry *entry = &maildir->entry[i];

		if (entry->done)
			continue;
		(void)(mailwalk_push(walk, maildir_part_name(entry->part)) &&
		       mailwalk_push(walk, entry->name));
		mailwalk_skip(walk, MAIL_SKIP_GONE);
		mailwalk_cut(walk, before);
	}
}

/* Reads what was renamed while we read the others. */
static int
visit_lost(struct mailwalk *walk, int fd, struct maildir *maildir)
{
	struct maildir again;
	size_t lost;
	int rc = maildir_find_again(maildir, fd, &again);

	if (rc == BS_EIO) {
		mailwalk_fail(walk);
		return BS_OK;
	}
	if (rc != BS_OK)
		return rc;
	skip_lost(walk, maildir);
	rc = visit_entries(walk, &again, &lost);
	if (rc == BS_OK)
		skip_lost(walk, &again);
	maildir_close(&again);
	return rc;
}

static int
visit_maildir(struct mailwalk *walk, int fd)
{
	struct maildir maildir;
	size_t lost;
	int rc = maildir_open(fd, &maildir);

	if (rc == BS_EIO) {
		mailwalk_fail(walk);
		return BS_OK;
	}
	if (rc != BS_OK)
		return rc;
	rc = visit_entries(walk, &maildir, &lost);
	if (rc == BS_OK && lost > 0 && !walk->measuring)
		rc = visit_lost(walk, fd, &maildir);
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
visit_names(struct mailwalk *walk, int fd, bool in_maildir)
{
	struct names names;
	int rc = names_read(fd, &names);

	if (rc == BS_EIO) {
		mailwalk_fail(walk);
		return BS_OK;
	}
	if (rc != BS_OK)
		return rc;
	for (size_t i = 0; rc == BS_OK && i < names.count; i++) {
		struct place place = {fd, names.name[i]};

		if (mailwalk_stopping(walk))
			rc = MAILFILES_STOPPED;
		else if (in_maildir ? is_submailbox(fd, names.name[i])
				    : names.name[i][0] != '.')
			rc = visit(walk, place);
	}
	names_free(&names);
	return rc;
}

static int
visit_folder(struct mailwalk *walk, struct place place)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC, fd, rc = BS_OK;
	bool is_maildir;

	if (walk->depth > MAILFILES_DEPTH_MAX) {
		mailwalk_skip(walk, MAIL_SKIP_DEEP);
		return BS_OK;
	}
	fd = openat(place.folder_fd, place.name,
	    walk->depth > 1 ? flags | O_NOFOLLOW : flags);
	if (fd < 0) {
		mailwalk_fail(walk);
		return BS_OK;
	}
	is_maildir = maildir_is(fd);
	if (is_maildir)
		rc = visit_maildir(walk, fd);
	if (rc == BS_OK)
		rc = visit_names(walk, fd, is_maildir);
	close(fd);
	return rc;
}

/* Visits what fstatat found; `depth` is that of the place. */
static int
visit_kind(struct mailwalk *walk, struct place place, const struct stat *st)
{
	int rc = BS_OK;

	if (S_ISDIR(st->st_mode)) {
		walk->depth++;
		rc = visit_folder(walk, place);
		walk->depth--;
	} else if (!S_ISREG(st->st_mode)) {
		mailwalk_skip(walk, MAIL_SKIP_SPECIAL);
	} else if (walk->measuring) {
		walk->measured_bytes += (uint64_t)st->st_size;
	} else {
		rc = mailwalk_read(walk, place, false, NULL);
	}
	return rc;
}

/* Follows links to files; to folders only where one was asked for. */
static int
visit_linked(struct mailwalk *walk, struct place place, struct stat *st)
{
	if (S_ISLNK(st->st_mode)) {
		if (fstatat(place.folder_fd, place.name, st, 0) != 0) {
			mailwalk_skip(walk, MAIL_SKIP_DANGLING);
			return BS_OK;
		}
		if (S_ISDIR(st->st_mode) && walk->depth > 0) {
			mailwalk_skip(walk, MAIL_SKIP_LINK);
			return BS_OK;
		}
	}
	return visit_kind(walk, place, st);
}

static int
visit(struct mailwalk *walk, struct place place)
{
	size_t before = walk->path_size;
	struct stat st;
	int rc = BS_OK;

	if (!mailwalk_push(walk, place.name))
		mailwalk_skip(walk, MAIL_SKIP_DEEP);
	else if (fstatat(place.folder_fd, place.name, &st,
		     AT_SYMLINK_NOFOLLOW) != 0)
		mailwalk_fail(walk);
	else
		rc = visit_linked(walk, place, &st);
	mailwalk_cut(walk, before);
	return rc;
}

/* At the start of a path. */
static struct mailwalk *
begin(struct mailfiles *files, bool measuring)
{
	files->walk.measuring = measuring;
	files->walk.measured_bytes = 0;
	files->walk.depth = 0;
	mailwalk_cut(&files->walk, 0);
	return &files->walk;
}

int
mailfiles_read(struct mailfiles *files, const char *path)
{
	struct mailwalk *walk = begin(files, false);

	if (strcmp(path, "-") == 0)
		return mailwalk_read_stdin(walk);
	return visit(walk, (struct place){AT_FDCWD, path});
}

uint64_t
mailfiles_measure(struct mailfiles *files, const char *path)
{
	struct mailwalk *walk = begin(files, true);

	if (strcmp(path, "-") != 0)
		(void)visit(walk, (struct place){AT_FDCWD, path});
	return walk->measured_bytes;
}
