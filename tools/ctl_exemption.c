/*
 * How backstopctl prints an exemption, for people and for programs.
 *
 * Reads no clock and no database; `exempt`, `show` and `add` call it.
 */
#include "autoconf.h"

#include <stdbool.h>

#include "clock.h"

#include "ctl_exemption.h"
#include "ctl_listing.h"

#define BY_TEXT_MAX (BS_JOURNAL_ACTOR_MAX + 32)

static char *
by_format(const struct bs_exemption *exemption, char text[BY_TEXT_MAX])
{
	bool config = (exemption->by & BS_EXEMPT_CONFIG) != 0;
	bool command = (exemption->by & BS_EXEMPT_COMMAND) != 0;

	(void)snprintf(text, BY_TEXT_MAX, "%s%s%s",
	    command ? exemption->actor : "", command && config ? "+" : "",
	    config ? "configuration" : "");
	return text;
}

struct bs_json *
ctl_exemption_json(const struct bs_exemption *exemption)
{
	bool config = (exemption->by & BS_EXEMPT_CONFIG) != 0;
	bool command = (exemption->by & BS_EXEMPT_COMMAND) != 0;
	struct bs_json *json = bs_json_object();
	char text[BS_PREFIX_TEXT_MAX];

	bs_json_text(
	    json, "prefix", bs_prefix_format(&exemption->prefix, text));
	bs_json_bool(json, "command", command);
	bs_json_bool(json, "configuration", config);
	ctl_json_time(json, "since", exemption->since_s);
	bs_json_text(json, "actor", command ? exemption->actor : NULL);
	bs_json_text(json, "reason",
	    exemption->reason[0] != '\0' ? exemption->reason : NULL);
	return json;
}

void
ctl_exemption_write_row(const struct bs_exemption *exemption, FILE *out)
{
	char prefix[BS_PREFIX_TEXT_MAX], since[BS_TIME_TEXT_MAX];
	char by[BY_TEXT_MAX];
	struct bs_message reason;

	bs_message_set(&reason, "%s", exemption->reason);
	fprintf(out, "%-18s  %s  %s%s%s\n",
	    bs_prefix_format(&exemption->prefix, prefix),
	    bs_time_format(exemption->since_s, since), by_format(exemption, by),
	    reason.text[0] != '\0' ? "  " : "", reason.text);
}

void
ctl_exemption_words(
    const struct bs_exemption *exemption, struct bs_message *words)
{
	char prefix[BS_PREFIX_TEXT_MAX], by[BY_TEXT_MAX];

	bs_message_set(words, "%s (%s%s%s)",
	    bs_prefix_format(&exemption->prefix, prefix),
	    by_format(exemption, by), exemption->reason[0] != '\0' ? ", " : "",
	    exemption->reason);
}
