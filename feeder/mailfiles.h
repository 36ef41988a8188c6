/*
 * Finds and reads messages: .eml files, mbox, Maildir, folders of all these,
 * standard input; told apart by looking, not by name.
 *
 * A folder with cur/ and new/ is a Maildir: both are read, tmp/ is not, its
 * subfolders (Maildir++'s .Name and plain ones) are Maildirs or folders too.
 * Any other folder is walked in the order of its names.  Links to folders are
 * not followed, hidden files not read, and what is no regular file is never
 * opened.  An error concerns one file or folder; the walk goes on.
 */
#ifndef FEED_MAILFILES_H
#define FEED_MAILFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "mailstream.h"
#include "stop.h"

#define MAILFILES_STOPPED 1 /* beside enum bs_error */

#define MAILFILES_DEPTH_MAX 64 /* folders in folders, one open for each */
#define MAILFILES_PATH_MAX 8192

/* Why something was not read; nothing is wrong with the environment. */
enum mail_skip {
	MAIL_SKIP_EMPTY,
	MAIL_SKIP_BINARY,
	MAIL_SKIP_TEXT,     /* does not begin with a header */
	MAIL_SKIP_SPECIAL,  /* a fifo, device or socket */
	MAIL_SKIP_LINK,     /* a link to a folder */
	MAIL_SKIP_DANGLING, /* a link to nothing */
	MAIL_SKIP_GONE,     /* was there when the folder was listed */
	MAIL_SKIP_DEEP,     /* past MAILFILES_DEPTH_MAX or _PATH_MAX */
};
#define MAIL_SKIP_COUNT 8

/* "empty", "a fifo, device or socket", ... Static storage. */
const char *mail_skip_text(enum mail_skip why);

/* What is called during a walk.  Paths and mail are valid in the call only. */
struct mailfiles_handler {
	void *context;
	/* A message; `file_s` is the date of its From_ line, else its file's time,
	 * 0 where there is none (standard input).  BS_OK, or MAILFILES_STOPPED to
	 * end the walk. */
	int (*message)(void *context, const char *path, const struct mail *mail,
	    uint32_t file_s);
	/* `named`: it is one of the paths that were asked for. */
	void (*skipped)(
	    void *context, const char *path, enum mail_skip why, bool named);
	/* A file or folder that should have been read and was not. */
	void (*failed)(void *context, const struct bs_message *message);
	/* So many bytes more were read. */
	void (*progress)(void *context, size_t bytes);
};

struct mailfiles;

/*
 * `handler` is copied, `stop` borrowed (NULL: none).  `size_max` bounds one
 * message: JUDGE_MESSAGE_MAX but in tests.  BS_ENOMEM.
 */
int mailfiles_new(const struct mailfiles_handler *handler,
    const struct stop *stop, size_t size_max, struct mailfiles **files_r);
void mailfiles_free(struct mailfiles **files);

/*
 * Reads all messages of a path; "-" is standard input.  BS_OK when the walk
 * came to its end, errors included; MAILFILES_STOPPED when a signal or the
 * handler asked for it; BS_ENOMEM.
 */
int mailfiles_read(struct mailfiles *files, const char *path);

/* Adds up the sizes of the files that mailfiles_read would open, without
 * opening or reporting one; 0 for standard input. */
uint64_t mailfiles_measure(struct mailfiles *files, const char *path);

#endif
