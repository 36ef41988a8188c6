/*
 * Decides what a name is, by a bounded number of questions about listings and
 * exemptions and without allocating: it says what RFC 4592 says about the set
 * of names that lib/zonecontent.c makes of them, and tests hold it to that.
 *
 * So: below a node that is even (all of it gets its answer from the same
 * listings) stands a wildcard, one at the widest such node; what lies below
 * the wildcard, address or not, gets its answer; what is above a listed address
 * and not below a wildcard exists and is empty.  Called by respond.c.
 */
#include "autoconf.h"

#include "testpoint.h"
#include "zonename.h"

#include "content.h"
#include "revname.h"
#include "zone_links.h"

static struct content
plain(enum content_kind kind)
{
	return (struct content){.kind = kind};
}

static struct content
listed(bs_classes classes, const struct bs_prefix *prefix)
{
	return (struct content){
	    .kind = CONTENT_LISTED,
	    .classes = classes,
	    .prefix = *prefix,
	};
}

/* Whether all of it lies in ::ffff:0:0/96, where only test points are. */
static bool
is_mapped(const struct bs_prefix *prefix)
{
	struct bs_prefix unmapped;

	if (prefix->addr.family == BS_IPV4)
		return false;
	unmapped = *prefix;
	bs_prefix_unmap(&unmapped);
	return unmapped.addr.family != prefix->addr.family;
}

/* A whole address. */
static struct content
find_address(const struct zone *zone, const struct lookup *lookup,
    const struct bs_prefix *single)
{
	const struct bs_addr *addr = &single->addr;
	struct content content;
	struct bs_cover cover;

	if (bs_testpoint_find(addr, zone->classes, &content.classes)) {
		content = listed(content.classes, single);
		content.test = true;
		return content;
	}
	if (bs_testpoint_never(single) || is_mapped(single))
		return plain(CONTENT_NONE);
	if (lookup->error != 0 ||
	    lookup->cover(lookup->context, addr, zone->classes, &cover) != 0)
		return plain(CONTENT_ERROR);
	if (cover.classes == 0)
		return plain(CONTENT_NONE);
	return listed(cover.classes, &cover.narrowest);
}

/* Whether a listing that the zone serves lies inside a node and is narrower:
 * asks for its two halves, as the node may be a listing itself. */
static int
any_narrower(const struct zone *zone, const struct lookup *lookup,
    const struct bs_prefix *node, bool *any_r)
{
	struct bs_prefix half = bs_prefix_of(&node->addr, node->bits + 1u);
	int error =
	    lookup->any_inside(lookup->context, &half, zone->classes, any_r);

	if (error != 0 || *any_r)
		return error;
	half.addr.octet[node->bits / 8] |= (uint8_t)(0x80 >> node->bits % 8);
	return lookup->any_inside(lookup->context, &half, zone->classes, any_r);
}

/*
 * What the wildcard answers that stands at a node or above it; NONE where
 * there is none.  `cover` and `clear` are of the node or of one inside it.
 */
static struct content
wildcard_of(const struct zone *zone, const struct lookup *lookup,
    const struct bs_prefix *node, const struct bs_cover *cover, unsigned clear)
{
	bool any;

	if (cover->classes == 0 || cover->narrowest.bits > node->bits ||
	    clear > node->bits || !bs_zonename_may_stand(node) ||
	    bs_testpoint_inside(node, zone->classes))
		return plain(CONTENT_NONE);
	if (any_narrower(zone, lookup, node, &any) != 0)
		return plain(CONTENT_ERROR);
	return any ? plain(CONTENT_NONE)
		   : listed(cover->classes, &cover->narrowest);
}

/* The node above one. */
static struct bs_prefix
parent_of(const struct bs_prefix *node)
{
	return bs_prefix_of(
	    &node->addr, node->bits - bs_zonename_step(node->addr.family));
}

