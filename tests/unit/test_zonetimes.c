/*
 * Times of master files: what they are in seconds, and what is none.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "zonetimes.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct {
	const char *name, *text;
	int error;
	uint32_t time_s;
} time_rows[] = {
    {"none", "0", BS_OK, 0},
    {"seconds", "300", BS_OK, 300},
    {"seconds, by their unit", "300s", BS_OK, 300},
    {"minutes", "15m", BS_OK, 900},
    {"capitals", "1H30M", BS_OK, 5400},
    {"the last without a unit", "1h30", BS_OK, 3630},
    {"all units", "1w1d1h1m1s", BS_OK, 694861},
    {"leading zeros", "0000000000000000000000060", BS_OK, 60},
    {"the longest", "2147483647", BS_OK, 2147483647},
    {"the longest, in weeks", "3550w", BS_OK, 2147040000},
    {"one more", "2147483648", BS_ERANGE, 0},
    {"one more week", "3551w", BS_ERANGE, 0},
    {"one more by its parts", "2147483647s1s", BS_ERANGE, 0},
    {"what has no room in 32 bits", "4294967301", BS_ERANGE, 0},
    {"what has no room in 64 bits", "18446744073709551616", BS_ERANGE, 0},
    {"parts that have no room", "99999999999w99999999999w", BS_ERANGE, 0},
    {"nothing", "", BS_EINVAL, 0},
    {"a sign", "-5", BS_EINVAL, 0},
    {"plus", "+5", BS_EINVAL, 0},
    {"a unit alone", "h", BS_EINVAL, 0},
    {"two units", "1hm", BS_EINVAL, 0},
    {"another unit", "1y", BS_EINVAL, 0},
    {"a fraction", "1.5h", BS_EINVAL, 0},
    {"a word", "soon", BS_EINVAL, 0},
    {"a word behind it", "5 soon", BS_EINVAL, 0},
};

static void
times(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(time_rows); i++) {
		uint32_t time_s = 0;

		print_message("# %s\n", time_rows[i].name);
		assert_int_equal(time_rows[i].error,
		    zonetimes_parse(
			time_rows[i].text, strlen(time_rows[i].text), &time_s));
		assert_int_equal(time_rows[i].time_s, time_s);
	}
}

static const struct {
	const char *name, *entry;
	bool soa;
	const char *wrong; /* how the message begins; NULL: it is right */
} entry_rows[] = {
    {"no TTL", "x A 192.0.2.1", false, NULL},
    {"a TTL", "x 60 A 192.0.2.1", false, NULL},
    {"a TTL without owner", " 60 A 192.0.2.1", false, NULL},
    {"a number for a name", "5000000000 A 192.0.2.1", false, NULL},
    {"a number in data", "x TXT 5000000000", false, NULL},
    {"TTL", "x 5000000000 IN A 192.0.2.1", false, "TTL above"},
    {"TTL without owner", " 10000w A 192.0.2.1", false, "TTL above"},
    {"SOA", "@ SOA ns host 99999999999 1h 15m 4w 5m", true, NULL},
    {"SOA in hexadecimal", "@ TYPE6 \\# 22 9999999999999999999999", true, NULL},
    {"TTL of SOA", "@ 5000000000 SOA ns host 1 1h 15m 4w 5m", true,
	"TTL above"},
    {"REFRESH", "@ SOA ns host 1 -1 15m 4w 5m", true, "SOA: -1: "},
    {"RETRY", "@ SOA ns host 1 1h 2147483648 4w 5m", true, "SOA: 2147483648: "},
    {"EXPIRE", "@ SOA ns host 1 1h 15m 3551w 5m", true, "SOA: 3551w: "},
    {"MINIMUM", "@ SOA ns host 1 1h 15m 4w 5000000000", true,
	"SOA: 5000000000: "},
};

static void
entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(entry_rows); i++) {
		const char *wrong = entry_rows[i].wrong;
		struct bs_message message = {""};

		print_message("# %s\n", entry_rows[i].name);
		assert_int_equal(wrong == NULL ? BS_OK : BS_EINVAL,
		    zonetimes_check(
			entry_rows[i].entry, entry_rows[i].soa, &message));
		assert_memory_equal(message.text, wrong != NULL ? wrong : "",
		    wrong != NULL ? strlen(wrong) : 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times),
	    cmocka_unit_test(entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
