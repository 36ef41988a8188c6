/*
 * The test points: fixed by RFC 5782, so neither in the database nor in a
 * master file.  Asked by the server for names that are addresses, by the tool
 * for what it shows, and by policy and store, which never list 127.0.0.1.
 */
#include "autoconf.h"

#include <string.h>

#include "testpoint.h"

/* all but the last octet */
static const uint8_t ipv4_head[3] = {127, 0, 0};
static const uint8_t ipv6_head[15] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0};

/* The last octet of an address in 127.0.0.0/24 or its twin, else 0. */
static uint8_t
last_octet(const struct bs_addr *addr)
{
	if (addr->family == BS_IPV4)
		return memcmp(addr->octet, ipv4_head, sizeof(ipv4_head)) == 0
			   ? addr->octet[3]
			   : 0;
	return memcmp(addr->octet, ipv6_head, sizeof(ipv6_head)) == 0
		   ? addr->octet[15]
		   : 0;
}

/* The address in 127.0.0.0/24, or its twin, with this last octet. */
static struct bs_addr
addr_with(uint8_t family, uint8_t last)
{
	struct bs_addr addr = {.family = family};

	if (family == BS_IPV4)
		memcpy(addr.octet, ipv4_head, sizeof(ipv4_head));
	else
		memcpy(addr.octet, ipv6_head, sizeof(ipv6_head));
	addr.octet[bs_family_bits(family) / 8 - 1] = last;
	return addr;
}

bool
bs_testpoint_find(
    const struct bs_addr *addr, bs_classes served, bs_classes *classes_r)
{
	uint8_t last = last_octet(addr);
	bs_classes classes = (bs_classes)(last & ~BS_LISTED);

	if ((last & BS_LISTED) == 0 || (classes & (classes - 1)) != 0 ||
	    (classes & served) != classes)
		return false;
	*classes_r = classes;
	return true;
}

struct bs_addr
bs_testpoint_at(uint8_t family, unsigned index)
{
	unsigned class = index == 0 ? 0 : bs_class_at(index - 1);

	return addr_with(family, (uint8_t)(BS_LISTED | class));
}

struct bs_addr
bs_testpoint_opposite(uint8_t family)
{
	return addr_with(family, 1);
}

bool
bs_testpoint_inside(const struct bs_prefix *prefix, bs_classes served)
{
	for (unsigned i = 0; i < BS_TESTPOINT_COUNT; i++) {
		struct bs_addr addr = bs_testpoint_at(prefix->addr.family, i);
		bs_classes class;

		if (bs_prefix_has(prefix, &addr) &&
		    bs_testpoint_find(&addr, served, &class))
			return true;
	}
	return false;
}

bool
bs_testpoint_never(const struct bs_prefix *prefix)
{
	struct bs_addr addr;

	/* most are single addresses: on the query path */
	if (bs_prefix_is_single(prefix))
		return last_octet(&prefix->addr) == 1;
	addr = bs_testpoint_opposite(prefix->addr.family);
	return bs_prefix_has(prefix, &addr);
}
