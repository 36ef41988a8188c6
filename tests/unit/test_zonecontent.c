/*
 * Zone content, three ways: the names that zonecontent.c makes, asked by an
 * oracle of RFC 4592; the query path (content.c); and the plain truth about an
 * address.  All three agree on a table of awkward corners and on random sets.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server_fixture.h"
#include "testpoint.h"
#include "zonecheck.h"

#define DB8_1 "1.0.0.0.8.b.d.0.1.0.0.2" /* 2001:db8:1::/48 */
#define DB8_64 "2.0.0.0." DB8_1         /* 2001:db8:1:2::/64 */
#define ZEROS_15 "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
#define MAPPED "f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"

enum { ALL, CALLOUT, FLAT, AUTOREPLY };

/*
 * `names` are all but the zone's test points.  `asked` is NAME=ANSWER with 0
 * for no data, - for no such name, or the last octet, then @PREFIX where TXT
 * has another than the address itself.
 */
static const struct {
	const char *label;
	const char *set;
	int zone;
	size_t names;
	const char *asked;
} rows[] = {
    {"nothing", "", ALL, 0, "1.2.0.192=- 192=- 2.0.0.127=2 1.0.0.127=-"},
    {"an address", "192.0.2.99=bounce", ALL, 1,
	"99.2.0.192=6 98.2.0.192=- 2.0.192=0 0.192=0 192=0 193=- "
	"3.0.192=- 099.2.0.192=- x.99.2.0.192=- x.2.0.192=- *.2.0.192=-"},
    {"an IPv6 address", "2001:db8:1:2::1=virus", ALL, 1,
	"1." ZEROS_15 DB8_64 "=34 2." ZEROS_15 DB8_64 "=- " ZEROS_15 DB8_64
	"=0 " DB8_64 "=0 2=0 1.0.0.2=0 2.0.0.2=- x." DB8_64 "=-"},
    {"a /24", "198.51.100.0/24=bounce", ALL, 1,
	"0.100.51.198=6@198.51.100.0/24 255.100.51.198=6@198.51.100.0/24 "
	"0.101.51.198=- 100.51.198=0 51.198=0 101.51.198=-"},
    {"names below a wildcard that are no address", "198.51.100.0/24=bounce",
	ALL, 1,
	"x.100.51.198=6@198.51.100.0/24 x.y.100.51.198=6@198.51.100.0/24 "
	"256.100.51.198=6@198.51.100.0/24 01.100.51.198=6@198.51.100.0/24 "
	"5.7.100.51.198=6@198.51.100.0/24 x.101.51.198=-"},
    {"the wildcard's own name", "198.51.100.0/24=bounce", ALL, 1,
	"*.100.51.198=6@198.51.100.0/24 x.*.100.51.198=- "
	"*.*.100.51.198=- *.7.100.51.198=6@198.51.100.0/24 "
	"x.*.7.100.51.198=6@198.51.100.0/24"},
    {"a /16", "198.51.0.0/16=bounce", ALL, 1,
	"7.100.51.198=6@198.51.0.0/16 100.51.198=6@198.51.0.0/16 "
	"51.198=0 x.*.100.51.198=6@198.51.0.0/16 x.*.51.198=-"},
    {"a /8", "198.0.0.0/8=bounce", ALL, 1,
	"51.198=6@198.0.0.0/8 7.100.51.198=6@198.0.0.0/8 198=0"},
    {"a /22", "203.0.112.0/22=virus", ALL, 4,
	"0.112.0.203=34@203.0.112.0/22 255.115.0.203=34@203.0.112.0/22 "
	"0.116.0.203=- 255.111.0.203=- 112.0.203=0 116.0.203=- 0.203=0"},
    {"a /22 with an address", "203.0.112.0/22=virus 203.0.113.9=bounce", ALL,
	3 + 256,
	"9.113.0.203=38 8.113.0.203=34@203.0.112.0/22 "
	"9.114.0.203=34@203.0.112.0/22 113.0.203=0 x.113.0.203=- "
	"x.114.0.203=34@203.0.112.0/22 x.9.113.0.203=-"},
    {"a /22 with a hole", "203.0.112.0/22=virus !203.0.113.9", ALL, 3 + 255,
	"9.113.0.203=- 8.113.0.203=34@203.0.112.0/22 x.9.113.0.203=-"},
    {"a /25", "192.0.2.128/25=bounce", ALL, 128,
	"127.2.0.192=- 128.2.0.192=6@192.0.2.128/25 2.0.192=0 x.2.0.192=-"},
    {"a /31", "192.0.2.4/31=bounce", ALL, 2,
	"3.2.0.192=- 4.2.0.192=6@192.0.2.4/31 5.2.0.192=6@192.0.2.4/31"},
    {"a /9", "198.128.0.0/9=bounce", ALL, 128,
	"127.198=- 128.198=0 1.2.128.198=6@198.128.0.0/9 1.2.127.198=-"},
    {"a /32 exempt in a /8", "10.0.0.0/8=bounce !10.1.2.3", ALL, 765,
	"3.2.1.10=- 4.2.1.10=6@10.0.0.0/8 2.1.10=0 1.10=0 2.10=0 "
	"9.2.10=6@10.0.0.0/8 x.2.10=6@10.0.0.0/8 x.1.10=- 3.1.10=0 "
	"x.3.2.1.10=-"},
    {"a /128 exempt in a /64", "2001:db8:1:2::/64=bounce !2001:db8:1:2::", ALL,
	240,
	"0." ZEROS_15 DB8_64 "=- 1." ZEROS_15 DB8_64
	"=6@2001:db8:1:2::/64 1." DB8_64 "=0 0." DB8_64 "=0 1.1." DB8_64
	"=6@2001:db8:1:2::/64 x." DB8_64 "=-"},
    {"a /32 listed in a /8", "10.0.0.0/8=bounce 10.1.2.3=virus", ALL, 766,
	"3.2.1.10=38 4.2.1.10=6@10.0.0.0/8 2.1.10=0 2.10=0"},
    {"the same class again, narrower", "10.0.0.0/8=bounce 10.1.2.3=bounce", ALL,
	766, "3.2.1.10=6 4.2.1.10=6@10.0.0.0/8"},
    {"a /128 listed in a /64",
	"2001:db8:1:2::/64=bounce 2001:db8:1:2::=callout", ALL, 241,
	"0." ZEROS_15 DB8_64 "=70 1." ZEROS_15 DB8_64 "=6@2001:db8:1:2::/64"},
    {"three nested", "10.0.0.0/8=bounce 10.1.0.0/16=virus 10.1.2.0/24=callout",
	ALL, 255 + 255 + 1,
	"3.2.1.10=102@10.1.2.0/24 3.3.1.10=38@10.1.0.0/16 "
	"3.3.3.10=6@10.0.0.0/8"},
    {"nested within an octet", "10.1.0.0/16=bounce 10.1.2.0/23=virus", ALL, 256,
	"1.2.1.10=38@10.1.2.0/23 1.3.1.10=38@10.1.2.0/23 "
	"1.4.1.10=6@10.1.0.0/16"},
    {"a hole with a listing in it",
	"12.1.0.0/16=bounce 12.1.2.9=virus "
	"!12.1.2.0/24",
	ALL, 255,
	"9.2.1.12=- 8.2.1.12=- 2.1.12=- 3.1.12=0 "
	"1.3.1.12=6@12.1.0.0/16 x.2.1.12=-"},
    {"exempt and listed alike", "192.0.2.0/24=bounce !192.0.2.0/24", ALL, 0,
	"1.2.0.192=- 2.0.192=- 192=-"},
    {"exempt wider than listed", "192.0.2.0/24=bounce !192.0.0.0/16", ALL, 0,
	"1.2.0.192=- 0.192=-"},
    {"exempt wider, another listing wider still",
	"10.0.0.0/8=bounce 10.1.2.0/24=virus !10.1.0.0/16", ALL, 255,
	"1.2.1.10=- 1.10=- 2.10=0 1.1.2.10=6@10.0.0.0/8"},
    {"exempt in two halves", "15.1.1.0/24=bounce !15.1.1.0/25 !15.1.1.128/25",
	ALL, 0, "1.1.1.15=- 1.1.15=- 15=-"},
    {"exempt but for a quarter",
	"16.1.1.0/24=bounce !16.1.1.0/25 !16.1.1.192/26", ALL, 64,
	"127.1.1.16=- 128.1.1.16=6@16.1.1.0/24 192.1.1.16=- 1.1.16=0"},
    {"nested exemptions", "10.1.0.0/16=bounce !10.1.2.0/24 !10.1.2.3", ALL, 255,
	"3.2.1.10=- 4.2.1.10=- 3.3.1.10=6@10.1.0.0/16"},
    {"nothing listed where it is exempt", "192.0.2.1=bounce !198.18.0.0/15",
	ALL, 1, "18.198=- 198=- 1.2.0.192=6"},
    {"all exempt", "192.0.2.1=bounce 2001:db8:1::/48=virus !0.0.0.0/0 !::/0",
	ALL, 0, "1.2.0.192=- 2.0.0.127=2 " DB8_1 "=- 127=0"},
    {"a /48", "2001:db8:1::/48=virus", ALL, 1,
	DB8_64 "=34@2001:db8:1::/48 " DB8_1 "=0 x." DB8_1
	       "=34@2001:db8:1::/48 10." DB8_1 "=34@2001:db8:1::/48"},
    {"a /46", "2001:db8:4::/46=virus", ALL, 4,
	"4.0.0.0.8.b.d.0.1.0.0.2=0 1.4.0.0.0.8.b.d.0.1.0.0.2"
	"=34@2001:db8:4::/46 8.0.0.0.8.b.d.0.1.0.0.2=- "
	"1.7.0.0.0.8.b.d.0.1.0.0.2=34@2001:db8:4::/46"},
    {"an IPv6 hole as a /64 in a /48",
	"2001:db8:1::/48=virus !2001:db8:1:2::/64", ALL, 60,
	DB8_64 "=- 1." DB8_64 "=- 3.0.0.0." DB8_1 "=0 1.3.0.0.0." DB8_1
	       "=34@2001:db8:1::/48 0." DB8_1 "=0"},
    /* single digits */
    {"2.4.0.0/16 beside 2400::/8", "2.4.0.0/16=bounce", ALL, 246 + 10 * 256,
	"1.10.4.2=6@2.4.0.0/16 10.4.2=0 7.4.2=0 1.7.4.2=6@2.4.0.0/16 "
	"4.2=0 1.4.4.4.4.2=- a.4.2=- x.4.2=- *.4.2=- x.10.4.2=6@2.4.0.0/16 "
	"0.0.0.0.4.2=- f.4.2=- 1.1.7.4.2=-"},
    {"2.0.0.0/8", "2.0.0.0/8=bounce", ALL, 246 + 10 * 246 + 100 * 256,
	"10.2=0 1.1.10.2=6@2.0.0.0/8 10.1.2=0 1.10.1.2=6@2.0.0.0/8 "
	"1.1.1.2=6@2.0.0.0/8 255.9.9.2=6@2.0.0.0/8 a.2=- x.2=- "
	"0.1.1.1.2=- 1.10.2=6@2.0.0.0/8"},
    {"2.4.6.0/24", "2.4.6.0/24=bounce", ALL, 256,
	"1.6.4.2=6@2.4.6.0/24 255.6.4.2=6@2.4.6.0/24 6.4.2=0 x.6.4.2=-"},
    {"12.4.0.0/16: two digits", "12.4.0.0/16=bounce", ALL, 1,
	"4.4.4.12=6@12.4.0.0/16 4.12=0 4.4.12=6@12.4.0.0/16"},
    {"4.12.0.0/16: two digits last", "4.12.0.0/16=bounce", ALL, 1,
	"4.4.12.4=6@4.12.0.0/16 12.4=0 4=0 x.4=-"},
    {"a hole in single digits", "2.4.0.0/16=bounce !2.4.6.8", ALL,
	246 + 10 * 256 - 1,
	"8.6.4.2=- 9.6.4.2=6@2.4.0.0/16 8.6.4=- 1.10.4.2=6@2.4.0.0/16"},
    {"2001::/16 and 2.0.0.1", "2.0.0.1=bounce 2001::/16=virus", ALL, 2,
	"1.0.0.2=6 2.0.0.2=- 0.1.0.0.2=34@2001::/16 x.1.0.0.2=34@2001::/16 "
	"0.0.2=0 10.0.0.2=-"},
    {"2001::/16 alone", "2001::/16=virus", ALL, 1,
	"1.0.0.2=0 10.0.0.2=- f.1.0.0.2=34@2001::/16"},
    {"2000::/12: no wildcard on three nibbles", "2000::/12=virus", ALL, 16,
	"1.0.0.2=0 10.0.0.2=- x.0.0.2=- 0.1.0.0.2=34@2000::/12 "
	"2.1.0.2=- 0.0.2=0"},
    {"1.0.0.0/24 and 1000:…", "1.0.0.0/24=bounce 1000::1=virus", ALL, 257,
	"0.0.0.1=6@1.0.0.0/24 255.0.0.1=6@1.0.0.0/24 0.0.0.0.1=0"},
    {"beside an IPv6 name below", "2.4.6.8=bounce 2468::/32=virus", ALL, 2,
	"8.6.4.2=6 7.6.4.2=- 0.8.6.4.2=0 0.0.0.0.8.6.4.2=0 "
	"a.0.0.0.0.8.6.4.2=34@2468::/32"},
    /* test points and what is never listed */
    {"127.0.0.0/8", "127.0.0.0/8=bounce", ALL, 255 + 255 + 248,
	"1.0.0.127=- 2.0.0.127=2 6.0.0.127=6 10.0.0.127=10 "
	"3.0.0.127=6@127.0.0.0/8 1.0.1.127=6@127.0.0.0/8 0.127=0"},
    {"127.0.0.1 and a test point listed",
	"127.0.0.1=bounce 127.0.0.2=virus 127.0.0.6=virus", ALL, 0,
	"1.0.0.127=- 2.0.0.127=2 6.0.0.127=6 34.0.0.127=34"},
    {"127.0.0.0/24 exempt", "127.0.0.0/8=bounce !127.0.0.0/24", ALL, 255 + 255,
	"1.0.0.127=- 2.0.0.127=2 3.0.0.127=- 0.0.127=0 x.0.0.127=-"},
    {"test points of a class", "", CALLOUT, 0,
	"2.0.0.127=2 66.0.0.127=66 6.0.0.127=- 1.0.0.127=-"},
    {"::ffff:0:0/96 listed", "::ffff:0:0/96=bounce", ALL, 0,
	"1.0.0.0.0.0.f.7." MAPPED "=- 2.0.0.0.0.0.f.7." MAPPED
	"=2 3.0.0.0.0.0.f.7." MAPPED "=- 8." MAPPED "=- " MAPPED "=0"},
    {"a mapped address listed", "::ffff:c000:263=bounce", ALL, 0,
	"3.6.2.0.0.0.0.c." MAPPED "=- c." MAPPED "=- 99.2.0.192=-"},
    {"::/80 with the test points in it", "::/80=bounce", ALL, 15 * 4,
	"2.0.0.0.0.0.f.7." MAPPED "=2 1.0.0.0.0.0.f.7." MAPPED "=- c." MAPPED
	"=- 0.0.0.0=0 1.0.0.0=-"},
    /* classes */
    {"class zone: none of its class", "198.51.0.0/16=autoreply", CALLOUT, 0,
	"1.1.51.198=- 51.198=- 198=-"},
    {"class zone: an address of another",
	"198.51.0.0/16=autoreply "
	"198.51.100.7=bounce",
	AUTOREPLY, 1,
	"7.100.51.198=10@198.51.0.0/16 100.51.198=10@198.51.0.0/16 "
	"x.51.198=10@198.51.0.0/16"},
    {"class zone: an exemption is a hole all the same",
	"198.51.0.0/16=autoreply !198.51.100.7", AUTOREPLY, 255 + 255,
	"7.100.51.198=- 8.100.51.198=10@198.51.0.0/16"},
    {"flat", "192.0.2.99=bounce,callout", FLAT, 1, "99.2.0.192=2 6.0.0.127=2"},
    {"several classes", "192.0.2.99=bounce,callout 192.0.2.0/24=virus", ALL,
	256, "99.2.0.192=102 98.2.0.192=34@192.0.2.0/24"},
    {"several classes, one served", "192.0.2.99=bounce,callout", CALLOUT, 1,
	"99.2.0.192=66"},
    /* the ends */
    {"the last and the first address",
	"0.0.0.0=bounce 255.255.255.255=virus "
	"::=bounce ffff::/16=virus",
	ALL, 4,
	"0.0.0.0=6 255.255.255.255=34 254.255.255.255=- 0.f.f.f.f"
	"=34@ffff::/16 " ZEROS_15 "0." ZEROS_15 "0=6"},
    {"everything", "0.0.0.0/0=bounce ::/0=virus", ALL,
	246 * 111 - 1 + 255 + 255 + 248 + 256000 + 65535 + 15 * 20,
	"1.0.0.127=- 8.8.8.8=6@0.0.0.0/0 1.2.0.192=6@0.0.0.0/0 "
	"ns.x=- 192=0 x.8.8.8=- 2.0.192=6@0.0.0.0/0 " DB8_1 "=34@::/0 "
	"c." MAPPED "=-"},
};

