/*
 * What a command tells its user on stderr while it reads mail, and the exit
 * code that follows from it.  Bounded: a folder of a million broken files does
 * not fill a log.
 */
#ifndef FEED_MESSAGES_H
#define FEED_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "log.h"
#include "mailfiles.h"
#include "progress.h"

#define MESSAGES_FAILED_MAX 50 /* that many are shown, the others counted */

struct messages {
	struct bs_log log;
	struct progress
	    *progress;   /* borrowed; cleared before a line; or NULL */
	bool every_skip; /* a line for each file skipped, else only for named */
	uint64_t failed; /* files and folders that could not be read */
	enum bs_exit exit_code; /* the worst so far */
};

/* To stderr, as "backstop-feed". */
struct messages messages_new(struct progress *progress, bool every_skip);

/* The exit code is this one at least. */
void messages_exit(struct messages *messages, enum bs_exit exit_code);

/* An error line; the exit code is 3 at least. */
void messages_error(struct messages *messages, const char *line);
void messages_warning(struct messages *messages, const char *line);

/* As struct mailfiles_handler has them. */
void messages_failed(
    struct messages *messages, const struct bs_message *message);
void messages_skipped(struct messages *messages, const char *path,
    enum mail_skip why, bool named);

/* A bs_config_report; `context` is a struct messages.  Exit code unchanged. */
void messages_config(void *context, bool fatal, const char *line);

/* Says how many lines were held back. */
void messages_end(struct messages *messages);

#endif
