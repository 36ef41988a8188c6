/* The query parser: bytes that are queries, and bytes that only look so. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "query.h"

#define NAME "\3www\2Bl\4tEst\0"
#define QUESTION NAME "\0\1\0\1"
#define HEAD(flags, qd, an, ns, ar) \
	"\x12\x34" flags "\0" qd "\0" an "\0" ns "\0" ar
#define QUERY HEAD("\1\0", "\1", "\0", "\0", "\0")
#define QUERY_AR(ar) HEAD("\1\0", "\1", "\0", "\0", ar)
#define OPT(size, version, flags) "\0\0\x29" size "\0" version flags "\0\0\0"
#define SOA "\300\14\0\6\0\1\0\0\0\0\0\1x"

#define DROP (-1)

/* clang-format off */
#define ROW(name, bytes, error) {name, bytes, sizeof(bytes) - 1, error}
static const struct {
	const char *name;
	const char *bytes;
	size_t size;
	int error; /* enum dns_rcode, or DROP */
} rows[] = {
	ROW("a query", QUERY QUESTION, DNS_NOERROR),
	ROW("the root", QUERY "\0\0\2\0\1", DNS_NOERROR),
	ROW("nothing", "", DROP),
	ROW("11 bytes", "\x12\x34\1\0\0\1\0\0\0\0\0", DROP),
	ROW("a response", HEAD("\201\0", "\1", "\0", "\0", "\0") QUESTION, DROP),
	ROW("a header only", QUERY, DNS_FORMERR),
	ROW("no question", HEAD("\1\0", "\0", "\0", "\0", "\0"), DNS_FORMERR),
	ROW("two questions", HEAD("\1\0", "\2", "\0", "\0", "\0")
	    QUESTION QUESTION, DNS_FORMERR),
	ROW("256 questions", "\x12\x34\1\0\1\0\0\0\0\0\0\0" QUESTION,
	    DNS_FORMERR),
	ROW("cut in the name", QUERY "\3ww", DNS_FORMERR),
	ROW("no end of the name", QUERY "\3www", DNS_FORMERR),
	ROW("no class", QUERY NAME "\0\1\0", DNS_FORMERR),
	ROW("trailing byte", QUERY QUESTION "x", DNS_FORMERR),
	ROW("pointer in the name", QUERY "\3www\300\14\0\1\0\1", DNS_FORMERR),
	ROW("pointer to itself", QUERY "\300\14\0\1\0\1", DNS_FORMERR),
	ROW("label type 01", QUERY "\101x\0\0\1\0\1", DNS_FORMERR),
	ROW("label type 10", QUERY "\201x\0\0\1\0\1", DNS_FORMERR),
	ROW("answer in a query", HEAD("\1\0", "\1", "\1", "\0", "\0")
	    QUESTION SOA, DNS_FORMERR),
	ROW("authority in a query", HEAD("\1\0", "\1", "\0", "\1", "\0")
	    QUESTION SOA, DNS_FORMERR),
	ROW("IXFR with its SOA", HEAD("\1\0", "\1", "\0", "\1", "\0")
	    NAME "\0\373\0\1" SOA, DNS_NOERROR),
	ROW("IXFR with a cut SOA", HEAD("\1\0", "\1", "\0", "\1", "\0")
	    NAME "\0\373\0\1" "\300\14\0\6\0\1\0\0\0\0\0\2x", DNS_FORMERR),
	ROW("IXFR with two", HEAD("\1\0", "\1", "\0", "\2", "\0")
	    NAME "\0\373\0\1" SOA SOA, DNS_FORMERR),
	ROW("additional record missing", QUERY_AR("\1") QUESTION, DNS_FORMERR),
	ROW("additional record of another type", QUERY_AR("\1") QUESTION SOA,
	    DNS_NOERROR),
	ROW("EDNS", QUERY_AR("\1") QUESTION OPT("\4\320", "\0", "\0"),
	    DNS_NOERROR),
	ROW("EDNS and DO", QUERY_AR("\1") QUESTION OPT("\4\320", "\0", "\200"),
	    DNS_NOERROR),
	ROW("EDNS and Z bits", QUERY_AR("\1") QUESTION
	    OPT("\4\320", "\0", "\177"), DNS_NOERROR),
	ROW("EDNS version 1", QUERY_AR("\1") QUESTION
	    OPT("\4\320", "\1", "\0"), DNS_BADVERS),
	ROW("EDNS version 255", QUERY_AR("\1") QUESTION
	    OPT("\4\320", "\377", "\0"), DNS_BADVERS),
	ROW("two OPT", QUERY_AR("\2") QUESTION OPT("\4\320", "\0", "\0")
	    OPT("\4\320", "\0", "\0"), DNS_FORMERR),
	ROW("two OPT of version 1", QUERY_AR("\2") QUESTION
	    OPT("\4\320", "\1", "\0") OPT("\4\320", "\1", "\0"), DNS_FORMERR),
	ROW("OPT of another owner", QUERY_AR("\1") QUESTION
	    "\1x" OPT("\4\320", "\0", "\0"), DNS_FORMERR),
	ROW("OPT behind another record", QUERY_AR("\2") QUESTION SOA
	    OPT("\4\320", "\0", "\0"), DNS_NOERROR),
	ROW("cut OPT", QUERY_AR("\1") QUESTION "\0\0\x29\4\320\0\0\0\0\0",
	    DNS_FORMERR),
	ROW("unknown option", QUERY_AR("\1") QUESTION
	    "\0\0\x29\4\320\0\0\0\0\0\6" "\376\376\0\2ab", DNS_NOERROR),
	ROW("option longer than its record", QUERY_AR("\1") QUESTION
	    "\0\0\x29\4\320\0\0\0\0\0\6" "\376\376\0\3ab", DNS_FORMERR),
	ROW("rubbish for options", QUERY_AR("\1") QUESTION
	    "\0\0\x29\4\320\0\0\0\0\0\2ab", DNS_FORMERR),
	ROW("bytes after OPT", QUERY_AR("\1") QUESTION
	    OPT("\4\320", "\0", "\0") "x", DNS_FORMERR),
	ROW("IQUERY", HEAD("\11\0", "\1", "\0", "\0", "\0") QUESTION,
	    DNS_NOTIMP),
	ROW("NOTIFY with its SOA", HEAD("\45\0", "\1", "\1", "\0", "\0")
	    QUESTION SOA, DNS_NOTIMP),
	ROW("UPDATE", HEAD("\51\0", "\1", "\0", "\0", "\0") QUESTION,
	    DNS_NOTIMP),
	ROW("opcode 15, header only", HEAD("\171\0", "\0", "\0", "\0", "\0"),
	    DNS_NOTIMP),
	ROW("all flags but QR", HEAD("\7\377", "\1", "\0", "\0", "\0")
	    QUESTION, DNS_NOERROR),
};
/* clang-format on */