/* --- tests --------------------------------------------------------------- */

static void
corners(void **state)
{
	const struct zone_table *zones = *state;
	static const char *const zone_names[] = {
	    "bl.test", "callout.bl.test", "flat.test", "autoreply.bl.test"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct zone *zone =
		    fixture_zone(zones, zone_names[rows[i].zone]);
		struct zoneset set = {.listings = 0};
		struct zonecheck check;

		print_message("%s\n", rows[i].label);
		zoneset_parse(&set, rows[i].set);
		zonecheck_start(&check, &set, zone, i);
		assert_int_equal(
		    check.made.count - check.made.tests, rows[i].names);
		for (const char *asked = rows[i].asked; *asked != '\0';)
			zonecheck_expect(&check, &asked);
		for (int times = 0; times < 4; times++)
			zonecheck_all(&check);
		zonecheck_end(&check);
	}
}

/* A prefix near others: of few octets and nibbles, of any length. */
static struct bs_prefix
random_prefix(uint64_t *random)
{
	static const uint8_t octets[] = {2, 4, 9, 10, 127, 198, 0, 1};
	bool ipv4 = zonecheck_random(random, 2) == 0;
	struct bs_addr addr = {.family = ipv4 ? BS_IPV4 : BS_IPV6};
	unsigned least = ipv4 ? 8 : 16, most = ipv4 ? 32 : 128;
	unsigned few = 1 + zonecheck_random(random, 4);

	for (size_t i = 0; i < bs_family_octets(addr.family); i++)
		addr.octet[i] =
		    ipv4 ? octets[zonecheck_random(random, 2 * few)]
			 : (uint8_t)(zonecheck_random(random, few) << 4 |
				     zonecheck_random(random, few));
	/* as ::ffff:127.0.0.0 or beside it, at times */
	if (!ipv4 && zonecheck_random(random, 8) == 0) {
		addr = bs_testpoint_opposite(BS_IPV6);
		addr.octet[zonecheck_random(random, 16)] ^=
		    (uint8_t)zonecheck_random(random, 3);
	}
	/* wide ones have many names below single digits */
	if (ipv4 && zonecheck_random(random, 16) != 0)
		least = 14;
	return bs_prefix_of(
	    &addr, least + zonecheck_random(random, most - least + 1));
}

