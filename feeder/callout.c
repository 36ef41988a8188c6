/*
 * Tells callouts from other sessions without a message.  That traps were
 * accepted and that it was no fault of ours is the session's to know
 * (smtp_session.c); called by room.c.
 */
#include "autoconf.h"

#include <string.h>

#include "callout.h"
#include "recipients.h"

static bool
is_probe_sender(const struct bs_config *config, const char *sender)
{
	char lower[ENVELOPE_ADDRESS_MAX + 1];
	size_t i = 0;

	for (; sender[i] != '\0'; i++)
		lower[i] = (char)(sender[i] >= 'A' && sender[i] <= 'Z'
				      ? sender[i] + 'a' - 'A'
				      : sender[i]);
	lower[i] = '\0';
	if (lower[0] == '\0')
		strcpy(lower, "<>");
	for (i = 0; i < config->callout_sender_count; i++) {
		if (recipients_fits(config->callout_senders[i], lower))
			return true;
	}
	return false;
}

static bool
is_monitor(const struct bs_config *config, const struct envelope *envelope)
{
	return bs_prefix_any_has(config->callout_monitors,
	    config->callout_monitor_count, &envelope->peer);
}

bool
callout_is(const struct bs_config *config, const struct envelope *envelope)
{
	return envelope->has_peer && envelope->trap_count > 0 &&
	       !is_monitor(config, envelope) &&
	       is_probe_sender(config, envelope->sender);
}
