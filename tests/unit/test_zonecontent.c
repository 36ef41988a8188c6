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

#include "revname.h"
#include "rfc4592.h"
#include "server_fixture.h"
#include "testpoint.h"
#include "zoneset.h"

#define NAME_MAX_TEXT 300
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

/* All names of a set, in an oracle. */
struct made {
	struct rfc4592_zone *oracle;
	struct bs_zonename *name;
	size_t count, room;
};

/* --- making -------------------------------------------------------------- */

static void
collect(struct zoneset *set, const struct zone *zone, struct made *made)
{
	struct bs_zonecontent_settings settings = {zone->classes, zone->flat};
	struct bs_zonecontent_input input = zoneset_input(set);
	struct bs_zonecontent content;
	struct bs_zonename name;
	int error;

	bs_zonecontent_start(&content, &input, &settings);
	while ((error = bs_zonecontent_next(&content, &name)) == 0) {
		if (made->count == made->room) {
			made->room = made->room > 0 ? 2 * made->room : 64;
			made->name =
			    reallocarray(made->name, made->room, sizeof(name));
			assert_non_null(made->name);
		}
		if (made->count > 0)
			assert_true(bs_addr_compare(
					&made->name[made->count - 1].node.addr,
					&name.node.addr) < 0);
		made->name[made->count++] = name;
	}
	assert_int_equal(error, BS_ENOTFOUND);
	assert_int_equal(bs_zonecontent_next(&content, &name), BS_ENOTFOUND);
}

static struct made
make(struct zoneset *set, const struct zone *zone)
{
	struct made made = {.oracle = rfc4592_new()};

	collect(set, zone, &made);
	for (size_t i = 0; i < made.count; i++) {
		char text[BS_ZONENAME_TEXT_MAX];

		rfc4592_add(made.oracle,
		    bs_zonename_format(&made.name[i].node, text),
		    &made.name[i]);
	}
	return made;
}

static void
unmake(struct made *made)
{
	rfc4592_free(&made->oracle);
	free(made->name);
}

/* Test points that a set has names for. */
static size_t
count_tests(const struct made *made)
{
	size_t count = 0;

	for (size_t i = 0; i < made->count; i++)
		count += made->name[i].test;
	return count;
}

/* --- comparing ----------------------------------------------------------- */

static size_t
to_labels(const char *name, uint8_t *labels)
{
	size_t size = 0;

	while (*name != '\0') {
		size_t length = strcspn(name, ".");

		labels[size++] = (uint8_t)length;
		memcpy(labels + size, name, length);
		size += length;
		name += length + (name[length] == '.');
	}
	return size;
}

/* "0", "-" or "6@198.51.0.0/16 (bounce)" of a name by the oracle. */
static void
tell_oracle(const struct made *made, const char *name, char text[128])
{
	struct rfc4592_answer answer = rfc4592_ask(made->oracle, name);
	const struct bs_zonename *by = answer.data;
	char prefix[BS_PREFIX_TEXT_MAX], classes[BS_CLASSES_TEXT_MAX];

	if (answer.kind != RFC4592_ANSWER)
		(void)strcpy(text, answer.kind == RFC4592_NODATA ? "0" : "-");
	else
		(void)snprintf(text, 128, "%u@%s (%s%s)", by->answer,
		    bs_prefix_format(&by->prefix, prefix),
		    bs_classes_format(by->classes, classes),
		    by->test ? ", test" : "");
}

/* The same by the query path. */
static void
tell_content(const struct zone *zone, const struct lookup *lookup,
    const char *name, char text[128])
{
	uint8_t labels[NAME_MAX_TEXT];
	struct content content =
	    content_find(zone, lookup, labels, to_labels(name, labels));
	char prefix[BS_PREFIX_TEXT_MAX], classes[BS_CLASSES_TEXT_MAX];

	if (content.kind == CONTENT_LISTED)
		(void)snprintf(text, 128, "%u@%s (%s%s)",
		    BS_LISTED | (zone->flat ? 0 : content.classes),
		    bs_prefix_format(&content.prefix, prefix),
		    bs_classes_format(content.classes, classes),
		    content.test ? ", test" : "");
	else
		(void)strcpy(text, content.kind == CONTENT_NONE    ? "-"
				   : content.kind == CONTENT_EMPTY ? "0"
								   : "error");
}

/* All that is compared, for one set. */
struct round {
	struct zoneset *set;
	const struct zone *zone;
	const struct made *made;
	struct lookup lookup;
	uint64_t random;
	size_t asked;
};

static void
same_by_both(struct round *round, const char *name)
{
	char by_oracle[128], by_content[128];

	tell_oracle(round->made, name, by_oracle);
	tell_content(round->zone, &round->lookup, name, by_content);
	if (strcmp(by_oracle, by_content) != 0)
		fail_msg("%s: oracle %s, query path %s", name, by_oracle,
		    by_content);
	round->asked++;
}