static void
random_set(struct zoneset *set, uint64_t *random)
{
	unsigned listings = zonecheck_random(random, 7);
	unsigned exemptions = zonecheck_random(random, 4);
	struct bs_prefix prefix;

	for (unsigned i = 0; i < listings; i++) {
		prefix = random_prefix(random);
		zoneset_list(set, &prefix,
		    (bs_classes)(bs_class_at(zonecheck_random(random, 6)) |
				 bs_class_at(zonecheck_random(random, 6))));
		/* a narrower one inside it */
		if (zonecheck_random(random, 3) != 0 ||
		    bs_prefix_is_single(&prefix))
			continue;
		prefix.bits = (uint8_t)(prefix.bits + 1 +
					zonecheck_random(random,
					    bs_family_bits(prefix.addr.family) -
						prefix.bits));
		if (zonecheck_random(random, 2) == 0)
			zoneset_exempt(set, &prefix);
		else
			zoneset_list(set, &prefix, BS_VIRUS);
	}
	for (unsigned i = 0; i < exemptions; i++) {
		prefix = random_prefix(random);
		zoneset_exempt(set, &prefix);
	}
}

#define RANDOM_SETS 2000

static void
random_sets(void **state)
{
	const struct zone_table *zones = *state;
	size_t asked = 0, names = 0;

	for (uint64_t seed = 1; seed <= RANDOM_SETS; seed++) {
		uint64_t random = seed * 0x9e3779b97f4a7c15u;
		unsigned zone =
		    zonecheck_random(&random, (unsigned)zones->count);
		struct zoneset set = {.listings = 0};
		struct zonecheck check;

		random_set(&set, &random);
		zonecheck_start(&check, &set, zones->zone[zone], random);
		names += check.made.count;
		zonecheck_all(&check);
		asked += check.asked;
		zonecheck_end(&check);
	}
	print_message("%d sets, %zu names in them, %zu asked\n", RANDOM_SETS,
	    names, asked);
}

