/*
 * Decides what a name is.  An IPv4 listing stands in the zone as a wildcard at
 * the next full octet, an IPv6 one at the next nibble (single names where that
 * is a whole address), so that a secondary with the transferred zone answers
 * what we answer; what is above a listing exists and is empty, what is below a
 * wildcard and not otherwise there is the wildcard's.  No wildcard stands above
 * what is exempt: it would list that too; so it stands further down, beside
 * the hole, once for each sibling on the way.  Called by respond.c.
 */
#include "autoconf.h"

#include "testpoint.h"

#include "content.h"
#include "revname.h"

static struct content
plain(enum content_kind kind)
{
	return (struct content){.kind = kind};
}

/* A whole address. */
static struct content
find_address(const struct zone *zone, const struct lookup *lookup,
    const struct bs_addr *addr)
{
	struct content content = {.prefix = bs_prefix_single(addr)};
	struct bs_cover cover;

	if (bs_testpoint_never(&content.prefix))
		return plain(CONTENT_NONE);
	if (bs_testpoint_find(addr, zone->classes, &content.classes)) {
		content.kind = CONTENT_LISTED;
		content.test = true;
		return content;
	}
	if (lookup->error != 0 ||
	    lookup->cover(lookup->context, addr, zone->classes, &cover) != 0)
		return plain(CONTENT_ERROR);
	content.classes = cover.classes;
	if (content.classes == 0)
		return plain(CONTENT_NONE);
	content.kind = CONTENT_LISTED;
	content.prefix = cover.narrowest;
	return content;
}

/*
 * Whether the first `bits` bits of an IPv4 prefix are octets of one digit
 * each.  No wildcard stands below such labels, it would list IPv6 addresses:
 * `*.4.2` is 2.4.0.0/16 and 2400::/8.
 */
static bool
looks_like_ipv6(const struct bs_prefix *prefix, unsigned bits)
{
	if (prefix->addr.family != BS_IPV4)
		return false;
	for (unsigned i = 0; i < bits / 8; i++)
		if (prefix->addr.octet[i] > 9)
			return false;
	return true;
}

/* Whether a prefix that has no listing inside lies strictly below the wildcard
 * by which a listing stands in the zone that may do so from `from` bits on. */
static bool
below_wildcard(const struct bs_prefix *prefix, unsigned from)
{
	unsigned step = prefix->addr.family == BS_IPV4 ? 8 : 4;
	unsigned wildcard = (from + step - 1) / step * step;

	while (wildcard < prefix->bits && looks_like_ipv6(prefix, wildcard))
		wildcard += step;
	return wildcard < prefix->bits;
}

/* A name shorter than an address: what is above listings is empty. */
static struct content
find_partial(const struct zone *zone, const struct lookup *lookup,
    const struct bs_prefix *prefix)
{
	struct content content = {.kind = CONTENT_LISTED};
	struct bs_cover cover;
	unsigned clear;
	bool any;

	if (bs_testpoint_inside(prefix, zone->classes))
		return plain(CONTENT_EMPTY);
	if (lookup->error != 0 || lookup->any_inside(lookup->context, prefix,
				      zone->classes, &any) != 0)
		return plain(CONTENT_ERROR);
	if (any)
		return plain(CONTENT_EMPTY);
	/* no listing inside, so what is not exempt is covered, or nothing */
	if (lookup->cover_prefix(
		lookup->context, prefix, zone->classes, &cover, &clear) != 0)
		return plain(CONTENT_ERROR);
	content.classes = cover.classes;
	if (content.classes == 0)
		return plain(CONTENT_NONE);
	if (clear < cover.narrowest.bits)
		clear = cover.narrowest.bits;
	if (!below_wildcard(prefix, clear))
		return plain(CONTENT_EMPTY);
	content.prefix = cover.narrowest;
	return content;
}

static struct content
find_in_family(const struct zone *zone, const struct lookup *lookup,
    const struct bs_prefix *prefix)
{
	if (bs_prefix_is_single(prefix))
		return find_address(zone, lookup, &prefix->addr);
	return find_partial(zone, lookup, prefix);
}

/* A name may be of both trees: what exists in either exists. */
static struct content
find_reversed(const struct zone *zone, const struct lookup *lookup,
    const struct revname *revname)
{
	struct content content = plain(CONTENT_NONE);
	struct content other;

	if (revname->is_ipv4)
		content = find_in_family(zone, lookup, &revname->ipv4);
	if (!revname->is_ipv6 || content.kind == CONTENT_LISTED ||
	    content.kind == CONTENT_ERROR)
		return content;
	other = find_in_family(zone, lookup, &revname->ipv6);
	return other.kind == CONTENT_NONE ? content : other;
}

struct content
content_find(const struct zone *zone, const struct lookup *lookup,
    const uint8_t *labels, size_t size)
{
	struct content content = plain(CONTENT_NONE);
	struct revname revname;

	if (size > 0 && revname_parse(labels, size, &revname))
		return find_reversed(zone, lookup, &revname);
	content.node = zone_find_node(zone, labels, size);
	if (content.node != NULL)
		content.kind = content.node->set_count > 0 ? CONTENT_STATIC
							   : CONTENT_EMPTY;
	return content;
}
