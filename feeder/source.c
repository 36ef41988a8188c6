/*
 * Finds the source of a message: walks its Received lines from the top, past
 * what our own side wrote, to the first peer that is not ours.  What the lines
 * say is received.c's; reserved space is told by lib/reserved.  Pure; judge.c
 * calls it.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "received.h"
#include "reserved.h"
#include "source.h"
#include "strput.h"

struct source_trust
source_trust_of(const struct bs_config *config)
{
	return (struct source_trust){
	    .relays = config->relays,
	    .relay_count = config->relay_count,
	    .by = config->mailbox_by,
	    .by_count = config->mailbox_by_count,
	    .hops = config->mailbox_hops,
	};
}

/* The Received lines, each read once as long as one looks at it. */
struct lines {
	char *const *value;
	size_t count;
	size_t at; /* the line that is read; `count`: none yet */
	struct received line;
};

static const struct received *
line_at(struct lines *lines, size_t index)
{
	if (lines->at != index)
		received_parse(lines->value[index], &lines->line);
	lines->at = index;
	return &lines->line;
}

static bool
is_relay(const struct source_trust *trust, const struct bs_addr *addr)
{
	return bs_prefix_any_has(trust->relays, trust->relay_count, addr);
}

static bool
by_is_ours(const struct source_trust *trust, const struct received *received)
{
	if (received->by[0] == '\0')
		return false;
	for (size_t i = 0; i < trust->by_count; i++) {
		if (strcasecmp(trust->by[i], received->by) == 0)
			return true;
	}
	return false;
}

static bool
comes_from_relay(const struct source_trust *trust, const struct received *line)
{
	return line->peer == RECEIVED_ADDRESS && is_relay(trust, &line->addr);
}

/* A step inside one of our hosts (LMTP, a filter's pipe): told by its `by`.  What
 * comes by SMTP from who knows where is none: the line below is the client's. */
static bool
is_inner_step(const struct source_trust *trust, const struct received *line)
{
	return (line->peer == RECEIVED_NO_FROM ||
		   (line->peer == RECEIVED_NO_ADDRESS && !line->from_client)) &&
	       by_is_ours(trust, line);
}

static size_t
count_ours(const struct source_trust *trust, struct lines *lines)
{
	size_t ours = trust->hops < lines->count ? trust->hops : lines->count;

	for (; ours < lines->count; ours++) {
		const struct received *line = line_at(lines, ours);

		if (!by_is_ours(trust, line) && !comes_from_relay(trust, line))
			break;
	}
	return ours;
}

static const char *
refusal(enum received_peer peer)
{
	switch (peer) {
	case RECEIVED_NO_FROM:
		return "has no `from`: an internal step";
	case RECEIVED_NO_ADDRESS:
		return "names no peer address";
	case RECEIVED_MALFORMED:
		return "has a malformed address";
	case RECEIVED_AMBIGUOUS:
		return "has two different addresses";
	case RECEIVED_DOUBTFUL:
		return "may have its address from the client's HELO";
	case RECEIVED_NOT_SMTP:
		return "is no SMTP step";
	case RECEIVED_ADDRESS:
		break;
	}
	return "";
}

/* Reserved space that may stand in mail from outside: samples use it instead
 * of real addresses.  It is reported as what the line says; whether it may be
 * listed is the policy's to say. */
static bool
may_be_a_sample(const struct bs_reserved *reserved, const struct bs_addr *addr)
{
	return reserved->documentation ||
	       (addr->family == BS_IPV4 && (addr->octet[0] & 0xf0) == 0xe0);
}

static size_t
put_reason(struct source *source_r, size_t used, const char *text)
{
	return strput(source_r->reason, used, sizeof source_r->reason, text);
}

/* Which line it is. */
static size_t
put_where(size_t hop, struct source *source_r)
{
	if (hop == 0)
		return put_reason(source_r, 0, "topmost Received");
	return (size_t)snprintf(source_r->reason, sizeof source_r->reason,
	    "Received line %zu", hop + 1);
}

/* Judges the peer of the line at `hop`, the first that is not our side's. */
static void
take_peer(const struct received *line, size_t hop, struct source *source_r)
{
	const struct bs_reserved *reserved;
	char text[BS_ADDR_TEXT_MAX];
	size_t used = put_where(hop, source_r);

	if (line->peer != RECEIVED_ADDRESS) {
		used = put_reason(source_r, used, " ");
		(void)put_reason(source_r, used, refusal(line->peer));
		return;
	}
	reserved = bs_reserved_find(&line->addr);
	used = put_reason(source_r, used, ": peer ");
	used = put_reason(source_r, used, bs_addr_format(&line->addr, text));
	if (reserved != NULL) {
		used = put_reason(source_r, used, " is ");
		(void)put_reason(source_r, used, reserved->name);
	}
	if (reserved != NULL && !may_be_a_sample(reserved, &line->addr))
		return;
	source_r->has_source = true;
	source_r->source = line->addr;
}

/* Whether the walk goes on behind this line; the first one that is not our
 * side's ends it. */
static bool
passes(const struct source_trust *trust, const struct received *line)
{
	return comes_from_relay(trust, line) || is_inner_step(trust, line);
}

/* The first line that the source may be in; false where there is none, and
 * the reason says so. */
static bool
find_start(const struct source_trust *trust, struct lines *lines,
    struct source *source_r)
{
	char *reason = source_r->reason;
	bool by_ours;

	if (lines->count == 0) {
		snprintf(
		    reason, SOURCE_REASON_MAX, "there is no Received line");
		return false;
	}
	if (trust->hops > lines->count) {
		snprintf(reason, SOURCE_REASON_MAX,
		    "fewer Received lines than our own hosts write");
		return false;
	}
	by_ours = by_is_ours(trust, line_at(lines, 0));
	source_r->top_is_ours = trust->hops > 0 || by_ours;
	source_r->ours = count_ours(trust, lines);
	if (trust->by_count > 0 && !by_ours) {
		snprintf(reason, SOURCE_REASON_MAX, "topmost Received %s",
		    line_at(lines, 0)->peer == RECEIVED_DOUBTFUL
			? refusal(RECEIVED_DOUBTFUL)
			: "is not by a host of mailbox.by");
		return false;
	}
	return true;
}

void
source_find(const struct source_trust *trust, char *const *values, size_t count,
    struct source *source_r)
{
	struct lines lines = {.value = values, .count = count, .at = count};
	const struct received *line;
	size_t hop = trust->hops > 0 ? trust->hops - 1 : 0;

	memset(source_r, 0, sizeof *source_r);
	if (!find_start(trust, &lines, source_r))
		return;
	line = line_at(&lines, hop);
	while (passes(trust, line)) {
		if (++hop == count) {
			snprintf(source_r->reason, sizeof source_r->reason,
			    "all Received lines are our side's");
			return;
		}
		line = line_at(&lines, hop);
	}
	take_peer(line, hop, source_r);
	if (source_r->has_source && by_is_ours(trust, line))
		memcpy(source_r->helo, line->helo, sizeof source_r->helo);
}
