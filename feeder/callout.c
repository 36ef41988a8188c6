/*
 * Tells callouts from other sessions without a message.  That traps were
 * accepted and that it was no fault of ours is the session's to know
 * (smtp_session.c); called by room.c.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "batv.h"
#include "callout.h"
#include "recipients.h"
#include "report.h"

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

/* Hosts whose probes have another reason: a reporter's server asks whether the
 * address exists that its reports go to. */
static bool
is_friend(const struct bs_config *config, const struct bs_addr *peer)
{
	return bs_prefix_any_has(config->callout_monitors,
		   config->callout_monitor_count, peer) ||
	       report_of_peer(config, peer) != NULL;
}

/* Whether mail with that sender may have been ours, so that who verifies it is
 * innocent: there is no returned message that could prove the contrary. */
static bool
sends_mail(const struct bs_config *config, const char *trap)
{
	const char *at = strrchr(trap, '@');
	char bare[ENVELOPE_ADDRESS_MAX + 1];

	for (size_t i = 0; at != NULL && i < config->tag_domain_count; i++) {
		if (strcasecmp(config->tag_domains[i], at + 1) == 0)
			return true;
	}
	(void)snprintf(bare, sizeof(bare), "%s", trap);
	bs_batv_strip(bare);
	return config->tag_domain_count > 0 && strcmp(bare, trap) != 0;
}

static bool
asks_for_ours(const struct bs_config *config, const struct envelope *envelope)
{
	for (size_t i = 0; i < envelope->recipient_count; i++) {
		const struct envelope_recipient *one = &envelope->recipient[i];

		if (one->kind == RECIPIENT_TRAP &&
		    sends_mail(config, one->address))
			return true;
	}
	return false;
}

bool
callout_is(const struct bs_config *config, const struct envelope *envelope)
{
	return envelope->has_peer && envelope->trap_count > 0 &&
	       is_probe_sender(config, envelope->sender) &&
	       !is_friend(config, &envelope->peer) &&
	       !asks_for_ours(config, envelope);
}
