/* Reversed names: which are addresses, which lie above some, which neither. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dname.h"
#include "revname.h"

static const struct {
	const char *name; /* labels before the zone's name */
	const char *ipv4; /* "": none */
	const char *ipv6;
} rows[] = {
    {"2.0.0.127", "127.0.0.2", ""},
    {"255.255.255.255", "255.255.255.255", ""},
    {"256.0.0.127", "", ""},
    {"02.0.0.127", "", ""},
    {"00.0.0.127", "", ""},
    {"0.0.0.127", "127.0.0.0", ""},
    {"-1.0.0.127", "", ""},
    {"+1.0.0.127", "", ""},
    {"0x1.0.0.127", "", ""},
    {"1000.0.0.127", "", ""},
    {"127", "127.0.0.0/8", ""},
    {"0.127", "127.0.0.0/16", ""},
    {"0.0.127", "127.0.0.0/24", ""},
    {"2", "2.0.0.0/8", "2000::/4"},
    {"1.0.0.2", "2.0.0.1", "2001::/16"},
    {"9.1.0.0.2", "", "2001:9000::/20"},
    {"5.99.2.0.192", "", ""},
    {"f", "", "f000::/4"},
    {"g", "", ""},
    {"ff", "", ""},
    {"www", "", ""},
    {"1.www", "", ""},
    {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2", "",
	"2001:db8::1"},
    {"F.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2", "",
	"2001:db8::f"},
    {"0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2", "",
	""},
    {"01.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2", "",
	""},
};

static void
check(bool is, const struct bs_prefix *prefix, const char *expected)
{
	char text[BS_PREFIX_TEXT_MAX];

	assert_int_equal(is, *expected != '\0');
	if (is)
		assert_string_equal(bs_prefix_format(prefix, text), expected);
}

static void
parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t name[DNAME_SIZE_MAX];
		struct revname revname;
		size_t size;
		bool is;

		assert_int_equal(dname_parse(rows[i].name, name, &size), 0);
		is = revname_parse(name, size - 1, &revname);
		print_message("%s\n", rows[i].name);
		assert_int_equal(is, revname.is_ipv4 || revname.is_ipv6);
		check(revname.is_ipv4, &revname.ipv4, rows[i].ipv4);
		check(revname.is_ipv6, &revname.ipv6, rows[i].ipv6);
	}
}

static void
parse_nothing(void **state)
{
	struct revname revname;

	(void)state;
	assert_false(revname_parse((const uint8_t *)"", 0, &revname));
}

static void
top(void **state)
{
	(void)state;
	assert_true(revname_is_top((const uint8_t *)"255", 3));
	assert_true(revname_is_top((const uint8_t *)"a", 1));
	assert_false(revname_is_top((const uint8_t *)"256", 3));
	assert_false(revname_is_top((const uint8_t *)"ns", 2));
}

static const struct {
	const char *name;
	const char *ipv4, *ipv6; /* "": none */
	bool is_parent, asterisk;
} tails[] = {
    {"x.100.51.198", "198.51.100.0/24", "", true, false},
    {"*.100.51.198", "198.51.100.0/24", "", true, true},
    {"x.*.100.51.198", "198.51.100.0/24", "", false, true},
    {"*.x.100.51.198", "198.51.100.0/24", "", false, false},
    {"256.51.198", "198.51.0.0/16", "", true, false},
    {"05.51.198", "198.51.0.0/16", "", true, false},
    {"9.9.7.100.51.198", "198.51.100.7", "", false, false},
    {"x.4.2", "2.4.0.0/16", "2400::/8", true, false},
    {"x.8.b.d.0.1.0.0.f", "", "f001:db8::/32", true, false},
    {"ns", "", "", true, false},
    {"100.ns", "", "", false, false},
};

static void
check_tail(uint8_t family, const uint8_t *name, size_t size, size_t row)
{
	struct revname_tail tail = revname_parse_tail(family, name, size);
	const char *expected =
	    family == BS_IPV4 ? tails[row].ipv4 : tails[row].ipv6;

	check(tail.prefix.bits > 0, &tail.prefix, expected);
	if (*expected == '\0')
		return;
	assert_int_equal(tail.is_parent, tails[row].is_parent);
	assert_int_equal(tail.asterisk, tails[row].asterisk);
}

static void
tail(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		uint8_t name[DNAME_SIZE_MAX];
		size_t size;

		print_message("%s\n", tails[i].name);
		assert_int_equal(dname_parse(tails[i].name, name, &size), 0);
		check_tail(BS_IPV4, name, size - 1, i);
		if (strcmp(tails[i].ipv6, "") != 0 ||
		    strcmp(tails[i].ipv4, "") == 0)
			check_tail(BS_IPV6, name, size - 1, i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parse),
	    cmocka_unit_test(parse_nothing),
	    cmocka_unit_test(top),
	    cmocka_unit_test(tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
