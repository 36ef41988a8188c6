/*
 * Addresses, prefixes and endpoints: what the strict readers take and refuse,
 * and that writing and reading agree.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "error.h"
#include "ipprefix.h"

struct text_row {
	const char *name, *text;
	int error;
	const char *written; /* NULL: the same as text */
};

static const struct text_row addr_rows[] = {
    {"plain", "192.0.2.1", BS_OK, NULL},
    {"zeros", "0.0.0.0", BS_OK, NULL},
    {"ones", "255.255.255.255", BS_OK, NULL},
    {"loopback", "::1", BS_OK, NULL},
    {"any", "::", BS_OK, NULL},
    {"upper case", "2001:DB8::A", BS_OK, "2001:db8::a"},
    {"long form", "2001:0db8:0:0:0:0:0:1", BS_OK, "2001:db8::1"},
    {"mapped", "::ffff:192.0.2.1", BS_OK, NULL},
    {"empty", "", BS_EINVAL, NULL},
    {"three octets", "1.2.3", BS_EINVAL, NULL},
    {"five octets", "1.2.3.4.5", BS_EINVAL, NULL},
    {"leading zero", "010.0.0.1", BS_EINVAL, NULL},
    {"256", "256.0.0.1", BS_EINVAL, NULL},
    {"hex", "0x7f.0.0.1", BS_EINVAL, NULL},
    {"one number", "2130706433", BS_EINVAL, NULL},
    {"blank before", " 1.2.3.4", BS_EINVAL, NULL},
    {"blank after", "1.2.3.4 ", BS_EINVAL, NULL},
    {"minus", "-1.2.3.4", BS_EINVAL, NULL},
    {"plus", "+1.2.3.4", BS_EINVAL, NULL},
    {"trailing dot", "1.2.3.4.", BS_EINVAL, NULL},
    {"zone id", "fe80::1%eth0", BS_EINVAL, NULL},
    {"brackets", "[::1]", BS_EINVAL, NULL},
    {"tag", "IPv6:::1", BS_EINVAL, NULL},
    {"two gaps", "1::2::3", BS_EINVAL, NULL},
    {"five digits", "2001:0db80::1", BS_EINVAL, NULL},
    {"nine groups", "1:2:3:4:5:6:7:8:9", BS_EINVAL, NULL},
    {"mapped, bad tail", "::ffff:192.0.02.1", BS_EINVAL, NULL},
    {"longest", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", BS_OK,
	"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"one past the longest", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555",
	BS_EINVAL, NULL},
};

static void
addr_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(addr_rows) / sizeof(*addr_rows); i++) {
		const struct text_row *row = &addr_rows[i];
		struct bs_addr addr;
		char text[BS_ADDR_TEXT_MAX];

		print_message("# %s\n", row->name);
		assert_int_equal(row->error,
		    bs_addr_parse(row->text, strlen(row->text), &addr));
		if (row->error == BS_OK)
			assert_string_equal(bs_addr_format(&addr, text),
			    row->written ? row->written : row->text);
	}
}

static void
addr_with_nul_is_refused(void **state)
{
	struct bs_addr addr;

	(void)state;
	assert_int_equal(BS_EINVAL, bs_addr_parse("1.2.3.4\0", 8, &addr));
}

