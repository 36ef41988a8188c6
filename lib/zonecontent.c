/*
 * Makes a zone's names from listings and exemptions that come in order.
 *
 * It walks the trees of zonecontent.h in order of address, a node before what
 * is in it.  At each node all items that cover it are known and the next one
 * tells whether anything lies inside: if so, down; if not, the node is even,
 * a name or nothing, and the next node beside it follows.  Where nothing is
 * listed the walk jumps to the next item.
 *
 * Whether a listing has expired, and what TXT says, is the callers' business:
 * transfers, exports, and the tests that hold server/content.c to it.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "error.h"
#include "testpoint.h"
#include "zonecontent.h"

/* ::ffff:0:0/96, where only test points are names. */
static const struct bs_prefix mapped = {
    .addr = {.family = BS_IPV6, .octet = {[10] = 0xff, [11] = 0xff}},
    .bits = 96,
};

/* --- nodes --------------------------------------------------------------- */

static struct bs_prefix
root_of(uint8_t family)
{
	return (struct bs_prefix){.addr = {.family = family}};
}

static struct bs_prefix
first_child(const struct bs_prefix *node)
{
	return bs_prefix_of(
	    &node->addr, node->bits + bs_zonename_step(node->addr.family));
}

/* The widest node that starts at an address, the family's first one excepted. */
static struct bs_prefix
widest_at(const struct bs_addr *addr)
{
	unsigned step = bs_zonename_step(addr->family), bits = step;
	struct bs_prefix node = bs_prefix_of(addr, bits);

	while (bs_addr_compare(&node.addr, addr) != 0) {
		bits += step;
		node = bs_prefix_of(addr, bits);
	}
	return node;
}

/* The address after the last one of a node; false: there is none. */
static bool
address_after(const struct bs_prefix *node, struct bs_addr *addr_r)
{
	*addr_r = bs_prefix_last(node);
	for (size_t i = bs_family_octets(addr_r->family); i-- > 0;)
		if (++addr_r->octet[i] != 0)
			return true;
	return false;
}

/* --- the input ----------------------------------------------------------- */

/* 127.0.0.1, the test points, then the same for IPv6. */
static int
next_builtin(struct bs_zonecontent *content, struct bs_prefix *prefix_r)
{
	const unsigned count = 1 + BS_TESTPOINT_COUNT;

	while (content->builtin < 2 * count) {
		unsigned index = content->builtin++;
		uint8_t family = index < count ? BS_IPV4 : BS_IPV6;
		struct bs_addr addr;
		bs_classes classes;

		if (index == count) {
			*prefix_r = mapped;
			return BS_OK;
		}
		addr = index == 0 ? bs_testpoint_opposite(family)
				  : bs_testpoint_at(family, index % count - 1);
		*prefix_r = bs_prefix_single(&addr);
		if (index == 0 || bs_testpoint_find(&addr,
				      content->settings.served, &classes))
			return BS_OK;
	}
	return BS_ENOTFOUND;
}

static int
read_item(struct bs_zonecontent *content, enum bs_zonecontent_kind kind,
    struct bs_zonecontent_source *item_r)
{
	const struct bs_zonecontent_input *input = &content->input;

	switch (kind) {
	case BS_ZONECONTENT_LISTING:
		return input->next_listing(
		    input->context, &item_r->prefix, &item_r->classes);
	case BS_ZONECONTENT_EXEMPTION:
		return input->next_exemption(input->context, &item_r->prefix);
	case BS_ZONECONTENT_BUILTIN:
		break;
	}
	return next_builtin(content, &item_r->prefix);
}

static bool
is_well_formed(const struct bs_prefix *prefix)
{
	struct bs_prefix same;

	if (bs_family_octets(prefix->addr.family) == 0 ||
	    prefix->bits > bs_family_bits(prefix->addr.family))
		return false;
	same = bs_prefix_of(&prefix->addr, prefix->bits);
	return bs_prefix_compare(&same, prefix) == 0;
}

/* Goes to the next item of one input that means anything to the zone. */
static int
step_source(struct bs_zonecontent *content, enum bs_zonecontent_kind kind)
{
	struct bs_zonecontent_source *source = &content->source[kind];

	for (;;) {
		struct bs_zonecontent_source item = {.started = true};
		int error = read_item(content, kind, &item);

		if (error == BS_ENOTFOUND) {
			source->ended = true;
			return BS_OK;
		}
		if (error != BS_OK)
			return error;
		if (!is_well_formed(&item.prefix) ||
		    (source->started &&
			bs_prefix_compare(&source->prefix, &item.prefix) > 0))
			return BS_ECORRUPT;
		*source = item;
		source->classes &= content->settings.served;
		if (kind != BS_ZONECONTENT_LISTING || source->classes != 0)
			return BS_OK;
	}
}

/* The first item that was not used yet; NULL: there is none. */
static struct bs_zonecontent_source *
first_of(struct bs_zonecontent *content)
{
	struct bs_zonecontent_source *first = NULL;

	for (size_t i = 0; i < BS_ZONECONTENT_KINDS; i++) {
		struct bs_zonecontent_source *source = &content->source[i];

		if (!source->ended &&
		    (first == NULL ||
			bs_prefix_compare(&source->prefix, &first->prefix) < 0))
			first = source;
	}
	return first;
}

static enum bs_zonecontent_kind
kind_of(const struct bs_zonecontent *content,
    const struct bs_zonecontent_source *source)
{
	return (enum bs_zonecontent_kind)(source - content->source);
}

static bool
is_test(const struct bs_zonecontent *content,
    const struct bs_zonecontent_source *source)
{
	return kind_of(content, source) == BS_ZONECONTENT_BUILTIN &&
	       source->prefix.bits != mapped.bits &&
	       !bs_testpoint_never(&source->prefix);
}

