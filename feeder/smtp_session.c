/*
 * A session: cuts the input into lines, runs commands, keeps the transaction
 * and answers events.  What each command does is in smtp_greet.c, smtp_mail.c,
 * smtp_rcpt.c, smtp_text.c, smtp_other.c and smtp_trusted.c.
 *
 * Only CRLF ends a line (RFC 5321 section 2.3.8).  A bare LF among commands
 * comes from no MTA: the session ends there, with a reply that says why.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "smtp_private.h"

static smtp_run *const runs[SMTP_VERB_COUNT] = {
    [SMTP_UNKNOWN] = smtp_run_unknown,
    [SMTP_HELO] = smtp_run_helo,
    [SMTP_EHLO] = smtp_run_ehlo,
    [SMTP_LHLO] = smtp_run_lhlo,
    [SMTP_MAIL] = smtp_run_mail,
    [SMTP_RCPT] = smtp_run_rcpt,
    [SMTP_DATA] = smtp_run_data,
    [SMTP_RSET] = smtp_run_rset,
    [SMTP_NOOP] = smtp_run_noop,
    [SMTP_VRFY] = smtp_run_vrfy,
    [SMTP_EXPN] = smtp_run_expn,
    [SMTP_HELP] = smtp_run_help,
    [SMTP_QUIT] = smtp_run_quit,
    [SMTP_STARTTLS] = smtp_run_starttls,
    [SMTP_XCLIENT] = smtp_run_xclient,
    [SMTP_XFORWARD] = smtp_run_xforward,
    [SMTP_FOREIGN] = smtp_run_foreign,
};

/* --- beginning and end --------------------------------------------------- */

struct smtp_session *
smtp_session_new(const struct smtp_settings *settings,
    const struct smtp_peer *peer, const struct smtp_sink *sink)
{
	struct smtp_session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->settings = settings;
	session->peer = *peer;
	session->sink = *sink;
	smtp_transaction_reset(session);
	return session;
}

void
smtp_session_free(struct smtp_session **session)
{
	struct smtp_session *old = *session;

	if (old == NULL)
		return;
	envelope_reset(&old->envelope);
	free(old->out);
	free(old);
	*session = NULL;
}

void
smtp_greet(struct smtp_session *session)
{
	smtp_reply(session, 220, "", "%s %s Backstop",
	    session->settings->hostname,
	    session->settings->lmtp ? "LMTP" : "ESMTP");
}

void
smtp_session_start(struct smtp_session *session)
{
	smtp_greet(session);
}

void
smtp_session_close(struct smtp_session *session)
{
	smtp_transaction_drop(session);
	session->phase = SMTP_CLOSED;
}

/* --- the transaction ----------------------------------------------------- */

void
smtp_transaction_reset(struct smtp_session *session)
{
	struct envelope *envelope = &session->envelope;

	envelope_reset(envelope);
	envelope->has_peer = session->peer.has_addr && !session->hasty;
	envelope->peer = session->peer.addr;
	memcpy(envelope->helo, session->helo, sizeof(envelope->helo));
	session->has_sender = false;
	session->at_fault = false;
	session->forwarded = false;
	session->local = false;
	session->data_bytes = 0;
	session->data_error = BS_OK;
}

void
smtp_transaction_drop(struct smtp_session *session)
{
	if (session->phase == SMTP_COMMANDS && session->has_sender &&
	    session->envelope.trap_count > 0 && !session->at_fault)
		session->sink.unused(session->sink.context, &session->envelope);
	smtp_transaction_reset(session);
}

void
smtp_session_reset(struct smtp_session *session)
{
	session->greeted = false;
	session->helo[0] = '\0';
	smtp_transaction_reset(session);
}

/* --- lines --------------------------------------------------------------- */

/* Too many commands or errors: no client needs them. */
static bool
is_over(struct smtp_session *session)
{
	const struct smtp_settings *settings = session->settings;

	if (session->phase != SMTP_COMMANDS)
		return false;
	if (session->errors < settings->errors_max &&
	    session->commands < settings->commands_max)
		return false;
	smtp_reply(session, 421, "4.7.0", "%s too many %s, closing",
	    settings->hostname,
	    session->errors >= settings->errors_max ? "errors" : "commands");
	smtp_session_close(session);
	return true;
}

/* No command begins so; TLS and other binary protocols do. */
static bool
is_foreign(const struct smtp_session *session)
{
	char c = session->line[0];

	return session->line_size > 0 && !(c >= 'A' && c <= 'Z') &&
	       !(c >= 'a' && c <= 'z') && c != ' ' && c != '\t';
}

static void
run_line(struct smtp_session *session)
{
	struct smtp_command command;

	session->commands++;
	if (is_foreign(session))
		smtp_run_foreign(session, NULL);
	else if (session->line_long)
		smtp_reply(session, 500, "5.5.2", "Line longer than %d bytes",
		    SMTP_LINE_MAX);
	else if (smtp_command_parse(
		     session->line, session->line_size, &command) != BS_OK)
		smtp_reply(session, 500, "5.5.2",
		    "Control characters, or no UTF-8, in a command");
	else
		runs[command.verb](session, &command);
	session->line_size = 0;
	session->line_long = false;
	if (!session->greeted) /* nor may anything be sent ahead before EHLO */
		session->unheard = true;
	(void)is_over(session);
}

