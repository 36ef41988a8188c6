/*
 * RCPT: traps and roles are accepted, all others refused here, in the session,
 * so that we never have to send a bounce (RFC 5321 section 4.1.1.3).
 */
#include "autoconf.h"

#include "smtp_private.h"
#include "smtpaddress.h"

static void
take(struct smtp_session *session, const struct smtp_address *address)
{
	char name[ENVELOPE_ADDRESS_MAX + 1];
	enum recipient_kind kind =
	    recipients_find(session->settings->recipients, address, name);

	if (kind == RECIPIENT_UNKNOWN)
		smtp_reply(session, 550, "5.1.1", "No such recipient here");
	else if (session->envelope.recipient_count >=
		 session->settings->recipients_max)
		smtp_reply(session, 452, "4.5.3", "Too many recipients");
	else if (envelope_add(&session->envelope, name, kind) != BS_OK)
		smtp_reply(session, 452, "4.3.1", "Out of memory");
	else
		smtp_reply(session, 250, "2.1.5", "Ok");
}

void
smtp_run_rcpt(struct smtp_session *session, struct smtp_command *command)
{
	struct smtp_address address;
	size_t used;

	if (!session->has_sender) {
		smtp_reply(session, 503, "5.5.1", "Say MAIL first");
		return;
	}
	if (!smtp_command_keyword(command, "TO")) {
		smtp_reply(session, 501, "5.5.4", "Write RCPT TO:<address>");
		return;
	}
	if (smtp_address_parse(command->argument, command->argument_size,
		&address, &used) != BS_OK ||
	    address.null) {
		smtp_reply(
		    session, 501, "5.1.3", "Malformed recipient address");
		return;
	}
	if (used < command->argument_size)
		smtp_reply(session, 555, "5.5.4", "Parameter not offered");
	else if (address.utf8 && !session->envelope.utf8)
		smtp_reply(session, 553, "5.6.7", "Needs SMTPUTF8");
	else
		take(session, &address);
}
