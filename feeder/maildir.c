/*
 * Lists a Maildir and finds renamed messages again.  mailfiles.c walks, opens
 * and reads; what is in a message is not looked at here.
 *
 * A name is BASE or BASE:2,FLAGS.  Programs rename new/BASE to cur/BASE:2, and
 * change the flags at any time; BASE stays.  So what could not be opened is
 * looked for by its BASE, for all of them together in one more listing.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "names.h"

const char *
maildir_part_name(enum maildir_part part)
{
	return part == MAILDIR_NEW ? "new" : "cur";
}

static bool
has_folder(int folder_fd, const char *name)
{
	struct stat st;

	return fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

bool
maildir_is(int folder_fd)
{
	return has_folder(folder_fd, "cur") && has_folder(folder_fd, "new");
}

size_t
maildir_base_size(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon == NULL ? strlen(name) : (size_t)(colon - name);
}

/* Moves the names of one part, but hidden ones, into the list. */
static int
take_names(struct maildir *maildir, enum maildir_part part)
{
	struct names names;
	struct maildir_entry *moved;
	int rc = names_read(maildir->part_fd[part], &names);

	if (rc != BS_OK)
		return rc;
	moved = reallocarray(
	    maildir->entry, maildir->count + names.count + 1, sizeof(*moved));
	if (moved == NULL) {
		names_free(&names);
		return BS_ENOMEM;
	}
	maildir->entry = moved;
	for (size_t i = 0; i < names.count; i++) {
		if (names.name[i][0] == '.')
			continue;
		moved[maildir->count].part = part;
		moved[maildir->count].name = names.name[i];
		moved[maildir->count].done = false;
		maildir->count++;
		names.name[i] = NULL;
	}
	names_free(&names);
	return BS_OK;
}

int
maildir_open(int folder_fd, struct maildir *maildir_r)
{
	struct maildir maildir = {.part_fd = {-1, -1}};
	int rc = BS_OK, saved;

	for (int part = MAILDIR_NEW; part <= MAILDIR_CUR && rc == BS_OK;
	     part++) {
		maildir.part_fd[part] =
		    openat(folder_fd, maildir_part_name(part),
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		rc = maildir.part_fd[part] < 0 ? BS_EIO
					       : take_names(&maildir, part);
	}
	if (rc != BS_OK) {
		saved = errno;
		maildir_close(&maildir);
		errno = saved;
		return rc;
	}
	*maildir_r = maildir;
	return BS_OK;
}

void
maildir_close(struct maildir *maildir)
{
	for (size_t i = 0; i < maildir->count; i++)
		free(maildir->entry[i].name);
	free(maildir->entry);
	maildir->entry = NULL;
	maildir->count = 0;
	for (int part = MAILDIR_NEW; part <= MAILDIR_CUR; part++) {
		if (maildir->part_fd[part] >= 0)
			close(maildir->part_fd[part]);
		maildir->part_fd[part] = -1;
	}
}

/* The entries by base, for those that have the same one. */
struct base_index {
	struct maildir_entry **entry;
	size_t count;
};

static int
compare_base(const void *a, const void *b)
{
	const char *x = (*(struct maildir_entry *const *)a)->name;
	const char *y = (*(struct maildir_entry *const *)b)->name;
	size_t x_size = maildir_base_size(x), y_size = maildir_base_size(y);
	int order = memcmp(x, y, x_size < y_size ? x_size : y_size);

	if (order != 0)
		return order;
	return x_size < y_size ? -1 : x_size > y_size;
}

static int
index_new(const struct maildir *maildir, struct base_index *index_r)
{
	index_r->count = maildir->count;
	index_r->entry = calloc(maildir->count + 1, sizeof(*index_r->entry));
	if (index_r->entry == NULL)
		return BS_ENOMEM;
	for (size_t i = 0; i < maildir->count; i++)
		index_r->entry[i] = &maildir->entry[i];
	qsort(index_r->entry, index_r->count, sizeof(*index_r->entry),
	    compare_base);
	return BS_OK;
}

/* Marks all entries with the base of `now` as done.  Returns whether there
 * are any and none was done before: whether that message was lost. */
static bool
settle(const struct base_index *index, struct maildir_entry *now)
{
	struct maildir_entry **end = index->entry + index->count;
	struct maildir_entry **at = bsearch(&now, index->entry, index->count,
	    sizeof(*index->entry), compare_base);
	bool lost = at != NULL;

	while (
	    at != NULL && at > index->entry && compare_base(at - 1, &now) == 0)
		at--;
	for (; at != NULL && at < end && compare_base(at, &now) == 0; at++) {
		if ((*at)->done)
			lost = false;
		(*at)->done = true;
	}
	return lost;
}

/* What was read under one name was not lost under the other. */
static void
settle_done(struct maildir *maildir, const struct base_index *index)
{
	for (size_t i = 0; i < maildir->count; i++) {
		if (maildir->entry[i].done)
			(void)settle(index, &maildir->entry[i]);
	}
}

int
maildir_find_again(
    struct maildir *maildir, int folder_fd, struct maildir *again_r)
{
	struct maildir again;
	struct base_index index;
	size_t kept = 0;
	int rc = maildir_open(folder_fd, &again);

	if (rc != BS_OK)
		return rc;
	rc = index_new(maildir, &index);
	if (rc != BS_OK) {
		maildir_close(&again);
		return rc;
	}
	settle_done(maildir, &index);
	for (size_t i = 0; i < again.count; i++) {
		if (settle(&index, &again.entry[i]))
			again.entry[kept++] = again.entry[i];
		else
			free(again.entry[i].name);
	}
	again.count = kept;
	free(index.entry);
	*again_r = again;
	return BS_OK;
}
