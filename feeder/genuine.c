/*
 * Tells whether a notice answers mail of ours: by a tag that only our keys
 * make, else by the way that the returned message went.  A spammer may write
 * any Received line into what is returned, but can't make us list an innocent
 * host by it: lines that name our relays only speak for "ours", and "not ours"
 * is said only of a header that is complete and sound.  Pure; judge.c calls it.
 */
#include "autoconf.h"

#include <string.h>
#include <strings.h>

#include "genuine.h"
#include "headertag.h"
#include "received.h"
#include "reserved.h"
#include "returned.h"

static const char *const texts[] = {
    [GENUINE_RELAY] = "the returned message passed a relay of ours",
    [GENUINE_FOREIGN] = "the returned message never passed a relay of ours",
    [GENUINE_UNTAGGED] = "no valid tag, and all mail of this domain has one",
    [GENUINE_UNKNOWN] =
	"to a domain that sends mail, and no proof that it did not send this",
    [GENUINE_TRAP] = "to a domain that never sends mail",
};

const char *
genuine_text(enum genuine genuine)
{
	return texts[genuine];
}

/* --- tags ----------------------------------------------------------------- */

/* The address of a Return-Path: in <>, or bare. */
static bool
check_return_path(
    const struct bs_tag_keys *keys, const char *value, struct bs_tag *tag_r)
{
	value += strspn(value, " \t<");
	return bs_batv_check(keys, value, strcspn(value, "> \t\r\n"), tag_r);
}

static bool
find_tag(const struct bs_tag_keys *keys, const struct facts *facts,
    const struct returned *returned, struct bs_tag *tag_r)
{
	struct bs_headertag_fields fields = {
	    returned->message_id, returned->date};

	for (size_t i = 0; i < facts->tagged_count; i++) {
		if (bs_batv_check(keys, facts->tagged[i],
			strlen(facts->tagged[i]), tag_r))
			return true;
	}
	return check_return_path(keys, returned->return_path, tag_r) ||
	       bs_headertag_check(keys, returned->tag, &fields, tag_r);
}

/* --- the way that it went ------------------------------------------------- */

static bool
is_relay(const struct bs_config *config, const struct received *line)
{
	if (line->peer == RECEIVED_ADDRESS &&
	    bs_prefix_any_has(config->relays, config->relay_count, &line->addr))
		return true;
	for (size_t i = 0; i < config->mailbox_by_count; i++) {
		if (line->by[0] != '\0' &&
		    strcasecmp(config->mailbox_by[i], line->by) == 0)
			return true;
	}
	return false;
}

/* Whether mail of ours that was handed on from such an address can be told from
 * others' by it: some relay must be named by an address that it is seen with,
 * which private space is not, nor IPv4 where mail leaves by IPv6. */
static bool
can_tell(const struct bs_config *config, uint8_t family)
{
	for (size_t i = 0; i < config->relay_count; i++) {
		if (config->relays[i].addr.family == family &&
		    bs_reserved_overlap(&config->relays[i], true) == NULL)
			return true;
	}
	return false;
}

static bool
is_public(const struct received *line)
{
	const struct bs_reserved *reserved;

	if (line->peer != RECEIVED_ADDRESS)
		return false;
	reserved = bs_reserved_find(&line->addr);
	return reserved == NULL || reserved->documentation;
}

/* Only a header with all that a message has says that it was not ours. */
static bool
is_complete(const struct returned *returned)
{
	return !returned->received_cut && returned->has_from &&
	       returned->message_id[0] != '\0' && returned->date[0] != '\0';
}

static enum genuine
way_of(const struct bs_config *config, const struct returned *returned)
{
	bool sound = is_complete(returned);
	size_t addresses = 0;

	for (size_t i = 0; i < returned->received_count; i++) {
		struct received line;

		received_parse(returned->received[i], &line);
		if (is_relay(config, &line))
			return GENUINE_RELAY;
		addresses += is_public(&line);
		sound =
		    sound &&
		    (!is_public(&line) || can_tell(config, line.addr.family)) &&
		    line.peer != RECEIVED_MALFORMED &&
		    line.peer != RECEIVED_AMBIGUOUS &&
		    line.peer != RECEIVED_DOUBTFUL;
	}
	return sound && addresses > 0 ? GENUINE_FOREIGN : GENUINE_UNKNOWN;
}

/* --- all of it ------------------------------------------------------------ */

static bool
sends_mail(const struct bs_config *config, const char *trap)
{
	const char *at = strrchr(trap, '@');

	for (size_t i = 0; at != NULL && i < config->tag_domain_count; i++) {
		if (strcasecmp(config->tag_domains[i], at + 1) == 0)
			return true;
	}
	return false;
}

void
genuine_find(const struct bs_config *config, const struct bs_tag_keys *keys,
    const struct facts *facts, const char *trap, struct genuine_found *found_r)
{
	bool sends = sends_mail(config, trap);
	struct returned returned;

	*found_r = (struct genuine_found){.without = GENUINE_TRAP};
	if (keys->count == 0 && !sends)
		return;
	returned_read(facts->returned, facts->returned_size,
	    config->tag_header != NULL ? config->tag_header
				       : BS_HEADERTAG_DEFAULT,
	    &returned);
	found_r->has_tag = find_tag(keys, facts, &returned, &found_r->tag);
	if (!sends)
		return;
	found_r->without = way_of(config, &returned);
	if (found_r->without == GENUINE_UNKNOWN && config->tag_all)
		found_r->without = GENUINE_UNTAGGED;
}