/* --- what covers the node ------------------------------------------------ */

/* Forgets what ended before the node. */
static void
leave(struct bs_zonecontent *content)
{
	while (content->depth > 0 &&
	       !bs_prefix_covers(&content->covering[content->depth - 1].prefix,
		   &content->node))
		content->depth--;
	if (content->exempt &&
	    !bs_prefix_covers(&content->exemption, &content->node))
		content->exempt = false;
}

static void
push(struct bs_zonecontent *content, const struct bs_zonecontent_source *item)
{
	bs_classes classes = item->classes;
	size_t depth = content->depth;

	if (depth > 0)
		classes |= content->covering[depth - 1].classes;
	/* the same one twice is one */
	if (depth == 0 || bs_prefix_compare(&item->prefix,
			      &content->covering[depth - 1].prefix) != 0)
		content->depth = ++depth;
	assert(depth <= BS_ZONECONTENT_DEPTH);
	content->covering[depth - 1].prefix = item->prefix;
	content->covering[depth - 1].classes = classes;
}

/*
 * Uses all items that cover the node, and those that an exemption of it hides.
 * *next_r: the item after them (NULL: none); *test_r: the node is a test point.
 */
static int
enter(struct bs_zonecontent *content,
    const struct bs_zonecontent_source **next_r, bool *test_r)
{
	struct bs_zonecontent_source *item;

	*test_r = false;
	leave(content);
	while ((item = first_of(content)) != NULL) {
		bool test = is_test(content, item);
		bool covers = bs_prefix_covers(&item->prefix, &content->node);
		int error;

		if (covers && test) {
			*test_r = true;
		} else if (covers &&
			   kind_of(content, item) == BS_ZONECONTENT_LISTING) {
			push(content, item);
		} else if (covers && !content->exempt) {
			content->exempt = true;
			content->exemption = item->prefix;
		} else if (test || !content->exempt ||
			   !bs_prefix_covers(
			       &content->exemption, &item->prefix)) {
			break;
		}
		error = step_source(content, kind_of(content, item));
		if (error != BS_OK)
			return error;
	}
	*next_r = item;
	return BS_OK;
}

/* --- the walk ------------------------------------------------------------ */

/* To the node beside this one, or the one beside what it is in. */
static void
advance(struct bs_zonecontent *content)
{
	struct bs_addr addr;

	if (address_after(&content->node, &addr))
		content->node = widest_at(&addr);
	else if (content->node.addr.family == BS_IPV4)
		content->node = root_of(BS_IPV6);
	else
		content->done = true;
}

/* Past all that no listing covers, to the widest node that has the next item
 * and not this node. */
static void
jump(struct bs_zonecontent *content, const struct bs_zonecontent_source *next)
{
	const struct bs_addr *from = &content->node.addr;
	unsigned step = bs_zonename_step(from->family);

	if (next == NULL)
		content->done = true;
	else if (next->prefix.addr.family != from->family)
		content->node = root_of(next->prefix.addr.family);
	else
		content->node = bs_prefix_of(&next->prefix.addr,
		    (bs_addr_common_bits(from, &next->prefix.addr) / step + 1) *
			step);
}

static void
make_test(const struct bs_zonecontent *content, struct bs_zonename *name)
{
	name->test = true;
	(void)bs_testpoint_find(
	    &name->node.addr, content->settings.served, &name->classes);
	name->prefix = name->node;
}

/* The name of an even node. */
static void
make_name(
    const struct bs_zonecontent *content, bool test, struct bs_zonename *name_r)
{
	struct bs_zonename name = {.node = content->node};

	if (test) {
		make_test(content, &name);
	} else {
		name.prefix = content->covering[content->depth - 1].prefix;
		name.classes = content->covering[content->depth - 1].classes;
	}
	name.answer = BS_LISTED;
	if (!content->settings.flat)
		name.answer |= name.classes;
	*name_r = name;
}

void
bs_zonecontent_start(struct bs_zonecontent *content,
    const struct bs_zonecontent_input *input,
    const struct bs_zonecontent_settings *settings)
{
	memset(content, 0, sizeof(*content));
	content->input = *input;
	content->settings = *settings;
	content->node = root_of(BS_IPV4);
	content->done = settings->shutdown;
}

/* Asks each input for its first item. */
static int
start_sources(struct bs_zonecontent *content)
{
	for (int kind = 0; kind < BS_ZONECONTENT_KINDS; kind++) {
		struct bs_zonecontent_source *source = &content->source[kind];
		int error;

		if (source->started || source->ended)
			continue;
		error = step_source(content, (enum bs_zonecontent_kind)kind);
		if (error != BS_OK)
			return error;
	}
	return BS_OK;
}

int
bs_zonecontent_next(struct bs_zonecontent *content, struct bs_zonename *name_r)
{
	int error = content->done ? BS_OK : start_sources(content);

	while (error == BS_OK && !content->done) {
		const struct bs_zonecontent_source *next;
		bool test, listed, inside, single;

		error = enter(content, &next, &test);
		if (error != BS_OK)
			return error;
		single = bs_prefix_is_single(&content->node);
		listed = test || (content->depth > 0 && !content->exempt);
		inside = next != NULL &&
			 bs_prefix_covers(&content->node, &next->prefix);
		if (inside || (listed && !single &&
				  !bs_zonename_may_stand(&content->node))) {
			content->node = first_child(&content->node);
			continue;
		}
		if (listed)
			make_name(content, test, name_r);
		if (listed || content->depth > 0)
			advance(content);
		else
			jump(content, next);
		if (listed)
			return BS_OK;
	}
	return error != BS_OK ? error : BS_ENOTFOUND;
}
