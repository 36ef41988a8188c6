/*
 * XCLIENT and XFORWARD: hosts that the configuration names say which client
 * they speak for (Postfix's XCLIENT_README and XFORWARD_README).
 *
 * XCLIENT is for the whole session, which begins anew; XFORWARD for the next
 * message.  Who is named there is the source; nobody where it is not known.
 */
#include "autoconf.h"

#include <string.h>

#include "smtp_private.h"
#include "smtpxattr.h"

/* Reads the attributes; false: refused. */
static bool
read_attributes(struct smtp_session *session,
    const struct smtp_command *command, bool allowed, struct smtp_xattr *attr)
{
	if (!allowed) {
		smtp_reply(session, 550, "5.7.1",
		    "Not from here: see `trusted` of the configuration");
		return false;
	}
	if (session->has_sender) {
		smtp_reply(session, 503, "5.5.1", "Too late: MAIL was said");
		return false;
	}
	if (smtp_xattr_parse(command->argument, command->argument_size, attr) !=
	    BS_OK) {
		smtp_reply(session, 501, "5.5.4", "Malformed attributes");
		return false;
	}
	return true;
}

void
smtp_run_xclient(struct smtp_session *session, struct smtp_command *command)
{
	struct smtp_xattr attr;

	if (!read_attributes(
		session, command, session->peer.may_xclient, &attr))
		return;
	if (attr.has_addr) {
		session->peer.has_addr = attr.addr_known;
		session->peer.addr = attr.addr;
	}
	smtp_session_reset(session);
	if (attr.has_helo) {
		memcpy(session->helo, attr.helo, sizeof(session->helo));
		smtp_transaction_reset(session);
	}
	smtp_greet(session);
}

void
smtp_run_xforward(struct smtp_session *session, struct smtp_command *command)
{
	struct envelope *envelope = &session->envelope;
	struct smtp_xattr attr;

	if (!read_attributes(
		session, command, session->peer.may_xforward, &attr))
		return;
	/* the relay's own name and address are nobody's any more */
	if (!session->forwarded) {
		envelope->has_peer = false;
		envelope->helo[0] = '\0';
	}
	session->forwarded = true;
	if (attr.has_addr) {
		envelope->has_peer = attr.addr_known;
		envelope->peer = attr.addr;
	}
	session->local |= attr.local;
	if (session->local)
		envelope->has_peer = false;
	if (attr.has_helo)
		memcpy(envelope->helo, attr.helo, sizeof(envelope->helo));
	smtp_reply(session, 250, "2.0.0", "Ok");
}
