/*
 * HELO, EHLO, LHLO and STARTTLS: what a session begins with (RFC 5321 section
 * 4.1.1.1, RFC 2033 section 4.1, RFC 3207).
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "smtp_private.h"

/* Takes the client's name; false: it was refused. */
static bool
take_name(struct smtp_session *session, const struct smtp_command *command)
{
	const char *blank =
	    memchr(command->argument, ' ', command->argument_size);
	size_t size = blank != NULL ? (size_t)(blank - command->argument)
				    : command->argument_size;

	if (size == 0 || size > ENVELOPE_HELO_MAX) {
		smtp_reply(session, 501, "5.5.4",
		    size == 0 ? "Say your host name" : "Host name too long");
		return false;
	}
	smtp_transaction_drop(session);
	memcpy(session->helo, command->argument, size);
	session->helo[size] = '\0';
	session->greeted = true;
	session->unheard = true;
	smtp_transaction_reset(session);
	return true;
}

static void
say_extensions(struct smtp_session *session)
{
	const struct smtp_settings *settings = session->settings;

	smtp_reply_more(session, 250, "%s", settings->hostname);
	smtp_reply_more(session, 250, "PIPELINING");
	smtp_reply_more(session, 250, "SIZE %" PRIu64, settings->size_max);
	if (settings->tls && !session->encrypted)
		smtp_reply_more(session, 250, "STARTTLS");
	if (session->peer.may_xclient)
		smtp_reply_more(session, 250,
		    "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR "
		    "DESTPORT");
	if (session->peer.may_xforward)
		smtp_reply_more(session, 250,
		    "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE");
	smtp_reply_more(session, 250, "ENHANCEDSTATUSCODES");
	smtp_reply_more(session, 250, "8BITMIME");
	smtp_reply(session, 250, "", "SMTPUTF8");
}

void
smtp_run_helo(struct smtp_session *session, struct smtp_command *command)
{
	if (session->settings->lmtp)
		smtp_reply(session, 500, "5.5.1", "This is LMTP: say LHLO");
	else if (take_name(session, command))
		smtp_reply(session, 250, "", "%s", session->settings->hostname);
}

void
smtp_run_ehlo(struct smtp_session *session, struct smtp_command *command)
{
	if (session->settings->lmtp)
		smtp_reply(session, 500, "5.5.1", "This is LMTP: say LHLO");
	else if (take_name(session, command))
		say_extensions(session);
}

void
smtp_run_lhlo(struct smtp_session *session, struct smtp_command *command)
{
	if (!session->settings->lmtp)
		smtp_reply(session, 500, "5.5.1", "This is SMTP: say EHLO");
	else if (take_name(session, command))
		say_extensions(session);
}

void
smtp_run_starttls(struct smtp_session *session, struct smtp_command *command)
{
	if (!session->settings->tls) {
		smtp_reply(session, 502, "5.5.1", "No TLS here");
	} else if (command->argument_size > 0) {
		smtp_reply(session, 501, "5.5.4", "STARTTLS stands alone");
	} else if (session->encrypted) {
		smtp_reply(session, 503, "5.5.1", "TLS is on already");
	} else {
		smtp_transaction_reset(session);
		smtp_reply(session, 220, "2.0.0", "Go ahead");
		session->phase = SMTP_TLS;
	}
}
