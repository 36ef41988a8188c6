/*
 * The special-purpose address registries as a table.
 *
 * Facts from IANA's IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890
 * and its updates), multicast (RFC 5771, RFC 4291), and the two transition
 * prefixes whose addresses stand for a relay.  The policy asks; the feeder's
 * Received reader asks too.
 */
#include "autoconf.h"

#include <stddef.h>

#include "reserved.h"

#define V4(a, b, c, d, bits)                  \
	{                                     \
		{BS_IPV4, {a, b, c, d}}, bits \
	}
#define V6(bits, ...)                          \
	{                                      \
		{BS_IPV6, {__VA_ARGS__}}, bits \
	}

static const struct bs_reserved reserved_table[] = {
    {V4(0, 0, 0, 0, 8), "\"this network\"", "RFC 791", false},
    {V4(10, 0, 0, 0, 8), "private space", "RFC 1918", false},
    {V4(100, 64, 0, 0, 10), "shared space of carriers", "RFC 6598", false},
    {V4(127, 0, 0, 0, 8), "loopback", "RFC 1122", false},
    {V4(169, 254, 0, 0, 16), "link-local", "RFC 3927", false},
    {V4(172, 16, 0, 0, 12), "private space", "RFC 1918", false},
    {V4(192, 0, 0, 0, 24), "protocol assignments", "RFC 6890", false},
    {V4(192, 0, 2, 0, 24), "documentation space", "RFC 5737", true},
    {V4(192, 31, 196, 0, 24), "AS112 servers", "RFC 7535", false},
    {V4(192, 52, 193, 0, 24), "AMT relays", "RFC 7450", false},
    {V4(192, 88, 99, 0, 24), "6to4 relays", "RFC 7526", false},
    {V4(192, 168, 0, 0, 16), "private space", "RFC 1918", false},
    {V4(192, 175, 48, 0, 24), "AS112 servers", "RFC 7534", false},
    {V4(198, 18, 0, 0, 15), "benchmarking space", "RFC 2544", false},
    {V4(198, 51, 100, 0, 24), "documentation space", "RFC 5737", true},
    {V4(203, 0, 113, 0, 24), "documentation space", "RFC 5737", true},
    {V4(224, 0, 0, 0, 4), "multicast", "RFC 5771", false},
    {V4(240, 0, 0, 0, 4), "reserved for the future", "RFC 1112", false},

    /* ::/96 holds :: and ::1 and the IPv4-compatible addresses */
    {V6(96, 0), "loopback and IPv4-compatible addresses", "RFC 4291", false},
    {V6(96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff), "IPv4-mapped addresses",
	"RFC 4291", false},
    {V6(96, 0, 0x64, 0xff, 0x9b), "IPv4/IPv6 translation", "RFC 6052", false},
    {V6(48, 0, 0x64, 0xff, 0x9b, 0, 1), "IPv4/IPv6 translation", "RFC 8215",
	false},
    {V6(64, 1), "discard-only", "RFC 6666", false},
    {V6(64, 1, 0, 0, 0, 0, 0, 0, 1), "dummy prefix", "RFC 9780", false},
    {V6(23, 0x20, 1), "protocol assignments", "RFC 2928", false},
    {V6(32, 0x20, 1, 0, 0), "Teredo", "RFC 4380", false},
    {V6(48, 0x20, 1, 0, 2), "benchmarking space", "RFC 5180", false},
    {V6(32, 0x20, 1, 0, 3), "AMT relays", "RFC 7450", false},
    {V6(48, 0x20, 1, 0, 4, 1, 0x12), "AS112 servers", "RFC 7535", false},
    {V6(28, 0x20, 1, 0, 0x10), "ORCHID", "RFC 4843", false},
    {V6(28, 0x20, 1, 0, 0x20), "ORCHIDv2", "RFC 7343", false},
    {V6(28, 0x20, 1, 0, 0x30), "drone identities", "RFC 9374", false},
    {V6(32, 0x20, 1, 0x0d, 0xb8), "documentation space", "RFC 3849", true},
    {V6(16, 0x20, 2), "6to4", "RFC 3056", false},
    {V6(48, 0x26, 0x20, 0, 0x4f, 0x80), "AS112 servers", "RFC 7534", false},
    {V6(20, 0x3f, 0xff), "documentation space", "RFC 9637", true},
    {V6(16, 0x5f), "segment routing SIDs", "RFC 9602", false},
    {V6(7, 0xfc), "unique-local space", "RFC 4193", false},
    {V6(10, 0xfe, 0x80), "link-local", "RFC 4291", false},
    {V6(10, 0xfe, 0xc0), "site-local", "RFC 3879", false},
    {V6(8, 0xff), "multicast", "RFC 4291", false},
};

#define RESERVED_COUNT (sizeof(reserved_table) / sizeof(reserved_table[0]))

const struct bs_reserved *
bs_reserved_find(const struct bs_addr *addr)
{
	const struct bs_reserved *found = NULL;
	struct bs_addr plain = *addr;

	bs_addr_unmap(&plain);
	for (size_t i = 0; i < RESERVED_COUNT; i++) {
		const struct bs_reserved *row = &reserved_table[i];

		if (row->prefix.addr.family == plain.family &&
		    bs_prefix_has(&row->prefix, &plain) &&
		    (found == NULL || row->prefix.bits > found->prefix.bits))
			found = row;
	}
	return found;
}

const struct bs_reserved *
bs_reserved_overlap(const struct bs_prefix *prefix, bool documentation_allowed)
{
	for (size_t i = 0; i < RESERVED_COUNT; i++) {
		const struct bs_reserved *row = &reserved_table[i];

		if (row->prefix.addr.family != prefix->addr.family ||
		    (row->documentation && documentation_allowed))
			continue;
		if (bs_prefix_covers(&row->prefix, prefix) ||
		    bs_prefix_covers(prefix, &row->prefix))
			return row;
	}
	return NULL;
}

const struct bs_reserved *
bs_reserved_table(size_t *count_r)
{
	*count_r = RESERVED_COUNT;
	return reserved_table;
}
