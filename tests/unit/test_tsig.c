/* TSIG records of queries, and the one that says that a key is not known. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "tsig.h"

#define HEADER "\x12\x34\1\0\0\1\0\0\0\0\0\1" /* as far as the owner: 12 */
#define KEY "\3Key\4test\0"
#define ALGORITHM "\13hmac-sha256\0"
#define TIMES "\0\0\x6b\x01\x02\x03\1\x2c" /* signed at, fudge */
#define REST "\0\4abcd\x12\x34\0\0\0\0"    /* MAC, id, error, other */

/* clang-format off */
#define ROW(name, before, owner, data, key) \
	{name, HEADER before owner, sizeof(HEADER before) - 1, \
	    sizeof(HEADER before owner) - 1, data, sizeof(data) - 1, \
	    key, sizeof(key) - 1}
#define BAD(name, before, owner, data) ROW(name, before, owner, data, "")
static const struct {
	const char *name;
	const char *message;
	size_t owner_at, owner_end;
	const char *data;
	size_t size;
	const char *key; /* "": FORMERR */
	size_t key_size;
} rows[] = {
	ROW("usual", "", KEY, ALGORITHM TIMES REST, KEY),
	ROW("the root as key and algorithm", "", "\0", "\0" TIMES REST, "\0"),
	ROW("no MAC", "", KEY, ALGORITHM TIMES "\0\0\x12\x34\0\0\0\0", KEY),
	ROW("other data", "", KEY, ALGORITHM TIMES
	    "\0\0\x12\x34\0\22\0\6abcdef", KEY),
	ROW("a pointer", "\4test\0", "\3Key\300\14", ALGORITHM TIMES REST, KEY),
	ROW("a pointer to a pointer", "\4test\0\300\14", "\3Key\300\22",
	    ALGORITHM TIMES REST, KEY),
	BAD("a pointer to itself", "", "\300\14", ALGORITHM TIMES REST),
	BAD("a pointer forward", "", "\3Key\300\30\4test\0",
	    ALGORITHM TIMES REST),
	BAD("a name that goes round", "", "\1a\300\14", ALGORITHM TIMES REST),
	BAD("a pointer that is cut", "", "\3Key\300", ALGORITHM TIMES REST),
	BAD("a label that is cut", "", "\3Ke", ALGORITHM TIMES REST),
	BAD("a label type of no use", "", "\101a\0", ALGORITHM TIMES REST),
	BAD("no end of the algorithm", "", KEY, "\13hmac-sha256"),
	BAD("a pointer as algorithm", "", KEY, "\300\14" TIMES REST),
	BAD("no data", "", KEY, ""),
	BAD("cut in the times", "", KEY, ALGORITHM "\0\0\x6b\x01\x02\x03\1"),
	BAD("no size of the MAC", "", KEY, ALGORITHM TIMES "\0"),
	BAD("MAC longer than it all", "", KEY, ALGORITHM TIMES
	    "\0\5abcd\x12\x34\0\0\0\0"),
	BAD("MAC of the greatest size", "", KEY, ALGORITHM TIMES
	    "\377\377abcd\x12\x34\0\0\0\0"),
	BAD("a byte behind it", "", KEY, ALGORITHM TIMES REST "x"),
	BAD("other data that is cut", "", KEY, ALGORITHM TIMES
	    "\0\0\x12\x34\0\0\0\1"),
};
/* clang-format on */

/* Parses from memory of just that size, so that a sanitizer sees each byte too
 * far. */
static void
parses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t at = rows[i].owner_end, size = at + rows[i].size;
		uint8_t *message = malloc(size);
		struct tsig_record record = {.message = message,
		    .owner_at = rows[i].owner_at,
		    .class = DNS_CLASS_ANY,
		    .data = message + at,
		    .size = rows[i].size};
		struct tsig tsig;
		enum dns_rcode rcode;

		print_message("row: %s\n", rows[i].name);
		assert_non_null(message);
		memcpy(message, rows[i].message, at);
		memcpy(message + at, rows[i].data, rows[i].size);
		rcode = tsig_parse(&record, &tsig);
		assert_int_equal(
		    rcode, rows[i].key_size > 0 ? DNS_NOERROR : DNS_FORMERR);
		assert_int_equal(tsig.present, rcode == DNS_NOERROR);
		if (tsig.present) {
			assert_int_equal(tsig.key_size, rows[i].key_size);
			assert_memory_equal(
			    tsig.key, rows[i].key, rows[i].key_size);
			assert_int_equal(tsig.original_id, 0x1234);
			record.ttl = 1;
			assert_int_equal(
			    tsig_parse(&record, &tsig), DNS_FORMERR);
			record.ttl = 0;
			record.class = DNS_CLASS_IN;
			assert_int_equal(
			    tsig_parse(&record, &tsig), DNS_FORMERR);
		}
		free(message);
	}
}

/* A name of so many bytes, at most 63 a label. */
static size_t
name_of(size_t size, uint8_t *name)
{
	size_t at = 0;

	memset(name, 'a', size);
	while (at + 1 < size) {
		size_t label = size - 2 - at;

		if (label > 63)
			label = size - 2 - at - 63 == 1 ? 62 : 63;
		name[at] = (uint8_t)label;
		at += 1 + label;
	}
	name[at] = 0;
	return at + 1;
}

/* Names of 255 bytes are the longest. */
static void
longest(void **state)
{
	(void)state;
	for (size_t size = 254; size <= 256; size++) {
		uint8_t message[1024] = {0}, written[1024];
		size_t key = name_of(size, message + 12);
		uint8_t *data = message + 12 + key;
		size_t algorithm = name_of(size, data);
		struct tsig_record record = {.message = message,
		    .owner_at = 12,
		    .class = DNS_CLASS_ANY,
		    .data = data,
		    .size = algorithm + 20};
		struct tsig tsig;

		assert_int_equal(key, size);
		memcpy(data + algorithm, TIMES REST, 20);
		assert_int_equal(tsig_parse(&record, &tsig),
		    size <= DNAME_SIZE_MAX ? DNS_NOERROR : DNS_FORMERR);
		if (size > DNAME_SIZE_MAX)
			continue;
		assert_int_equal(tsig_unknown_size(&tsig), 2 * size + 10 + 16);
		assert_int_equal(
		    tsig_write_unknown(&tsig, written), 2 * size + 10 + 16);
	}
}

static void
writes(void **state)
{
	/* error 17, nothing signed, no other data */
	static const char want[] = KEY
	    "\0\372\0\377\0\0\0\0\0\35" ALGORITHM TIMES "\0\0\x12\x34\0\21\0";
	static const uint8_t message[] = HEADER KEY ALGORITHM TIMES REST;
	const struct tsig_record record = {.message = message,
	    .owner_at = 12,
	    .class = DNS_CLASS_ANY,
	    .data = message + sizeof(HEADER KEY) - 1,
	    .size = sizeof(ALGORITHM TIMES REST) - 1};
	struct tsig tsig;
	uint8_t written[128];

	(void)state;
	assert_int_equal(tsig_parse(&record, &tsig), DNS_NOERROR);
	assert_int_equal(tsig_unknown_size(&tsig), sizeof(want));
	assert_int_equal(tsig_write_unknown(&tsig, written), sizeof(want));
	assert_memory_equal(written, want, sizeof(want));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parses),
	    cmocka_unit_test(longest),
	    cmocka_unit_test(writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
