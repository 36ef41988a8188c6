/*
 * The replies of a session (RFC 5321 section 4.2): every line ends in CRLF, and
 * with an enhanced code where RFC 2034 wants one.  Kept until the owner of the
 * session has sent them.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtp_private.h"

/* RFC 5321 section 4.5.3.1.5. */
#define REPLY_MAX 512
#define OUT_FIRST 512

/* Without memory the session closes: a reply can't be left out. */
static bool
reserve(struct smtp_session *session, size_t size)
{
	size_t room = session->out_room > 0 ? session->out_room : OUT_FIRST;
	char *more;

	if (session->out_room - session->out_size >= size)
		return true;
	while (room - session->out_size < size)
		room *= 2;
	more = realloc(session->out, room);
	if (more == NULL) {
		session->phase = SMTP_CLOSED;
		return false;
	}
	session->out = more;
	session->out_room = room;
	return true;
}

/* "250-2.1.0 text" */
struct head {
	unsigned code;
	char separator; /* ' ', or '-' where more lines follow */
	const char *enhanced;
};

/* Returns how long it is. */
static size_t
put_head(const struct head *head, char line[REPLY_MAX])
{
	size_t size = strlen(head->enhanced);

	line[0] = (char)('0' + head->code / 100 % 10);
	line[1] = (char)('0' + head->code / 10 % 10);
	line[2] = (char)('0' + head->code % 10);
	line[3] = head->separator;
	if (size == 0)
		return 4;
	memcpy(line + 4, head->enhanced, size);
	line[4 + size] = ' ';
	return 5 + size;
}

/* What stands behind the head; most texts are the same each time. */
static void __attribute__((format(printf, 3, 0)))
put_text(char *text, size_t room, const char *format, va_list args)
{
	size_t size = strlen(format);

	if (size < room && memchr(format, '%', size) == NULL) {
		memcpy(text, format, size + 1);
		return;
	}
	(void)vsnprintf(text, room, format, args);
	bs_text_clean(text);
}

static void __attribute__((format(printf, 3, 0)))
put_line(struct smtp_session *session, const struct head *head,
    const char *format, va_list args)
{
	char line[REPLY_MAX];
	size_t size = put_head(head, line);

	put_text(line + size, sizeof(line) - 2 - size, format, args);
	size += strlen(line + size);
	memcpy(line + size, "\r\n", 2);
	if (!reserve(session, size + 2))
		return;
	memcpy(session->out + session->out_size, line, size + 2);
	session->out_size += size + 2;
}

void
smtp_reply(struct smtp_session *session, unsigned code, const char *enhanced,
    const char *format, ...)
{
	struct head head = {code, ' ', enhanced};
	va_list args;

	if (code >= 500)
		session->errors++;
	else if (code >= 400)
		session->at_fault = true;
	if (code >= 400 && session->sink.replies != NULL)
		session->sink.replies[code >= 500 ? SMTP_REPLIES_5XX
						  : SMTP_REPLIES_4XX]++;
	va_start(args, format);
	put_line(session, &head, format, args);
	va_end(args);
}

void
smtp_reply_more(
    struct smtp_session *session, unsigned code, const char *format, ...)
{
	struct head head = {code, '-', ""};
	va_list args;

	va_start(args, format);
	put_line(session, &head, format, args);
	va_end(args);
}

const char *
smtp_session_output(const struct smtp_session *session, size_t *size_r)
{
	*size_r = session->out_size;
	return session->out_size > 0 ? session->out : NULL;
}

void
smtp_session_sent(struct smtp_session *session, size_t size)
{
	session->out_size -= size;
	session->unheard = session->unheard && session->out_size > 0;
	if (session->out_size > 0) {
		memmove(session->out, session->out + size, session->out_size);
	} else if (session->out_room > SMTP_OUTPUT_HIGH) {
		free(session->out);
		session->out = NULL;
		session->out_room = 0;
	}
}
