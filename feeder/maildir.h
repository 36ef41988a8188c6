/*
 * Maildir: what makes a folder one, its messages, and finding again what a
 * mail program renamed while we were reading (new/ to cur/, changed flags).
 */
#ifndef FEED_MAILDIR_H
#define FEED_MAILDIR_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

enum maildir_part {
	MAILDIR_NEW,
	MAILDIR_CUR,
};

struct maildir_entry {
	enum maildir_part part;
	char *name; /* in its part */
	bool done;  /* read, or skipped with a reason */
};

struct maildir {
	int part_fd[2];              /* by maildir_part */
	struct maildir_entry *entry; /* sorted by part, then by name */
	size_t count;
};

/* "new" or "cur".  Static storage. */
const char *maildir_part_name(enum maildir_part part);

/* Whether the open folder has cur/ and new/ (tmp/ is not asked for: a mailbox
 * that was copied may lack it). */
bool maildir_is(int folder_fd);

/* How much of a name stays when flags change: up to the last colon. */
size_t maildir_base_size(const char *name);

/* Opens both parts and lists them, new/ first: what moves on meanwhile is then
 * seen at least once.  BS_EIO (errno says why), BS_ENOMEM. */
int maildir_open(int folder_fd, struct maildir *maildir_r);

/*
 * Lists both parts again and has in *again_r what the entries that are not
 * done are called now; close it with maildir_close.  Those are then done (they
 * are again_r's now), and so are those that were read under another name; the
 * others are no longer there.  BS_EIO, BS_ENOMEM.
 */
int maildir_find_again(
    struct maildir *maildir, int folder_fd, struct maildir *again_r);

void maildir_close(struct maildir *maildir);

#endif