static void
reversed(const struct bs_prefix *node, char *text)
{
	char name[BS_ZONENAME_TEXT_MAX];

	(void)bs_zonename_format(node, name);
	(void)strcpy(text, name + (strncmp(name, "*.", 2) == 0 ? 2 : 0));
}

/* The answer of an address is the truth, and no other name's A is there. */
static void
true_address(struct round *round, const struct bs_addr *addr)
{
	bool test;
	struct bs_cover truth =
	    zoneset_truth(round->set, addr, round->zone->classes, &test);
	struct bs_prefix single = bs_prefix_single(addr);
	struct rfc4592_answer answer;
	char name[NAME_MAX_TEXT];

	reversed(&single, name);
	answer = rfc4592_ask(round->made->oracle, name);
	if ((answer.kind == RFC4592_ANSWER) != (truth.classes != 0 || test))
		fail_msg("%s: classes are %u", name, truth.classes);
	if (answer.kind == RFC4592_ANSWER) {
		const struct bs_zonename *by = answer.data;

		assert_int_equal(by->classes, truth.classes);
		assert_int_equal(by->test, test);
		assert_int_equal(by->answer,
		    BS_LISTED | (round->zone->flat ? 0 : truth.classes));
		assert_int_equal(
		    bs_prefix_compare(&by->prefix, &truth.narrowest), 0);
	}
	same_by_both(round, name);
}

/* Whether a name's reading in a family has anything listed. */
static bool
any_in(const struct round *round, bool is_family, const struct bs_prefix *node)
{
	return is_family && zoneset_any(round->set, node, round->zone->classes);
}

/* What is above anything listed exists, what is not does not (RFC 8020). */
static void
true_node(struct round *round, const struct bs_prefix *node)
{
	char name[NAME_MAX_TEXT];
	uint8_t labels[NAME_MAX_TEXT];
	struct revname revname;
	bool any;

	reversed(node, name);
	assert_true(revname_parse(labels, to_labels(name, labels), &revname));
	any = any_in(round, revname.is_ipv4, &revname.ipv4) ||
	      any_in(round, revname.is_ipv6, &revname.ipv6);
	if ((rfc4592_ask(round->made->oracle, name).kind != RFC4592_NXDOMAIN) !=
	    any)
		fail_msg("%s: %s", name, any ? "is missing" : "exists");
	same_by_both(round, name);
}

static unsigned
random_below(struct round *round, unsigned limit)
{
	round->random =
	    round->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(round->random >> 33) % limit;
}

/* An address, a node above it, and names below that. */
static void
ask_around(struct round *round, const struct bs_addr *addr)
{
	static const char *const below[] = {
	    "x", "*", "x.*", "7", "a", "10", "300", "05", "*.x", "1.2.3.4.5"};
	unsigned step = bs_zonename_step(addr->family);
	unsigned labels = bs_family_bits(addr->family) / step;
	struct bs_prefix node =
	    bs_prefix_of(addr, step * (1 + random_below(round, labels)));
	char name[NAME_MAX_TEXT], text[NAME_MAX_TEXT];

	true_address(round, addr);
	true_node(round, &node);
	reversed(&node, name);
	(void)snprintf(text, sizeof(text), "%s.%s",
	    below[random_below(round, sizeof(below) / sizeof(*below))], name);
	same_by_both(round, text);
}

/* The address so many after another one. */
static struct bs_addr
moved(struct bs_addr addr, int by)
{
	for (size_t i = bs_family_octets(addr.family); i-- > 0 && by != 0;) {
		int sum = addr.octet[i] + by;

		addr.octet[i] = (uint8_t)sum;
		by = sum < 0 ? -1 : sum > 255;
	}
	return addr;
}

/* Both ends of a prefix, what is beside them, and something inside. */
static void
ask_prefix(struct round *round, const struct bs_prefix *prefix)
{
	struct bs_addr first = prefix->addr, last = bs_prefix_last(prefix);
	struct bs_addr inside = first;
	size_t octets = bs_family_octets(first.family);
	struct bs_addr addrs[] = {
	    first, last, moved(first, -1), moved(last, 1), {0}, {0}};

	for (size_t i = 4; i < sizeof(addrs) / sizeof(*addrs); i++) {
		for (size_t j = prefix->bits / 8u; j < octets; j++)
			inside.octet[j] ^=
			    (uint8_t)random_below(round, 12) &
			    (uint8_t)(first.octet[j] ^
				      bs_prefix_last(prefix).octet[j]);
		addrs[i] = inside;
	}
	for (size_t i = 0; i < sizeof(addrs) / sizeof(*addrs); i++)
		ask_around(round, &addrs[i]);
}

static void
ask_all(struct round *round)
{
	for (size_t i = 0; i < round->set->listings; i++)
		ask_prefix(round, &round->set->listing[i].prefix);
	for (size_t i = 0; i < round->set->exemptions; i++)
		ask_prefix(round, &round->set->exemption[i]);
	for (unsigned i = 0; i < 2; i++) {
		uint8_t family = i == 0 ? BS_IPV4 : BS_IPV6;
		struct bs_addr addr = bs_testpoint_opposite(family);

		ask_around(round, &addr);
		addr = bs_testpoint_at(
		    family, random_below(round, BS_TESTPOINT_COUNT));
		ask_around(round, &addr);
	}
}

