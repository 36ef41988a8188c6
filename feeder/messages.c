/*
 * Lines on stderr and the exit code of scan and classify.
 *
 * A file that is no mail is no error, except where it was asked for by name:
 * then what was asked for could not be done, and the exit code says so (1: it
 * is no mail, 3: it can't be read).  An empty file is an empty mailbox.
 */
#include "autoconf.h"

#include <inttypes.h>

#include "messages.h"

static const enum bs_exit named_exit[MAIL_SKIP_COUNT] = {
    [MAIL_SKIP_EMPTY] = BS_EXIT_OK,
    [MAIL_SKIP_BINARY] = BS_EXIT_NO,
    [MAIL_SKIP_TEXT] = BS_EXIT_NO,
    [MAIL_SKIP_SPECIAL] = BS_EXIT_ENVIRONMENT,
    [MAIL_SKIP_LINK] = BS_EXIT_ENVIRONMENT,
    [MAIL_SKIP_DANGLING] = BS_EXIT_ENVIRONMENT,
    [MAIL_SKIP_GONE] = BS_EXIT_ENVIRONMENT,
    [MAIL_SKIP_DEEP] = BS_EXIT_ENVIRONMENT,
};

static const char *const remedies[MAIL_SKIP_COUNT] = {
    [MAIL_SKIP_EMPTY] = "nothing to do",
    [MAIL_SKIP_BINARY] = "give .eml files, mbox files, Maildirs or folders",
    [MAIL_SKIP_TEXT] = "give .eml files, mbox files, Maildirs or folders",
    [MAIL_SKIP_SPECIAL] = "to read from a pipe, give - and use stdin",
    [MAIL_SKIP_LINK] = "name the folder itself",
    [MAIL_SKIP_DANGLING] = "mend or remove the link",
    [MAIL_SKIP_GONE] = "scan again to find it under its new name",
    [MAIL_SKIP_DEEP] = "name the inner folder itself",
};

struct messages
messages_new(struct progress *progress, bool every_skip)
{
	struct messages messages = {
	    .log = bs_log_stderr("backstop-feed"),
	    .progress = progress,
	    .every_skip = every_skip,
	    .exit_code = BS_EXIT_OK,
	};

	return messages;
}

void
messages_exit(struct messages *messages, enum bs_exit exit_code)
{
	if (exit_code > messages->exit_code)
		messages->exit_code = exit_code;
}

static void
put(struct messages *messages, enum bs_log_level level, const char *line)
{
	if (messages->progress != NULL)
		progress_clear(messages->progress);
	bs_log(&messages->log, level, "%s", line);
}

void
messages_error(struct messages *messages, const char *line)
{
	put(messages, BS_LOG_ERROR, line);
	messages_exit(messages, BS_EXIT_ENVIRONMENT);
}

void
messages_warning(struct messages *messages, const char *line)
{
	put(messages, BS_LOG_WARNING, line);
}

void
messages_failed(struct messages *messages, const struct bs_message *message)
{
	messages->failed++;
	messages_exit(messages, BS_EXIT_ENVIRONMENT);
	if (messages->failed <= MESSAGES_FAILED_MAX)
		put(messages, BS_LOG_ERROR, message->text);
}

void
messages_skipped(
    struct messages *messages, const char *path, enum mail_skip why, bool named)
{
	struct bs_message message;

	if (named)
		messages_exit(messages, named_exit[why]);
	if (!named && !messages->every_skip)
		return;
	bs_message_set(&message, "%.600s: skipped: %s: %s", path,
	    mail_skip_text(why), remedies[why]);
	put(messages, BS_LOG_WARNING, message.text);
}

void
messages_config(void *context, bool fatal, const char *line)
{
	put(context, fatal ? BS_LOG_ERROR : BS_LOG_WARNING, line);
}

void
messages_end(struct messages *messages)
{
	struct bs_message message;

	if (messages->failed <= MESSAGES_FAILED_MAX)
		return;
	bs_message_set(&message,
	    "%" PRIu64 " more files or folders could not be read: mend those "
	    "named above, then scan again",
	    messages->failed - MESSAGES_FAILED_MAX);
	put(messages, BS_LOG_ERROR, message.text);
}