/* A name shorter than an address. */
static struct content
find_partial(const struct zone *zone, const struct lookup *lookup,
    const struct bs_prefix *node)
{
	const struct bs_prefix parent = parent_of(node);
	struct content content;
	struct bs_cover cover;
	unsigned clear;
	bool any;

	if (bs_testpoint_inside(node, zone->classes))
		return plain(CONTENT_EMPTY);
	if (is_mapped(node))
		return plain(CONTENT_NONE);
	if (lookup->error != 0 ||
	    lookup->any_inside(lookup->context, node, zone->classes, &any) != 0)
		return plain(CONTENT_ERROR);
	if (any)
		return plain(CONTENT_EMPTY);
	/* no listing inside, so what is not exempt is covered, or nothing */
	if (lookup->cover_prefix(
		lookup->context, node, zone->classes, &cover, &clear) != 0)
		return plain(CONTENT_ERROR);
	if (cover.classes == 0)
		return plain(CONTENT_NONE);
	content = wildcard_of(zone, lookup, &parent, &cover, clear);
	return content.kind == CONTENT_NONE ? plain(CONTENT_EMPTY) : content;
}

static struct content
find_in_family(const struct zone *zone, const struct lookup *lookup,
    const struct bs_prefix *node)
{
	if (bs_prefix_is_single(node))
		return find_address(zone, lookup, node);
	return find_partial(zone, lookup, node);
}

/* A name may be of both trees: what exists in either exists. */
static struct content
find_reversed(const struct zone *zone, const struct lookup *lookup,
    const struct revname *revname)
{
	struct content content, other;

	/* nearly all of them; nothing is copied */
	if (!revname->is_ipv6)
		return find_in_family(zone, lookup, &revname->ipv4);
	if (!revname->is_ipv4)
		return find_in_family(zone, lookup, &revname->ipv6);
	content = find_in_family(zone, lookup, &revname->ipv4);
	if (content.kind == CONTENT_LISTED || content.kind == CONTENT_ERROR)
		return content;
	other = find_in_family(zone, lookup, &revname->ipv6);
	return other.kind == CONTENT_NONE ? content : other;
}

/*
 * A name that is no reversed one but ends in one: the wildcard's above it.  A
 * name right below an address is not there (RFC 4592 section 3.3.1: the address
 * is its closest encloser), nor is one below a wildcard's own name.
 */
static struct content
find_below(const struct zone *zone, const struct lookup *lookup,
    const struct revname_tail *tail)
{
	struct bs_prefix node = tail->prefix;
	struct bs_cover cover;
	unsigned clear;

	if (node.bits > 0 && (bs_prefix_is_single(&node) ||
				 (tail->asterisk && !tail->is_parent)))
		node = parent_of(&node);
	if (!bs_zonename_may_stand(&node) || is_mapped(&node))
		return plain(CONTENT_NONE);
	if (lookup->error != 0 || lookup->cover_prefix(lookup->context, &node,
				      zone->classes, &cover, &clear) != 0)
		return plain(CONTENT_ERROR);
	return wildcard_of(zone, lookup, &node, &cover, clear);
}

static struct content
find_other(const struct zone *zone, const struct lookup *lookup,
    const uint8_t *labels, size_t size)
{
	struct revname_tail tail = revname_parse_tail(BS_IPV4, labels, size);
	struct content content = find_below(zone, lookup, &tail);

	if (content.kind != CONTENT_NONE)
		return content;
	tail = revname_parse_tail(BS_IPV6, labels, size);
	return find_below(zone, lookup, &tail);
}

struct content
content_find(const struct zone *zone, const struct lookup *lookup,
    const uint8_t *labels, size_t size)
{
	const struct zone_node *node;
	struct revname revname;

	if (size > 0 && !zone->shutdown &&
	    revname_parse(labels, size, &revname))
		return find_reversed(zone, lookup, &revname);
	node = zone_find_cut(zone, labels, size);
	if (node != NULL)
		return (struct content){.kind = CONTENT_CUT, .node = node};
	node = zone_find_node(zone, labels, size);
	if (node == NULL && zone->shutdown)
		return plain(CONTENT_NONE);
	if (node == NULL)
		return find_other(zone, lookup, labels, size);
	return (struct content){
	    .kind = node->set_count > 0 ? CONTENT_STATIC : CONTENT_EMPTY,
	    .node = node,
	};
}

struct content
content_follow(const struct zone *zone, const struct lookup *lookup,
    const struct zone_node *alias)
{
	const struct zone_alias *last = alias->alias;
	struct content content = plain(CONTENT_BEYOND);

	while (last->next != NULL)
		last = last->next->alias;
	if (last->inside)
		content =
		    content_find(zone, lookup, last->target, last->target_size);
	content.alias = alias;
	return content;
}
