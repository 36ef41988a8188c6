/*
 * Reserved address space: each registry row's first and last address, the
 * neighbours on both sides, and prefixes that reach into a row.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "error.h"
#include "reserved.h"

static void
addresses(void **state)
{
	static const struct {
		const char *addr, *name; /* NULL: not reserved */
	} rows[] = {
	    {"0.0.0.0", "\"this network\""},
	    {"0.255.255.255", "\"this network\""},
	    {"1.0.0.0", NULL},
	    {"9.255.255.255", NULL},
	    {"10.0.0.0", "private space"},
	    {"10.255.255.255", "private space"},
	    {"11.0.0.0", NULL},
	    {"100.63.255.255", NULL},
	    {"100.64.0.0", "shared space of carriers"},
	    {"100.127.255.255", "shared space of carriers"},
	    {"100.128.0.0", NULL},
	    {"126.255.255.255", NULL},
	    {"127.0.0.1", "loopback"},
	    {"127.255.255.255", "loopback"},
	    {"128.0.0.0", NULL},
	    {"169.253.255.255", NULL},
	    {"169.254.0.0", "link-local"},
	    {"169.255.0.0", NULL},
	    {"172.15.255.255", NULL},
	    {"172.16.0.0", "private space"},
	    {"172.31.255.255", "private space"},
	    {"172.32.0.0", NULL},
	    {"192.0.0.0", "protocol assignments"},
	    {"192.0.0.8", "protocol assignments"},
	    {"192.0.0.9", "protocol assignments"},
	    {"192.0.0.171", "protocol assignments"},
	    {"192.0.1.0", NULL},
	    {"192.0.1.255", NULL},
	    {"192.0.2.0", "documentation space"},
	    {"192.0.2.255", "documentation space"},
	    {"192.0.3.0", NULL},
	    {"192.31.196.1", "AS112 servers"},
	    {"192.31.197.0", NULL},
	    {"192.52.193.1", "AMT relays"},
	    {"192.88.99.1", "6to4 relays"},
	    {"192.88.99.2", "6to4 relays"},
	    {"192.168.0.0", "private space"},
	    {"192.169.0.0", NULL},
	    {"192.175.48.1", "AS112 servers"},
	    {"198.17.255.255", NULL},
	    {"198.18.0.0", "benchmarking space"},
	    {"198.19.255.255", "benchmarking space"},
	    {"198.20.0.0", NULL},
	    {"198.51.100.7", "documentation space"},
	    {"203.0.113.7", "documentation space"},
	    {"223.255.255.255", NULL},
	    {"224.0.0.0", "multicast"},
	    {"240.0.0.0", "reserved for the future"},
	    {"255.255.255.255", "reserved for the future"},
	    {"::", "loopback and IPv4-compatible addresses"},
	    {"::1", "loopback and IPv4-compatible addresses"},
	    {"::192.0.2.1", "loopback and IPv4-compatible addresses"},
	    {"::ffff:8.8.8.8", NULL},
	    {"::ffff:127.0.0.1", "loopback"},
	    {"::ffff:192.0.2.1", "documentation space"},
	    {"64:ff9b::808:808", "IPv4/IPv6 translation"},
	    {"64:ff9b:1::1", "IPv4/IPv6 translation"},
	    {"64:ff9b:2::1", NULL},
	    {"100::1", "discard-only"},
	    {"100::ffff:ffff:ffff:ffff", "discard-only"},
	    {"100:0:0:1::", "dummy prefix"},
	    {"100:0:0:1:ffff:ffff:ffff:ffff", "dummy prefix"},
	    {"100:0:0:2::", NULL},
	    {"2001::1", "Teredo"},
	    {"2001:1::1", "protocol assignments"},
	    {"2001:2::1", "benchmarking space"},
	    {"2001:1::2", "protocol assignments"},
	    {"2001:1::3", "protocol assignments"},
	    {"2001:3::", "AMT relays"},
	    {"2001:3:ffff:ffff::1", "AMT relays"},
	    {"2001:4::1", "protocol assignments"},
	    {"2001:4:112::1", "AS112 servers"},
	    {"2001:4:113::1", "protocol assignments"},
	    {"2001:5::1", "protocol assignments"},
	    {"2001:10::1", "ORCHID"},
	    {"2001:20::1", "ORCHIDv2"},
	    {"2001:2f:ffff::1", "ORCHIDv2"},
	    {"2001:30::1", "drone identities"},
	    {"2001:3f:ffff::1", "drone identities"},
	    {"2001:40::1", "protocol assignments"},
	    {"2001:1ff:ffff::", "protocol assignments"},
	    {"2001:200::", NULL},
	    {"2001:db7:ffff::", NULL},
	    {"2001:db8::1", "documentation space"},
	    {"2001:db9::", NULL},
	    {"2001:ffff::", NULL},
	    {"2002:c000:201::1", "6to4"},
	    {"2003::1", NULL},
	    {"2620:4f:8000::1", "AS112 servers"},
	    {"2620:4f:8001::1", NULL},
	    {"2a00:1450::1", NULL},
	    {"3fff::1", "documentation space"},
	    {"3fff:1000::", NULL},
	    {"5f00::1", "segment routing SIDs"},
	    {"5f00:ffff::1", "segment routing SIDs"},
	    {"5f01::", NULL},
	    {"fbff::", NULL},
	    {"fc00::1", "unique-local space"},
	    {"fdff::1", "unique-local space"},
	    {"fe80::1", "link-local"},
	    {"fec0::1", "site-local"},
	    {"ff02::1", "multicast"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_addr addr = addr_of(rows[i].addr);
		const struct bs_reserved *found = bs_reserved_find(&addr);

		print_message("# %s\n", rows[i].addr);
		if (rows[i].name == NULL) {
			assert_null(found);
		} else {
			assert_non_null(found);
			assert_string_equal(found->name, rows[i].name);
		}
	}
}

static void
overlaps(void **state)
{
	static const struct {
		const char *prefix;
		bool documentation_allowed, reserved;
	} rows[] = {
	    {"8.8.8.0/24", false, false},
	    {"10.1.0.0/16", false, true},
	    {"8.0.0.0/6", false, true}, /* holds 10.0.0.0/8 */
	    {"0.0.0.0/0", true, true},
	    {"192.0.2.0/24", false, true},
	    {"192.0.2.0/24", true, false},
	    {"192.0.2.7", true, false},
	    {"192.0.0.0/16", true, true}, /* holds 192.0.0.0/24 */
	    {"2001:db8::/64", false, true},
	    {"2001:db8::/64", true, false},
	    {"2a00::/16", false, false},
	    {"2000::/3", true, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_prefix prefix = prefix_of(rows[i].prefix);

		print_message("# %s\n", rows[i].prefix);
		assert_int_equal(rows[i].reserved,
		    bs_reserved_overlap(
			&prefix, rows[i].documentation_allowed) != NULL);
	}
}

/* A row whose prefix has host bits would never match. */
static void
rows_have_no_host_bits(void **state)
{
	size_t count;
	const struct bs_reserved *table = bs_reserved_table(&count);

	(void)state;
	assert_true(count > 30);
	for (size_t i = 0; i < count; i++) {
		struct bs_prefix masked =
		    bs_prefix_of(&table[i].prefix.addr, table[i].prefix.bits);

		assert_int_equal(
		    0, bs_prefix_compare(&masked, &table[i].prefix));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(overlaps),
	    cmocka_unit_test(rows_have_no_host_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
