/*
 * Two bytes of classes for each prefix of a few lengths, its regions: those of
 * listings that lie inside it, and of those among them that are longer.  A
 * prefix that is no region is answered for by the widest regions inside it or
 * by the one around it: names above addresses are regions, their halves lie in
 * one.  For single IPv4 addresses there are counters by class instead.
 *
 * A region's place is its first bits behind a 1, as in a heap, so that there is
 * one for each; memory that nothing was put in is never touched.  Called by
 * filter_keeper.c.
 */
#include "autoconf.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "bytes.h"

#include "filter_classes.h"

#define IPV4_LONGEST 16
#define IPV6_LONGEST 20
#define PLACES(longest) ((size_t)2 << (longest))

struct region {
	_Atomic bs_classes inside; /* of listings in it, or that are it */
	_Atomic bs_classes longer; /* of those that are longer than it */
};

struct filter_classes {
	struct region ipv4[PLACES(IPV4_LONGEST)];
	struct region ipv6[PLACES(IPV6_LONGEST)];
	_Atomic uint32_t count[BS_CLASS_COUNT][PLACES(IPV4_LONGEST)];
};

/* Lengths of regions: a label each, for IPv4 and IPv6. */
static unsigned
step_of(const struct bs_addr *addr)
{
	return addr->family == BS_IPV4 ? 8 : 4;
}

static unsigned
longest_of(const struct bs_addr *addr)
{
	return addr->family == BS_IPV4 ? IPV4_LONGEST : IPV6_LONGEST;
}

static size_t
place_of(const struct bs_addr *addr, unsigned bits)
{
	return (size_t)1 << bits | bs_get_be32(addr->octet) >> (32 - bits);
}

struct filter_classes *
filter_classes_new(void)
{
	return calloc(1, sizeof(struct filter_classes));
}

void
filter_classes_free(struct filter_classes **classes)
{
	free(*classes);
	*classes = NULL;
}

/* --- putting in ---------------------------------------------------------- */

static void
set(_Atomic bs_classes *at, bs_classes classes)
{
	if ((atomic_load_explicit(at, memory_order_relaxed) & classes) !=
	    classes)
		(void)atomic_fetch_or_explicit(
		    at, classes, memory_order_release);
}

void
filter_classes_add(struct filter_classes *all, const struct bs_prefix *listing,
    bs_classes classes)
{
	const struct bs_addr *addr = &listing->addr;
	struct region *regions =
	    addr->family == BS_IPV4 ? all->ipv4 : all->ipv6;
	unsigned longest = longest_of(addr), step = step_of(addr);

	for (unsigned bits = step; bits <= longest && bits <= listing->bits;
	     bits += step) {
		struct region *region = &regions[place_of(addr, bits)];

		set(&region->inside, classes);
		if (bits < listing->bits)
			set(&region->longer, classes);
	}
}

/* By 1 or -1, in all regions around an address. */
static void
count(struct filter_classes *all, const struct bs_addr *addr, bs_classes class,
    uint32_t by)
{
	_Atomic uint32_t *counts =
	    all->count[bs_class_index((enum bs_class) class)];

	for (unsigned bits = step_of(addr); bits <= IPV4_LONGEST;
	     bits += step_of(addr))
		(void)atomic_fetch_add_explicit(
		    &counts[place_of(addr, bits)], by, memory_order_release);
}

void
filter_classes_change(struct filter_classes *all, const struct bs_addr *addr,
    bs_classes old, bs_classes new)
{
	bs_classes changed = old ^ new;

	for (; changed != 0; changed &= (bs_classes)(changed - 1)) {
		bs_classes class = changed & (bs_classes)-changed;

		count(all, addr, class, (new &class) != 0 ? 1 : (uint32_t)-1);
	}
}

/* --- asking -------------------------------------------------------------- */

/* Whether the region at a place, one of single addresses, has a class. */
static bool
is_counted(const struct filter_classes *all, size_t place, bs_classes wanted)
{
	for (; wanted != 0; wanted &= (bs_classes)(wanted - 1)) {
		enum bs_class class = wanted & (bs_classes)-wanted;

		if (atomic_load_explicit(
			&all->count[bs_class_index(class)][place],
			memory_order_acquire) != 0)
			return true;
	}
	return false;
}

bool
filter_classes_may_hold(const struct filter_classes *all,
    const struct bs_prefix *prefix, bs_classes wanted)
{
	const struct bs_addr *addr = &prefix->addr;
	bool is_ipv4 = addr->family == BS_IPV4;
	unsigned longest = longest_of(addr), step = step_of(addr);
	unsigned bits = prefix->bits < longest ? prefix->bits : longest;
	const struct region *region = is_ipv4 ? all->ipv4 : all->ipv6;
	bool is_region = prefix->bits <= longest && prefix->bits % step == 0;
	size_t place;

	bits -= bits % step;
	if (bits == 0)
		return true;
	place = place_of(addr, bits);
	region += place;
	return (atomic_load_explicit(
		    is_region ? &region->inside : &region->longer,
		    memory_order_acquire) &
		   wanted) != 0 ||
	       (is_ipv4 && is_counted(all, place, wanted));
}