/* --- tests --------------------------------------------------------------- */

/* "NAME=ANSWER[@PREFIX]" holds by both; *asked goes behind it. */
static void
expect(struct round *round, const char **asked)
{
	char name[NAME_MAX_TEXT], expected[128], got[128];
	size_t size = strcspn(*asked, "="), end = strcspn(*asked, " ");

	assert_true(size < end && size < sizeof(name) && end - size < 100);
	(void)snprintf(name, sizeof(name), "%.*s", (int)size, *asked);
	(void)snprintf(expected, sizeof(expected), "%.*s",
	    (int)(end - size - 1), *asked + size + 1);
	tell_oracle(round->made, name, got);
	got[strcspn(got, strchr(expected, '@') != NULL ? " " : "@")] = '\0';
	if (strcmp(got, expected) != 0)
		fail_msg("%s: expected %s, got %s", name, expected, got);
	same_by_both(round, name);
	*asked += end + strspn(*asked + end, " ");
}

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
		struct made made;
		struct round round = {
		    &set, zone, &made, zoneset_lookup(&set), i, 0};

		print_message("%s\n", rows[i].label);
		zoneset_parse(&set, rows[i].set);
		made = make(&set, zone);
		assert_int_equal(
		    made.count - count_tests(&made), rows[i].names);
		for (const char *asked = rows[i].asked; *asked != '\0';)
			expect(&round, &asked);
		for (int times = 0; times < 4; times++)
			ask_all(&round);
		unmake(&made);
	}
}

/* A prefix near others: of few octets and nibbles, of any length. */
static struct bs_prefix
random_prefix(struct round *round)
{
	static const uint8_t octets[] = {2, 4, 9, 10, 127, 198, 0, 1};
	bool ipv4 = random_below(round, 2) == 0;
	struct bs_addr addr = {.family = ipv4 ? BS_IPV4 : BS_IPV6};
	unsigned least = ipv4 ? 8 : 16, most = ipv4 ? 32 : 128;
	unsigned few = 1 + random_below(round, 4);

	for (size_t i = 0; i < bs_family_octets(addr.family); i++)
		addr.octet[i] = ipv4 ? octets[random_below(round, 2 * few)]
				     : (uint8_t)(random_below(round, few) << 4 |
						 random_below(round, few));
	/* as ::ffff:127.0.0.0 or beside it, at times */
	if (!ipv4 && random_below(round, 8) == 0) {
		addr = bs_testpoint_opposite(BS_IPV6);
		addr.octet[random_below(round, 16)] ^=
		    (uint8_t)random_below(round, 3);
	}
	/* wide ones have many names below single digits */
	if (ipv4 && random_below(round, 16) != 0)
		least = 14;
	return bs_prefix_of(
	    &addr, least + random_below(round, most - least + 1));
}

static void
random_set(struct round *round)
{
	unsigned listings = random_below(round, 7);
	unsigned exemptions = random_below(round, 4);
	struct bs_prefix prefix;

	memset(round->set, 0, sizeof(*round->set));
	for (unsigned i = 0; i < listings; i++) {
		prefix = random_prefix(round);
		zoneset_list(round->set, &prefix,
		    (bs_classes)(bs_class_at(random_below(round, 6)) |
				 bs_class_at(random_below(round, 6))));
		/* a narrower one inside it */
		if (random_below(round, 3) != 0 || bs_prefix_is_single(&prefix))
			continue;
		prefix.bits = (uint8_t)(prefix.bits + 1 +
					random_below(round,
					    bs_family_bits(prefix.addr.family) -
						prefix.bits));
		if (random_below(round, 2) == 0)
			zoneset_exempt(round->set, &prefix);
		else
			zoneset_list(round->set, &prefix, BS_VIRUS);
	}
	for (unsigned i = 0; i < exemptions; i++) {
		prefix = random_prefix(round);
		zoneset_exempt(round->set, &prefix);
	}
}

#define RANDOM_SETS 2000

static void
random_sets(void **state)
{
	const struct zone_table *zones = *state;
	size_t asked = 0, names = 0;

	for (uint64_t seed = 1; seed <= RANDOM_SETS; seed++) {
		struct zoneset set;
		struct made made;
		struct round round = {&set, NULL, &made, zoneset_lookup(&set),
		    seed * 0x9e3779b97f4a7c15u, 0};

		random_set(&round);
		round.zone =
		    zones->zone[random_below(&round, (unsigned)zones->count)];
		made = make(&set, round.zone);
		names += made.count;
		ask_all(&round);
		asked += round.asked;
		unmake(&made);
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
	struct bs_zonecontent_settings settings = {BS_CLASSES_ALL, false};
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
	struct bs_zonecontent_settings settings = {BS_CLASSES_ALL, false};

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