static void
parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		/* of exactly this size: a sanitizer sees a byte too far */
		uint8_t *bytes = malloc(rows[i].size + 1);
		struct query query;
		bool parsed;

		assert_non_null(bytes);
		bytes = realloc(bytes, rows[i].size > 0 ? rows[i].size : 1);
		assert_non_null(bytes);
		memcpy(bytes, rows[i].bytes, rows[i].size);
		print_message("%s\n", rows[i].name);
		parsed = query_parse(bytes, rows[i].size, &query);
		assert_int_equal(parsed, rows[i].error != DROP);
		if (parsed) {
			assert_int_equal(query.error, rows[i].error);
			assert_int_equal(query.id, 0x1234);
		}
		free(bytes);
	}
}

static void
fields(void **state)
{
	static const char bytes[] =
	    QUERY_AR("\1") QUESTION OPT("\2\1", "\0", "\200");
	struct query query;

	(void)state;
	assert_true(
	    query_parse((const uint8_t *)bytes, sizeof(bytes) - 1, &query));
	assert_int_equal(query.type, DNS_A);
	assert_int_equal(query.class, DNS_CLASS_IN);
	assert_int_equal(query.opcode, 0);
	assert_true(query.rd);
	assert_int_equal(query.name_size, 13);
	assert_memory_equal(query.name, "\3www\2bl\4test\0", 13);
	assert_int_equal(query.question_size, 17);
	assert_true(query.edns.present);
	assert_true(query.edns.dnssec_ok);
	assert_int_equal(query.edns.size, 513);
}

/* A name of `labels` labels of `size` bytes; true if it parses. */
static bool
parse_long(size_t labels, size_t size, size_t last)
{
	uint8_t bytes[600] = QUERY;
	size_t at = DNS_HEADER_SIZE;
	struct query query;

	for (size_t i = 0; i < labels; i++) {
		size_t now = i + 1 == labels ? last : size;

		bytes[at++] = (uint8_t)now;
		memset(bytes + at, 'x', now);
		at += now;
	}
	memcpy(bytes + at, "\0\0\1\0\1", 5);
	assert_true(query_parse(bytes, at + 5, &query));
	return query.error == DNS_NOERROR;
}

static void
longest(void **state)
{
	(void)state;
	assert_true(parse_long(127, 1, 1)); /* 255 bytes, the most labels */
	assert_false(parse_long(128, 1, 1));
	assert_true(parse_long(4, 63, 61)); /* 255 bytes */
	assert_false(parse_long(4, 63, 62));
	assert_false(parse_long(1, 64, 64));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parse),
	    cmocka_unit_test(fields),
	    cmocka_unit_test(longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
