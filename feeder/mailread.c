/*
 * Reads one open file, message by message: mailstream.c cuts, this file reads
 * bytes, tells mail from what is none and calls the handler.  Called by
 * mailfiles.c, which finds and opens files.
 *
 * Files are read, never mapped: who else has one may truncate it.
 */
#include "autoconf.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mailread.h"

static int
read_bytes(void *context, char *bytes, size_t size, size_t *size_r)
{
	const struct mailread *mailread = context;
	ssize_t got;

	do {
		if (mailread->stop != NULL &&
		    stop_wait(mailread->stop, mailread->fd))
			return MAILFILES_STOPPED;
		got = read(mailread->fd, bytes, size);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0)
		return BS_EIO;
	*size_r = (size_t)got;
	mailread->handler->progress(mailread->handler->context, (size_t)got);
	return BS_OK;
}

/* What the look means for a file that holds no mail; -1: it does. */
static int
skip_of(enum mail_look look)
{
	switch (look) {
	case MAIL_LOOK_EMPTY:
		return MAIL_SKIP_EMPTY;
	case MAIL_LOOK_BINARY:
		return MAIL_SKIP_BINARY;
	case MAIL_LOOK_TEXT:
		return MAIL_SKIP_TEXT;
	case MAIL_LOOK_MBOX:
	case MAIL_LOOK_MESSAGE:
		break;
	}
	return -1;
}

static int
read_messages(const struct mailread *mailread, struct mailstream *stream)
{
	const struct mailfiles_handler *handler = mailread->handler;
	enum mail_look look;
	struct mail mail;
	int rc = mailstream_look(stream, &look);

	if (rc != BS_OK)
		return rc;
	if (skip_of(look) >= 0) {
		handler->skipped(handler->context, mailread->path,
		    (enum mail_skip)skip_of(look), mailread->named);
		return BS_OK;
	}
	while ((rc = mailstream_next(stream, &mail)) == BS_OK) {
		rc = handler->message(handler->context, mailread->path, &mail,
		    mail.from_s != 0 ? mail.from_s : mailread->file_s);
		if (rc != BS_OK)
			return rc;
		if (mailread->stop != NULL && stop_asked(mailread->stop))
			return MAILFILES_STOPPED;
	}
	return rc == BS_ENOTFOUND ? BS_OK : rc;
}

int
mailread(const struct mailread *mailread)
{
	const struct mailfiles_handler *handler = mailread->handler;
	struct mailread copy = *mailread;
	struct mailstream *stream;
	struct bs_message message;
	int rc = mailstream_new(
	    read_bytes, &copy, mailread->single, mailread->size_max, &stream);

	if (rc != BS_OK)
		return rc;
	errno = 0;
	rc = read_messages(mailread, stream);
	if (rc == BS_EIO) {
		bs_message_set(&message,
		    "%.600s: reading failed: %s: see that the path names mail and "
		    "that its disk is well, then scan it again",
		    mailread->path, strerror(errno));
		handler->failed(handler->context, &message);
		rc = BS_OK;
	}
	mailstream_free(&stream);
	return rc;
}
