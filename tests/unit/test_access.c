/*
 * Access lists: a table of cases, and thousands of random ones against a model.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "address_fixture.h"
#include "access.h"
#include "access_model.h"

#define PREFIXES 16

/* "a b c" as prefixes. */
static struct access_list
list_of(const char *text, struct bs_prefix prefixes[PREFIXES])
{
	struct access_list list = {prefixes, 0};

	while (*text != '\0') {
		size_t size = strcspn(text, " ");

		assert_int_equal(
		    bs_prefix_parse(text, size, &prefixes[list.count++]), 0);
		text += size + (text[size] == ' ');
	}
	return list;
}

#define OPEN ACCESS_OPEN
#define ALLOWED ACCESS_ALLOWED
#define DENIED ACCESS_DENIED

static const struct {
	const char *allow, *deny, *addr;
	enum access_verdict verdict;
} rows[] = {
    {"", "", "192.0.2.1", OPEN},
    {"192.0.2.0/24", "", "192.0.2.0", ALLOWED},
    {"192.0.2.0/24", "", "192.0.2.255", ALLOWED},
    {"192.0.2.0/24", "", "192.0.1.255", DENIED},
    {"192.0.2.0/24", "", "192.0.3.0", DENIED},
    {"192.0.2.0/24", "", "2001:db8::1", DENIED},
    {"", "192.0.2.0/24", "192.0.2.7", DENIED},
    {"", "192.0.2.0/24", "192.0.3.0", OPEN},
    {"", "192.0.2.0/24", "2001:db8::1", OPEN},
    /* the narrowest decides */
    {"192.0.2.0/24", "192.0.2.7", "192.0.2.7", DENIED},
    {"192.0.2.0/24", "192.0.2.7", "192.0.2.6", ALLOWED},
    {"192.0.2.0/24", "192.0.2.7", "192.0.2.8", ALLOWED},
    {"192.0.2.7", "192.0.2.0/24", "192.0.2.7", ALLOWED},
    {"192.0.2.7", "192.0.2.0/24", "192.0.2.8", DENIED},
    {"192.0.2.4/30", "192.0.2.0/24 192.0.2.5", "192.0.2.4", ALLOWED},
    {"192.0.2.4/30", "192.0.2.0/24 192.0.2.5", "192.0.2.5", DENIED},
    {"192.0.2.4/30", "192.0.2.0/24 192.0.2.5", "192.0.2.6", ALLOWED},
    /* equal ones: the denial; twice the same; side by side */
    {"192.0.2.0/24", "192.0.2.0/24", "192.0.2.1", DENIED},
    {"192.0.2.0/24 192.0.2.0/24", "", "192.0.2.1", ALLOWED},
    {"192.0.2.0/25", "192.0.2.128/25", "192.0.2.127", ALLOWED},
    {"192.0.2.0/25", "192.0.2.128/25", "192.0.2.128", DENIED},
    /* ends of the space, all of it */
    {"0.0.0.0/0", "255.255.255.255", "255.255.255.255", DENIED},
    {"0.0.0.0/0", "255.255.255.255", "255.255.255.254", ALLOWED},
    {"0.0.0.0/0", "0.0.0.0", "0.0.0.0", DENIED},
    {"0.0.0.0/0", "0.0.0.0", "0.0.0.1", ALLOWED},
    {"::/0", "", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ALLOWED},
    {"::/0", "", "192.0.2.1", DENIED},
    {"", "::/0", "192.0.2.1", OPEN},
    /* IPv6, across the two words */
    {"", "2001:db8::/32", "2001:db8:ffff::1", DENIED},
    {"", "2001:db8::/32", "2001:db9::", OPEN},
    {"", "2001:db8:0:1::/64", "2001:db8:0:1:ffff:ffff:ffff:ffff", DENIED},
    {"", "2001:db8:0:1::/64", "2001:db8:0:2::", OPEN},
    {"2001:db8::/64", "2001:db8::5/128", "2001:db8::5", DENIED},
    {"2001:db8::/64", "2001:db8::5/128", "2001:db8::6", ALLOWED},
};

static void
table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_prefix allowed[PREFIXES], denied[PREFIXES];
		struct access_list allow = list_of(rows[i].allow, allowed);
		struct access_list deny = list_of(rows[i].deny, denied);
		struct bs_addr addr = addr_of(rows[i].addr);
		struct access *access = NULL;

		print_message(
		    "+%s -%s %s\n", rows[i].allow, rows[i].deny, rows[i].addr);
		assert_int_equal(access_new(allow, deny, &access), 0);
		assert_int_equal(access_find(access, &addr), rows[i].verdict);
		assert_int_equal(
		    access_model(allow, deny, &addr), rows[i].verdict);
		access_free(&access);
		assert_null(access);
	}
}

static void
none(void **state)
{
	struct bs_addr addr = {.family = BS_IPV4};

	(void)state;
	assert_int_equal(access_find(NULL, &addr), ACCESS_OPEN);
}

/* --- random ones --------------------------------------------------------------- */

static uint32_t seed = 1;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % below;
}

/* Few different octets, so that prefixes lie in and beside each other. */
static struct bs_addr
draw_addr(void)
{
	struct bs_addr addr = {.family = draw(2) > 0 ? BS_IPV4 : BS_IPV6};
	static const uint8_t octets[] = {0, 1, 0x80, 0xff};

	for (size_t i = 0; i < bs_family_octets(addr.family); i++)
		addr.octet[i] = octets[draw(4)];
	return addr;
}

static struct access_list
draw_list(struct bs_prefix prefixes[PREFIXES])
{
	struct access_list list = {prefixes, draw(PREFIXES + 1)};

	for (size_t i = 0; i < list.count; i++) {
		struct bs_addr addr = draw_addr();

		prefixes[i] = bs_prefix_of(&addr,
		    draw(draw(2) > 0 ? 12 : bs_family_bits(addr.family) + 1));
	}
	return list;
}

static void
against_the_model(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 1000; round++) {
		struct bs_prefix allowed[PREFIXES], denied[PREFIXES];
		struct access_list allow = draw_list(allowed);
		struct access_list deny = draw_list(denied);
		struct access *access = NULL;

		assert_int_equal(access_new(allow, deny, &access), 0);
		for (unsigned i = 0; i < 50; i++) {
			struct bs_addr addr = draw_addr();

			assert_int_equal(access_find(access, &addr),
			    access_model(allow, deny, &addr));
		}
		access_free(&access);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(table),
	    cmocka_unit_test(none),
	    cmocka_unit_test(against_the_model),
	};

	return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
