/*
 * The commands that change little: RSET, NOOP, VRFY, EXPN, HELP, QUIT, and
 * those that we don't know.
 *
 * A web client, or TLS that nobody asked for, may have been made to connect by
 * somebody who has put commands of SMTP into what it sends.  Its host must not
 * be listed for that: the session ends at the first line.  Nor must a proxy of
 * ours that trusted.proxy has been forgotten for.
 */
#include "autoconf.h"

#include "smtp_private.h"

void
smtp_run_rset(struct smtp_session *session, struct smtp_command *command)
{
	if (command->argument_size > 0) {
		smtp_reply(session, 501, "5.5.4", "RSET stands alone");
		return;
	}
	smtp_transaction_drop(session);
	smtp_reply(session, 250, "2.0.0", "Ok");
}

void
smtp_run_noop(struct smtp_session *session, struct smtp_command *command)
{
	(void)command;
	smtp_reply(session, 250, "2.0.0", "Ok");
}

/* The same for each address: whether it is a trap is secret. */
void
smtp_run_vrfy(struct smtp_session *session, struct smtp_command *command)
{
	(void)command;
	smtp_reply(session, 252, "2.0.0", "Send it and see");
}

void
smtp_run_expn(struct smtp_session *session, struct smtp_command *command)
{
	(void)command;
	smtp_reply(session, 502, "5.5.1", "No lists here");
}

void
smtp_run_help(struct smtp_session *session, struct smtp_command *command)
{
	(void)command;
	smtp_reply(session, 214, "2.0.0", "This host takes mail: see RFC 5321");
}

void
smtp_run_quit(struct smtp_session *session, struct smtp_command *command)
{
	if (command->argument_size > 0) {
		smtp_reply(session, 501, "5.5.4", "QUIT stands alone");
		return;
	}
	smtp_reply(
	    session, 221, "2.0.0", "%s closing", session->settings->hostname);
	session->has_quit = true;
	smtp_session_close(session);
}

void
smtp_run_unknown(struct smtp_session *session, struct smtp_command *command)
{
	(void)command;
	smtp_reply(session, 500, "5.5.2", "Unknown command");
}

void
smtp_run_foreign(struct smtp_session *session, struct smtp_command *command)
{
	(void)command;
	smtp_reply(session, 521, "5.5.2", "%s takes mail only, closing",
	    session->settings->hostname);
	session->at_fault = true; /* no callout either */
	smtp_session_close(session);
}