/* --- bad input ----------------------------------------------------------- */

static int
fail_listing(void *context, struct bs_prefix *prefix_r, bs_classes *classes_r)
{
	(void)context;
	(void)prefix_r;
	(void)classes_r;
	return BS_EIO;
}

static void
input_fails(void **state)
{
	struct bs_zonecontent_settings settings = {
	    BS_CLASSES_ALL, false, false};
	struct zoneset set = {.listings = 0};
	struct bs_zonecontent_input input = zoneset_input(&set);
	struct bs_zonecontent content;
	struct bs_zonename name;

	(void)state;
	input.next_listing = fail_listing;
	bs_zonecontent_start(&content, &input, &settings);
	assert_int_equal(bs_zonecontent_next(&content, &name), BS_EIO);
}

static const struct {
	const char *label;
	const char *listing[2];
	uint8_t bits; /* of the second one; 0: as it is */
} bad_rows[] = {
    {"wrong order of addresses", {"192.0.2.2", "192.0.2.1"}, 0},
    {"narrow before wide", {"192.0.2.0", "192.0.2.0/24"}, 0},
    {"IPv6 before IPv4", {"2001:db8::", "192.0.2.1"}, 0},
    {"bits beyond the length", {"192.0.2.1", "192.0.2.2"}, 30},
    {"33 bits", {"192.0.2.1", "192.0.2.2"}, 33},
};