static void
refuse_bare_lf(struct smtp_session *session)
{
	smtp_reply(session, 521, "5.5.2", "%s lines must end in CRLF, closing",
	    session->settings->hostname);
	session->at_fault = true; /* it ends by us: no callout */
	smtp_session_close(session);
}

static void
put_byte(struct smtp_session *session, char c)
{
	if (session->line_size < SMTP_LINE_MAX - 2)
		session->line[session->line_size++] = c;
	else
		session->line_long = true;
}

/* Reads up to the end of one line. */
static size_t
read_line(struct smtp_session *session, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char c = bytes[i];

		if (c == '\n' && !session->line_cr) {
			refuse_bare_lf(session);
			return i + 1;
		}
		if (c == '\n') {
			session->line_cr = false;
			run_line(session);
			return i + 1;
		}
		if (session->line_cr)
			put_byte(session, '\r'); /* bare: refused later */
		session->line_cr = c == '\r';
		if (!session->line_cr)
			put_byte(session, c);
	}
	return size;
}

/* What follows EHLO must wait for its reply (RFC 2920 section 3.1), as must what
 * comes before it, and every mail server's does.  Where it does not, somebody has another program send a
 * text of his: its host is no source.  Hosts of ours speak for others. */
static void
note_haste(struct smtp_session *session)
{
	if (!session->unheard || session->peer.may_xclient ||
	    session->peer.may_xforward)
		return;
	session->hasty = true;
	session->envelope.has_peer = false;
}

size_t
smtp_session_read(struct smtp_session *session, const char *bytes, size_t size)
{
	size_t used = 0;

	while (used < size && session->out_size < SMTP_OUTPUT_HIGH) {
		note_haste(session);
		if (session->phase == SMTP_COMMANDS)
			used += read_line(session, bytes + used, size - used);
		else if (session->phase == SMTP_TEXT)
			used +=
			    smtp_text_read(session, bytes + used, size - used);
		else
			break;
	}
	return used;
}

/* --- what the owner asks ------------------------------------------------- */

enum smtp_action
smtp_session_action(const struct smtp_session *session)
{
	static const enum smtp_action actions[] = {
	    [SMTP_COMMANDS] = SMTP_READ,
	    [SMTP_TEXT] = SMTP_READ,
	    [SMTP_JUDGING] = SMTP_MESSAGE,
	    [SMTP_TLS] = SMTP_START_TLS,
	    [SMTP_CLOSED] = SMTP_CLOSE,
	};

	return actions[session->phase];
}

bool
smtp_session_has_quit(const struct smtp_session *session)
{
	return session->has_quit;
}

const struct envelope *
smtp_session_envelope(const struct smtp_session *session)
{
	return &session->envelope;
}

bool
smtp_session_in_data(const struct smtp_session *session)
{
	return session->phase == SMTP_TEXT;
}

/* --- events -------------------------------------------------------------- */

void
smtp_session_tls_started(struct smtp_session *session)
{
	if (session->phase != SMTP_TLS)
		return;
	session->phase = SMTP_COMMANDS;
	session->encrypted = true;
	session->line_size = 0;
	session->line_cr = false;
	session->line_long = false;
	smtp_session_reset(session);
}

void
smtp_session_time_out(struct smtp_session *session)
{
	if (session->phase == SMTP_CLOSED || session->phase == SMTP_JUDGING)
		return;
	/* before the reply: the fault is the client's */
	smtp_transaction_drop(session);
	smtp_reply(session, 421, "4.4.2", "%s timeout, closing",
	    session->settings->hostname);
	session->phase = SMTP_CLOSED;
}

static void
end_now(struct smtp_session *session, const char *why)
{
	smtp_reply(session, 421, "4.3.2", "%s %s, closing",
	    session->settings->hostname, why);
	smtp_session_close(session);
}

void
smtp_session_shut_down(struct smtp_session *session)
{
	session->ending = true;
	session->at_fault = true;
	if (session->phase == SMTP_COMMANDS || session->phase == SMTP_TLS)
		end_now(session, "shutting down");
}

void
smtp_session_give_up(struct smtp_session *session)
{
	bool complete = session->phase == SMTP_JUDGING;

	session->at_fault = true;
	if (session->phase == SMTP_CLOSED)
		return;
	smtp_reply(session, 421, "4.3.2", "%s shutting down, closing",
	    session->settings->hostname);
	if (complete)
		session->phase = SMTP_CLOSED;
	else
		smtp_session_close(session);
}

static void
cut_short(struct smtp_session *session, const char *why)
{
	session->at_fault = true;
	if (session->phase != SMTP_JUDGING && session->phase != SMTP_CLOSED)
		end_now(session, why);
}

void
smtp_session_evict(struct smtp_session *session)
{
	cut_short(session, "too many connections");
}

void
smtp_session_outlive(struct smtp_session *session)
{
	cut_short(session, "session too long");
}

void
smtp_session_end(struct smtp_session *session)
{
	if (session->phase != SMTP_CLOSED)
		smtp_session_close(session);
}
