/*
 * See zonecheck.h.  What differs fails the test that runs.
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
#include "testpoint.h"
#include "zonecheck.h"

#define NAME_MAX_TEXT 300

/* --- making -------------------------------------------------------------- */

static void
collect(
    struct zoneset *set, const struct zone *zone, struct zonecheck_made *made)
{
	struct bs_zonecontent_settings settings = {
	    zone->classes, zone->flat, zone->shutdown};
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

void
zonecheck_start(struct zonecheck *check, struct zoneset *set,
    const struct zone *zone, uint64_t seed)
{
	struct zonecheck_made *made = &check->made;

	*check = (struct zonecheck){
	    .set = set,
	    .zone = zone,
	    .lookup = zoneset_lookup(set),
	    .random = seed,
	};
	made->oracle = rfc4592_new();
	collect(set, zone, made);
	for (size_t i = 0; i < made->count; i++) {
		char text[BS_ZONENAME_TEXT_MAX];

		made->tests += made->name[i].test;
		rfc4592_add(made->oracle,
		    bs_zonename_format(&made->name[i].node, text),
		    &made->name[i]);
	}
}

void
zonecheck_end(struct zonecheck *check)
{
	rfc4592_free(&check->made.oracle);
	free(check->made.name);
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
tell_oracle(const struct zonecheck_made *made, const char *name, char text[128])
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

static void
same_by_both(struct zonecheck *check, const char *name)
{
	char by_oracle[128], by_content[128];

	tell_oracle(&check->made, name, by_oracle);
	tell_content(check->zone, &check->lookup, name, by_content);
	if (strcmp(by_oracle, by_content) != 0)
		fail_msg("%s: oracle %s, query path %s", name, by_oracle,
		    by_content);
	check->asked++;
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
true_address(struct zonecheck *check, const struct bs_addr *addr)
{
	bool test = false;
	struct bs_cover truth = {0};
	struct bs_prefix single = bs_prefix_single(addr);
	struct rfc4592_answer answer;
	char name[NAME_MAX_TEXT];

	if (!check->zone->shutdown)
		truth = zoneset_truth(
		    check->set, addr, check->zone->classes, &test);
	reversed(&single, name);
	answer = rfc4592_ask(check->made.oracle, name);
	if ((answer.kind == RFC4592_ANSWER) != (truth.classes != 0 || test))
		fail_msg("%s: classes are %u", name, truth.classes);
	if (answer.kind == RFC4592_ANSWER) {
		const struct bs_zonename *by = answer.data;

		assert_int_equal(by->classes, truth.classes);
		assert_int_equal(by->test, test);
		assert_int_equal(by->answer,
		    BS_LISTED | (check->zone->flat ? 0 : truth.classes));
		assert_int_equal(
		    bs_prefix_compare(&by->prefix, &truth.narrowest), 0);
	}
	same_by_both(check, name);
}

/* Whether a name's reading in a family has anything listed. */
static bool
any_in(
    const struct zonecheck *check, bool is_family, const struct bs_prefix *node)
{
	return is_family && !check->zone->shutdown &&
	       zoneset_any(check->set, node, check->zone->classes);
}

/* What is above anything listed exists, what is not does not (RFC 8020). */
static void
true_node(struct zonecheck *check, const struct bs_prefix *node)
{
	char name[NAME_MAX_TEXT];
	uint8_t labels[NAME_MAX_TEXT];
	struct revname revname;
	bool any;

	reversed(node, name);
	assert_true(revname_parse(labels, to_labels(name, labels), &revname));
	any = any_in(check, revname.is_ipv4, &revname.ipv4) ||
	      any_in(check, revname.is_ipv6, &revname.ipv6);
	if ((rfc4592_ask(check->made.oracle, name).kind != RFC4592_NXDOMAIN) !=
	    any)
		fail_msg("%s: %s", name, any ? "is missing" : "exists");
	same_by_both(check, name);
}

unsigned
zonecheck_random(uint64_t *random, unsigned limit)
{
	*random = *random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*random >> 33) % limit;
}

/* An address, a node above it, and names below that. */
static void
ask_around(struct zonecheck *check, const struct bs_addr *addr)
{
	static const char *const below[] = {
	    "x", "*", "x.*", "7", "a", "10", "300", "05", "*.x", "1.2.3.4.5"};
	unsigned step = bs_zonename_step(addr->family);
	unsigned labels = bs_family_bits(addr->family) / step;
	struct bs_prefix node = bs_prefix_of(
	    addr, step * (1 + zonecheck_random(&check->random, labels)));
	char name[NAME_MAX_TEXT], text[NAME_MAX_TEXT];

	true_address(check, addr);
	true_node(check, &node);
	reversed(&node, name);
	(void)snprintf(text, sizeof(text), "%s.%s",
	    below[zonecheck_random(
		&check->random, sizeof(below) / sizeof(*below))],
	    name);
	same_by_both(check, text);
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
ask_prefix(struct zonecheck *check, const struct bs_prefix *prefix)
{
	struct bs_addr first = prefix->addr, last = bs_prefix_last(prefix);
	struct bs_addr inside = first;
	size_t octets = bs_family_octets(first.family);
	struct bs_addr addrs[] = {
	    first, last, moved(first, -1), moved(last, 1), {0}, {0}};

	for (size_t i = 4; i < sizeof(addrs) / sizeof(*addrs); i++) {
		for (size_t j = prefix->bits / 8u; j < octets; j++)
			inside.octet[j] ^=
			    (uint8_t)zonecheck_random(&check->random, 12) &
			    (uint8_t)(first.octet[j] ^
				      bs_prefix_last(prefix).octet[j]);
		addrs[i] = inside;
	}
	for (size_t i = 0; i < sizeof(addrs) / sizeof(*addrs); i++)
		ask_around(check, &addrs[i]);
}

void
zonecheck_all(struct zonecheck *check)
{
	for (size_t i = 0; i < check->set->listings; i++)
		ask_prefix(check, &check->set->listing[i].prefix);
	for (size_t i = 0; i < check->set->exemptions; i++)
		ask_prefix(check, &check->set->exemption[i]);
	for (unsigned i = 0; i < 2; i++) {
		uint8_t family = i == 0 ? BS_IPV4 : BS_IPV6;
		struct bs_addr addr = bs_testpoint_opposite(family);

		ask_around(check, &addr);
		addr = bs_testpoint_at(family,
		    zonecheck_random(&check->random, BS_TESTPOINT_COUNT));
		ask_around(check, &addr);
	}
}

void
zonecheck_expect(struct zonecheck *check, const char **asked)
{
	char name[NAME_MAX_TEXT], expected[128], got[128];
	size_t size = strcspn(*asked, "="), end = strcspn(*asked, " ");

	assert_true(size < end && size < sizeof(name) && end - size < 100);
	(void)snprintf(name, sizeof(name), "%.*s", (int)size, *asked);
	(void)snprintf(expected, sizeof(expected), "%.*s",
	    (int)(end - size - 1), *asked + size + 1);
	tell_oracle(&check->made, name, got);
	got[strcspn(got, strchr(expected, '@') != NULL ? " " : "@")] = '\0';
	if (strcmp(got, expected) != 0)
		fail_msg("%s: expected %s, got %s", name, expected, got);
	same_by_both(check, name);
	*asked += end + strspn(*asked + end, " ");
}