static void
input_bad(void **state)
{
	struct bs_zonecontent_settings settings = {
	    BS_CLASSES_ALL, false, false};

	(void)state;
	for (size_t i = 0; i < sizeof(bad_rows) / sizeof(*bad_rows); i++) {
		struct zoneset set = {.listings = 2};
		struct bs_zonecontent_input input = zoneset_input(&set);
		struct bs_zonecontent content;
		struct bs_zonename name;
		int error;

		print_message("%s\n", bad_rows[i].label);
		for (size_t j = 0; j < 2; j++) {
			const char *text = bad_rows[i].listing[j];

			set.listing[j].classes = BS_BOUNCE;
			assert_int_equal(bs_prefix_parse(text, strlen(text),
					     &set.listing[j].prefix),
			    0);
		}
		if (bad_rows[i].bits != 0)
			set.listing[1].prefix.bits = bad_rows[i].bits;
		bs_zonecontent_start(&content, &input, &settings);
		do
			error = bs_zonecontent_next(&content, &name);
		while (error == 0);
		assert_int_equal(error, BS_ECORRUPT);
	}
}

static int
set_up(void **state)
{
	*state = fixture_zones();
	return 0;
}

static int
tear_down(void **state)
{
	struct zone_table *zones = *state;

	zone_table_free(&zones);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(corners),
	    cmocka_unit_test(random_sets),
	    cmocka_unit_test(input_fails),
	    cmocka_unit_test(input_bad),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
