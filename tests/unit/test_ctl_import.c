/*
 * A listing as a line of JSON: what one writes the other reads, and what is
 * wrong is refused with the member that is.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl_listing.h"
#include "ctl_listing_read.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define FIRST "\"first\":\"2026-11-22T03:00:00Z\""
#define CLASS(expires) \
	"{\"last\":\"2026-11-22T03:00:00Z\",\"expires\":" expires "}"
#define BOUNCE "\"by_class\":{\"bounce\":" CLASS("null") "}"
#define ADDRESS "\"prefix\":\"192.0.2.1\""
#define GOOD ADDRESS "," BOUNCE "," FIRST

static const struct {
	const char *name;
	const char *line;
	const char *wrong; /* what the message begins with; NULL: good */
} rows[] = {
    {"least", "{" GOOD "}", NULL},
    {"unknown members", "{" GOOD ",\"answer\":7,\"exempt\":[]}", NULL},
    {"with an end",
	"{" ADDRESS "," FIRST
	",\"by_class\":{\"bounce\":" CLASS("\"2027-01-01T00:00:00Z\"") "}}",
	NULL},
    {"all of it",
	"{" GOOD ",\"manual\":true,\"source\":\"192.0.2.1\",\"reason\":\"x\"}",
	NULL},
    {"null reason", "{" GOOD ",\"reason\":null,\"source\":null}", NULL},
    {"no prefix", "{" BOUNCE "," FIRST "}", "prefix:"},
    {"prefix is a number", "{\"prefix\":1," BOUNCE "," FIRST "}", "prefix:"},
    {"leading zero", "{\"prefix\":\"192.0.2.01\"," BOUNCE "," FIRST "}",
	"prefix:"},
    {"host bits", "{\"prefix\":\"192.0.2.1/24\"," BOUNCE "," FIRST "}",
	"prefix:"},
    {"no classes", "{" ADDRESS "," FIRST "}", "by_class:"},
    {"empty classes", "{" ADDRESS ",\"by_class\":{}," FIRST "}", "by_class:"},
    {"no such class",
	"{" ADDRESS
	",\"by_class\":{\"bounce\":" CLASS("null") ",\"spam\":{}}," FIRST "}",
	"by_class:"},
    {"class is a text",
	"{" ADDRESS ",\"by_class\":{\"bounce\":\"x\"}," FIRST "}", "bounce:"},
    {"no last",
	"{" ADDRESS ",\"by_class\":{\"bounce\":{\"expires\":null}}," FIRST "}",
	"last:"},
    {"no expires",
	"{" ADDRESS
	",\"by_class\":{\"bounce\":{\"last\":\"2026-11-22T03:00:00Z\"}}," FIRST
	"}",
	"expires:"},
    {"time without zone",
	"{" ADDRESS "," BOUNCE ",\"first\":\"2026-11-22T03:00:00\"}", "first:"},
    {"no first", "{" ADDRESS "," BOUNCE "}", "first:"},
    {"first is never", "{" ADDRESS "," BOUNCE ",\"first\":null}", "first:"},
    {"2^32 hits",
	"{" ADDRESS
	",\"by_class\":{\"bounce\":{\"last\":\"2026-11-22T03:00:00Z\",\"expires\":null,\"hits\":4294967296}}," FIRST
	"}",
	"hits:"},
    {"256 repeats",
	"{" ADDRESS
	",\"by_class\":{\"bounce\":{\"last\":\"2026-11-22T03:00:00Z\",\"expires\":null,\"repeats\":256}}," FIRST
	"}",
	"repeats:"},
    {"source elsewhere", "{" GOOD ",\"source\":\"192.0.2.2\"}", "source:"},
    {"source is none", "{" GOOD ",\"source\":\"x\"}", "source:"},
    {"reason of two lines", "{" GOOD ",\"reason\":\"a\\nb\"}", "reason:"},
    {"manual is a text", "{" GOOD ",\"manual\":\"yes\"}", "manual:"},
    {"no JSON", "192.0.2.1", "no JSON"},
    {"cut", "{" GOOD, "no JSON"},
};

static void
lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bs_message message = {""};
		struct bs_listing listing;
		int error = ctl_listing_read(
		    rows[i].line, strlen(rows[i].line), &listing, &message);

		if (rows[i].wrong == NULL
			? error != BS_OK
			: error != BS_EINVAL ||
			      strncmp(message.text, rows[i].wrong,
				  strlen(rows[i].wrong)) != 0)
			fail_msg(
			    "%s: %d: %s", rows[i].name, error, message.text);
	}
}

/* A reason of the most bytes, and one more. */
static void
long_reason(void **state)
{
	char line[1024], reason[BS_LISTING_REASON_MAX + 2];

	(void)state;
	for (size_t size = BS_LISTING_REASON_MAX;
	     size <= BS_LISTING_REASON_MAX + 1; size++) {
		struct bs_message message;
		struct bs_listing listing;

		memset(reason, 'x', size);
		reason[size] = '\0';
		(void)snprintf(
		    line, sizeof(line), "{" GOOD ",\"reason\":\"%s\"}", reason);
		assert_int_equal(
		    ctl_listing_read(line, strlen(line), &listing, &message),
		    size <= BS_LISTING_REASON_MAX ? BS_OK : BS_EINVAL);
	}
}

/* What is written comes back, byte for byte. */
static void
round_trip(void **state)
{
	static const char *const prefixes[] = {
	    "192.0.2.1", "198.51.100.0/24", "2001:db8:1:2::/64"};
	struct bs_listing listing = {.classes = BS_BOUNCE | BS_VIRUS,
	    .manual = true,
	    .by_hand = BS_VIRUS,
	    .first_s = 1800000000,
	    .reason = "ticket \"12\" \xc3\xa9"};

	(void)state;
	listing.class[bs_class_index(BS_BOUNCE)] =
	    (struct bs_listing_class){1800000001, 1800000100, 0xffffffff, 255};
	listing.class[bs_class_index(BS_VIRUS)] =
	    (struct bs_listing_class){1800000002, BS_LISTING_FOREVER, 0, 0};
	for (size_t i = 0; i < ROWS(prefixes); i++) {
		uint8_t want[BS_LISTING_VALUE_MAX], got[BS_LISTING_VALUE_MAX];
		struct bs_message message;
		struct bs_listing again;
		char *line = NULL;
		size_t size = 0, want_size;
		FILE *out = open_memstream(&line, &size);

		assert_non_null(out);
		assert_int_equal(bs_prefix_parse(prefixes[i],
				     strlen(prefixes[i]), &listing.prefix),
		    BS_OK);
		listing.exact = bs_prefix_last(&listing.prefix);
		ctl_listing_write_json(&listing, NULL, out);
		assert_int_equal(fclose(out), 0);
		if (ctl_listing_read(line, size, &again, &message) != BS_OK)
			fail_msg("%s: %s", message.text, line);
		free(line);
		assert_int_equal(
		    bs_prefix_compare(&listing.prefix, &again.prefix), 0);
		want_size = bs_listing_encode(&listing, want);
		assert_int_equal(bs_listing_encode(&again, got), want_size);
		assert_memory_equal(got, want, want_size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines),
	    cmocka_unit_test(long_reason),
	    cmocka_unit_test(round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