static void
addr_unmap(void **state)
{
	static const struct text_row rows[] = {
	    {"mapped", "::ffff:192.0.2.1", BS_OK, "192.0.2.1"},
	    {"mapped, hex", "::ffff:c000:201", BS_OK, "192.0.2.1"},
	    {"compatible stays", "::192.0.2.1", BS_OK, "::192.0.2.1"},
	    {"IPv4 stays", "192.0.2.1", BS_OK, "192.0.2.1"},
	    {"IPv6 stays", "2001:db8::1", BS_OK, "2001:db8::1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_addr addr, again;
		char text[BS_ADDR_TEXT_MAX];

		print_message("# %s\n", rows[i].name);
		assert_int_equal(BS_OK,
		    bs_addr_parse(rows[i].text, strlen(rows[i].text), &addr));
		bs_addr_unmap(&addr);
		assert_string_equal(
		    bs_addr_format(&addr, text), rows[i].written);
		/* unused octets are 0, so that addresses compare as bytes */
		assert_int_equal(
		    BS_OK, bs_addr_parse(text, strlen(text), &again));
		assert_int_equal(0, bs_addr_compare(&addr, &again));
	}
}

static const struct text_row prefix_rows[] = {
    {"single", "192.0.2.1", BS_OK, NULL},
    {"single with bits", "192.0.2.1/32", BS_OK, "192.0.2.1"},
    {"net", "192.0.2.0/24", BS_OK, NULL},
    {"odd length", "192.0.0.0/23", BS_OK, NULL},
    {"all", "0.0.0.0/0", BS_OK, NULL},
    {"all IPv6", "::/0", BS_OK, NULL},
    {"IPv6 net", "2001:db8::/64", BS_OK, NULL},
    {"IPv6 single", "2001:db8::1/128", BS_OK, "2001:db8::1"},
    {"odd IPv6 length", "2001:db8:8000::/33", BS_OK, NULL},
    {"host bits", "192.0.2.1/24", BS_EHOSTBITS, "192.0.2.0/24"},
    {"host bits in an octet", "192.0.3.0/23", BS_EHOSTBITS, "192.0.2.0/23"},
    {"IPv6 host bits", "2001:db8::1/64", BS_EHOSTBITS, "2001:db8::/64"},
    {"too long", "192.0.2.0/33", BS_ERANGE, NULL},
    {"too long, IPv6", "::/129", BS_ERANGE, NULL},
    {"no length", "192.0.2.0/", BS_EINVAL, NULL},
    {"leading zero", "192.0.2.0/024", BS_EINVAL, NULL},
    {"sign", "192.0.2.0/+24", BS_EINVAL, NULL},
    {"mask", "192.0.2.0/255.255.255.0", BS_EINVAL, NULL},
    {"short net", "192.0.2/24", BS_EINVAL, NULL},
    {"two slashes", "192.0.2.0/24/24", BS_EINVAL, NULL},
    {"number that wraps", "192.0.2.0/4294967320", BS_EINVAL, NULL},
};

static void
prefix_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(prefix_rows) / sizeof(*prefix_rows);
	     i++) {
		const struct text_row *row = &prefix_rows[i];
		struct bs_prefix prefix;
		char text[BS_PREFIX_TEXT_MAX];

		print_message("# %s\n", row->name);
		assert_int_equal(row->error,
		    bs_prefix_parse(row->text, strlen(row->text), &prefix));
		if (row->error == BS_OK || row->error == BS_EHOSTBITS)
			assert_string_equal(bs_prefix_format(&prefix, text),
			    row->written ? row->written : row->text);
	}
}

static struct bs_prefix
prefix_from(const char *text)
{
	struct bs_prefix prefix;

	assert_int_equal(BS_OK, bs_prefix_parse(text, strlen(text), &prefix));
	return prefix;
}

static void
prefix_covers(void **state)
{
	static const struct {
		const char *outer, *inner;
		bool covers;
	} rows[] = {
	    {"192.0.2.0/24", "192.0.2.255", true},
	    {"192.0.2.0/24", "192.0.3.0", false},
	    {"192.0.2.0/24", "192.0.2.0/24", true},
	    {"192.0.2.0/24", "192.0.2.0/23", false},
	    {"192.0.2.0/25", "192.0.2.128", false},
	    {"0.0.0.0/0", "255.255.255.255", true},
	    {"0.0.0.0/0", "::", false},
	    {"::/0", "0.0.0.0", false},
	    {"2001:db8::/33", "2001:db8:7fff::1", true},
	    {"2001:db8::/33", "2001:db8:8000::1", false},
	    {"::/0", "ffff::", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_prefix outer = prefix_from(rows[i].outer);
		struct bs_prefix inner = prefix_from(rows[i].inner);

		print_message("# %s in %s\n", rows[i].inner, rows[i].outer);
		assert_int_equal(
		    rows[i].covers, bs_prefix_covers(&outer, &inner));
	}
}

static void
prefix_any_has(void **state)
{
	static const struct {
		const char *addr;
		size_t count; /* of the prefixes below */
		bool has;
	} rows[] = {
	    {"192.0.2.7", 3, true},
	    {"198.51.100.1", 3, true},
	    {"198.51.100.2", 3, false},
	    {"2001:db8::1", 3, true},
	    {"2001:db8::1", 2, false},
	    {"192.0.2.7", 0, false},
	};
	const struct bs_prefix prefixes[] = {prefix_from("192.0.2.0/24"),
	    prefix_from("198.51.100.1"), prefix_from("2001:db8::/32")};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_prefix one = prefix_from(rows[i].addr);

		print_message("# %s in %zu\n", rows[i].addr, rows[i].count);
		assert_int_equal(rows[i].has,
		    bs_prefix_any_has(prefixes, rows[i].count, &one.addr));
	}
}

