/* Reversed names: which are addresses, which lie above some, which neither. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
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

/* An octet as a reader of text would read it; above 255 for anything else. */
static unsigned
slow_octet(const uint8_t *digits, size_t count)
{
	unsigned value = 0;

	if (count == 0 || count > 3 || (count > 1 && digits[0] == '0'))
		return 256;
	for (size_t i = 0; i < count; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return 256;
		value = value * 10 + (digits[i] - (unsigned)'0');
	}
	return value;
}

/* One label with these digits behind `before` labels of "7" and in front of
 * `after` more. */
static void
check_octet(
    const uint8_t *digits, uint8_t count, unsigned before, unsigned after)
{
	size_t size = 2 * before + 1 + count + 2 * after, at = 0;
	uint8_t *labels =
	    malloc(size); /* so that no byte behind is looked at */
	unsigned expected = slow_octet(digits, count);
	struct revname revname;

	assert_non_null(labels);
	for (unsigned i = 0; i < before; i++, at += 2)
		memcpy(labels + at, "\0017", 2);
	labels[at++] = count;
	memcpy(labels + at, digits, count);
	at += count;
	for (unsigned i = 0; i < after; i++, at += 2)
		memcpy(labels + at, "\0017", 2);
	(void)revname_parse(labels, size, &revname);
	assert_int_equal(revname.is_ipv4, expected <= 255);
	if (expected <= 255)
		assert_int_equal(revname.ipv4.addr.octet[after], expected);
	free(labels);
}

/* All octets that are near to digits, at each place of a label, and the label at
 * each place of a name. */
static void
octets(void **state)
{
	static const uint8_t some[] = {'0', '1', '2', '3', '4', '5', '6', '7',
	    '8', '9', '/', ':', 'a', 0, 1, 0x7f, 0x80, 0xb0, 0xff};
	const size_t all = sizeof(some);

	(void)state;
	for (size_t i = 0; i < all * all * all; i++) {
		const uint8_t digits[3] = {
		    some[i / all / all], some[i / all % all], some[i % all]};

		for (uint8_t count = 1; count <= 3; count++) {
			check_octet(digits, count, 0, 0);
			check_octet(digits, count, 1, 0);
			check_octet(digits, count, 3, 0);
			check_octet(digits, count, 0, 1);
			check_octet(digits, count, 1, 2);
		}
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

/* What a name (with the zone's behind it) seems to be. */
static void
guess(void **state)
{
	static const struct {
		const char *name, *addr;
	} names[] = {
	    {"7.100.51.198.bl.test", "198.51.100.7"},
	    {"255.255.255.255.bl.test", "255.255.255.255"},
	    {"0.0.0.0.bl.test", "0.0.0.0"},
	    {"1.2.3.4.bl.test", "4.3.2.1"},
	    {"256.100.51.198.bl.test", ""},
	    {"07.100.51.198.bl.test", ""},
	    {"100.51.198.bl.test", ""},
	    {"bl.test", ""},
	    {"7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.t",
		"2001:db8::7"},
	    {"f.e.d.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.t",
		"2001:db8::cdef"},
	    {"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.test",
		""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		uint8_t name[DNAME_SIZE_MAX];
		char text[BS_ADDR_TEXT_MAX] = "";
		struct bs_addr addr;
		size_t size;

		print_message("%s\n", names[i].name);
		assert_int_equal(dname_parse(names[i].name, name, &size), 0);
		if (revname_guess(name, size, &addr))
			(void)bs_addr_format(&addr, text);
		assert_string_equal(text, names[i].addr);
		/* cut anywhere, it does not look behind the end */
		for (size_t cut = 0; cut < size; cut++) {
			uint8_t *some = malloc(cut + 1);

			assert_non_null(some);
			memcpy(some, name, cut);
			(void)revname_guess(some, cut, &addr);
			free(some);
		}
	}
}

/* Every octet at every place of a word, and behind the last whole one. */
static void
lower_case(void **state)
{
	(void)state;
	for (size_t size = 0; size < 20; size++) {
		for (unsigned octet = 0; octet < 256; octet++) {
			uint8_t from[20], to[20];

			for (size_t i = 0; i < size; i++)
				from[i] = (uint8_t)(octet + 37 * i);
			dname_copy_lower(to, from, size);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(to[i], dname_lower(from[i]));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parse),
	    cmocka_unit_test(octets),
	    cmocka_unit_test(parse_nothing),
	    cmocka_unit_test(top),
	    cmocka_unit_test(tail),
	    cmocka_unit_test(guess),
	    cmocka_unit_test(lower_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
