/*
 * MAIL: the sender and what it says of the message (RFC 5321 section 4.1.1.2).
 *
 * A size beyond what is kept is no reason to refuse, as long as we would read
 * it on: a bounce that is too large is one all the same.
 */
#include "autoconf.h"

#include <inttypes.h>

#include "smtp_private.h"
#include "smtpaddress.h"

/* What smtp_params_parse found wrong. */
static void
refuse_params(struct smtp_session *session, int rc)
{
	if (rc == BS_ENOTFOUND)
		smtp_reply(session, 555, "5.5.4", "Parameter not offered");
	else
		smtp_reply(session, 501, "5.5.4", "Malformed parameter");
}

static bool
may_begin(struct smtp_session *session)
{
	if (!session->greeted) {
		smtp_reply(session, 503, "5.5.1", "Say %s first",
		    session->settings->lmtp ? "LHLO" : "EHLO");
		return false;
	}
	if (session->has_sender) {
		smtp_reply(session, 503, "5.5.1", "There is a sender already");
		return false;
	}
	return true;
}

/* Whether what is kept of so large a message fits on the disk. */
static bool
has_room(const struct smtp_settings *settings, uint64_t size)
{
	if (size > settings->size_max)
		size = settings->size_max;
	return settings->spare_bytes == NULL || size <= settings->memory_max ||
	       size <= *settings->spare_bytes;
}

static void
begin(struct smtp_session *session, const struct smtp_address *sender,
    const struct smtp_params *params)
{
	struct envelope *envelope = &session->envelope;

	smtp_address_join(sender->local, sender->domain, envelope->sender);
	envelope->utf8 = params->utf8;
	session->has_sender = true;
	session->at_fault = false;
	smtp_reply(session, 250, "2.1.0", "Ok");
}

void
smtp_run_mail(struct smtp_session *session, struct smtp_command *command)
{
	struct smtp_address sender;
	struct smtp_params params;
	size_t used;
	int rc;

	if (!may_begin(session))
		return;
	if (!smtp_command_keyword(command, "FROM")) {
		smtp_reply(session, 501, "5.5.4", "Write MAIL FROM:<address>");
		return;
	}
	rc = smtp_address_parse(
	    command->argument, command->argument_size, &sender, &used);
	if (rc != BS_OK) {
		smtp_reply(session, 501, "5.1.7", "Malformed sender address");
		return;
	}
	rc = smtp_params_parse(
	    command->argument + used, command->argument_size - used, &params);
	if (rc != BS_OK)
		refuse_params(session, rc);
	else if (params.size > session->settings->discard_max)
		smtp_reply(session, 552, "5.3.4",
		    "Message larger than %" PRIu64 " bytes",
		    session->settings->size_max);
	else if (!has_room(session->settings, params.size))
		smtp_reply(session, 452, "4.3.1", SMTP_NO_ROOM);
	else if (sender.utf8 && !params.utf8)
		smtp_reply(session, 553, "5.6.7", "Needs SMTPUTF8");
	else
		begin(session, &sender, &params);
}