static void
prefix_order(void **state)
{
	static const char *const sorted[] = {"0.0.0.0/0", "10.0.0.0/8",
	    "10.0.0.0/16", "10.0.0.0", "10.0.0.1", "255.255.255.255", "::/0",
	    "::", "2001:db8::/32", "2001:db8::/64", "2001:db8::1"};
	size_t count = sizeof(sorted) / sizeof(*sorted);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			struct bs_prefix a = prefix_from(sorted[i]);
			struct bs_prefix b = prefix_from(sorted[j]);
			int order = bs_prefix_compare(&a, &b);

			assert_int_equal(
			    (i > j) - (i < j), (order > 0) - (order < 0));
		}
	}
}

static void
endpoint_text(void **state)
{
	static const struct text_row rows[] = {
	    {"IPv4", "127.0.0.1@53", BS_OK, NULL},
	    {"IPv6", "::1@53", BS_OK, NULL},
	    {"port 0", "127.0.0.1@0", BS_OK, NULL},
	    {"last port", "127.0.0.1@65535", BS_OK, NULL},
	    {"past the last port", "127.0.0.1@65536", BS_ERANGE, NULL},
	    {"colon", "127.0.0.1:53", BS_EINVAL, NULL},
	    {"no port", "127.0.0.1", BS_EINVAL, NULL},
	    {"empty port", "127.0.0.1@", BS_EINVAL, NULL},
	    {"name", "localhost@53", BS_EINVAL, NULL},
	    {"named port", "127.0.0.1@domain", BS_EINVAL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_endpoint endpoint, back;
		struct sockaddr_storage storage;
		char text[BS_ENDPOINT_TEXT_MAX];

		print_message("# %s\n", rows[i].name);
		assert_int_equal(
		    rows[i].error, bs_endpoint_parse(rows[i].text,
				       strlen(rows[i].text), &endpoint));
		if (rows[i].error != BS_OK)
			continue;
		(void)bs_endpoint_to_sockaddr(&endpoint, &storage);
		assert_int_equal(
		    BS_OK, bs_endpoint_from_sockaddr(
			       (struct sockaddr *)&storage, &back));
		assert_string_equal(
		    bs_endpoint_format(&back, text), rows[i].text);
	}
}

/* What a socket of both families says of an IPv4 client. */
static void
endpoint_mapped(void **state)
{
	static const struct {
		const char *addr, *endpoint;
	} rows[] = {
	    {"::ffff:192.0.2.1", "192.0.2.1@53"},
	    {"::ffff:0:192.0.2.1", "::ffff:0:c000:201@53"},
	    {"::192.0.2.1", "::192.0.2.1@53"},
	    {"2001:db8::ffff:1", "2001:db8::ffff:1@53"},
	    {"::", "::@53"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sockaddr_in6 in6 = {
		    .sin6_family = AF_INET6, .sin6_port = htons(53)};
		char text[BS_ENDPOINT_TEXT_MAX];
		struct bs_endpoint endpoint;

		assert_int_equal(
		    1, inet_pton(AF_INET6, rows[i].addr, &in6.sin6_addr));
		assert_int_equal(
		    BS_OK, bs_endpoint_from_sockaddr(
			       (struct sockaddr *)&in6, &endpoint));
		assert_string_equal(
		    rows[i].endpoint, bs_endpoint_format(&endpoint, text));
	}
}

static void
addr_is_any(void **state)
{
	static const struct {
		const char *text;
		bool any;
	} rows[] = {
	    {"0.0.0.0", true},
	    {"::", true},
	    {"0.0.0.1", false},
	    {"::1", false},
	    {"128.0.0.0", false},
	    {"::ffff:0.0.0.0", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_addr addr;

		assert_int_equal(
		    bs_addr_parse(rows[i].text, strlen(rows[i].text), &addr),
		    BS_OK);
		if (bs_addr_is_any(&addr) != rows[i].any)
			fail_msg("%s", rows[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addr_text),
	    cmocka_unit_test(addr_with_nul_is_refused),
	    cmocka_unit_test(addr_unmap),
	    cmocka_unit_test(addr_is_any),
	    cmocka_unit_test(prefix_text),
	    cmocka_unit_test(prefix_covers),
	    cmocka_unit_test(prefix_any_has),
	    cmocka_unit_test(prefix_order),
	    cmocka_unit_test(endpoint_text),
	    cmocka_unit_test(endpoint_mapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
