/*
 * Dates of Received lines, from thirty years of mail.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "maildate.h"

struct row {
	const char *name;
	const char *text;
	uint32_t time_s; /* 0: none */
};

static const struct row rows[] = {
    {"RFC 5322", "Thu, 29 Apr 2010 23:34:45 +0900", 1272551685},
    {"with a comment", " Thu, 29 Apr 2010 23:34:45 +0900 (JST)", 1272551685},
    {"folded", "\n\tThu, 29 Apr 2010\n\t23:34:45 +0900", 1272551685},
    {"no day name", "29 Apr 2010 14:34:45 -0000", 1272551685},
    {"no comma", "Thu 29 Apr 2010 14:34:45 -0000", 1272551685},
    {"no seconds", "29 Apr 2010 14:34 +0000", 1272551640},
    {"no zone", "29 Apr 2010 14:34:45", 1272551685},
    {"GMT", "29 Apr 2010 14:34:45 GMT", 1272551685},
    {"EST", "29 Apr 2010 09:34:45 EST", 1272551685},
    {"unknown zone", "29 Apr 2010 14:34:45 XYZ", 1272551685},
    {"west of UTC", "29 Apr 2010 07:04:45 -0730", 1272551685},
    {"two digits of year", "Thu, 29 Apr 10 14:34:45 +0000", 1272551685},
    {"last century", "Thu, 3 Oct 91 13:04:23 -0700", 686520263},
    {"three digits of year", "29 Apr 110 14:34:45 +0000", 1272551685},
    {"leap day", "29 Feb 2024 00:00:00 +0000", 1709164800},
    {"leap second", "31 Dec 2016 23:59:60 +0000", 1483228800},
    {"first second", "1 Jan 1970 00:00:01 +0000", 1},
    {"last second", "7 Feb 2106 06:28:15 +0000", UINT32_MAX},
    {"one past it", "7 Feb 2106 06:28:16 +0000", 0},
    {"the epoch", "1 Jan 1970 00:00:00 +0000", 0},
    {"before it by its zone", "1 Jan 1970 00:30:00 +0100", 0},
    {"before it", "31 Dec 1969 23:59:59 +0000", 0},
    {"empty", "", 0},
    {"words", "yesterday", 0},
    {"no time", "29 Apr 2010", 0},
    {"no month", "29 2010 14:34:45", 0},
    {"hour 24", "29 Apr 2010 24:00:00 +0000", 0},
    {"minute 60", "29 Apr 2010 23:60:00 +0000", 0},
    {"day 0", "0 Apr 2010 23:00:00 +0000", 0},
    {"day 32", "32 Apr 2010 23:00:00 +0000", 0},
    {"zone of 3 digits", "29 Apr 2010 14:34:45 +000", 0},
    {"zone of 5 digits", "29 Apr 2010 14:34:45 +00000", 0},
    {"zone's minutes", "29 Apr 2010 14:34:45 +0060", 0},
    {"year of 5 digits", "29 Apr 20100 14:34:45 +0000", 0},
    {"year of 1 digit", "29 Apr 1 14:34:45 +0000", 0},
    {"huge number", "99999999999999999999 Apr 2010 14:34:45", 0},
};

static void
test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t time_s = maildate_parse(rows[i].text);

		if (time_s != rows[i].time_s)
			fail_msg(
			    "%s: %lu", rows[i].name, (unsigned long)time_s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
