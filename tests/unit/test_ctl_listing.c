/*
 * tools/ctl_listing, tools/ctl_listing_read: listings, the texts that they become,
 * and the way back.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "error.h"

#include "../../tools/ctl_listing.h"
#include "../../tools/ctl_listing_read.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define FIRST_S 1795316400u /* 2026-11-22T03:00:00Z */

static const struct {
	const char *name;
	bs_classes classes;
	const char *want;
} answer_rows[] = {
    {"bounce", BS_BOUNCE, "127.0.0.6"},
    {"autoreply", BS_AUTOREPLY, "127.0.0.10"},
    {"challenge", BS_CHALLENGE, "127.0.0.18"},
    {"virus", BS_VIRUS, "127.0.0.34"},
    {"callout", BS_CALLOUT, "127.0.0.66"},
    {"subscribe", BS_SUBSCRIBE, "127.0.0.130"},
    {"two", BS_BOUNCE | BS_CALLOUT, "127.0.0.70"},
    {"all", BS_CLASSES_ALL, "127.0.0.254"},
};

static void
test_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(answer_rows); i++) {
		char text[CTL_ANSWER_TEXT_MAX];

		print_message("row: %s\n", answer_rows[i].name);
		assert_string_equal(
		    ctl_answer_format(answer_rows[i].classes, text),
		    answer_rows[i].want);
	}
}

/* 198.51.100.7, bounce and callout, the second by hand and for ever. */
static struct bs_listing
two_classes(void)
{
	struct bs_listing listing = {
	    .prefix = {{BS_IPV4, {198, 51, 100, 7}}, 32},
	    .classes = BS_BOUNCE | BS_CALLOUT,
	    .manual = true,
	    .by_hand = BS_CALLOUT,
	    .first_s = FIRST_S,
	    .exact = {BS_IPV4, {198, 51, 100, 7}},
	    .reason = "ticket\n12",
	};

	listing.class[bs_class_index(BS_BOUNCE)] =
	    (struct bs_listing_class){FIRST_S + 60, FIRST_S + 3600, 3, 2};
	listing.class[bs_class_index(BS_CALLOUT)] =
	    (struct bs_listing_class){FIRST_S, BS_LISTING_FOREVER, 1, 0};
	return listing;
}

static void
test_row(void **state)
{
	struct bs_listing listing = two_classes();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	ctl_listing_write_row(&listing, NULL, out);
	listing.reason[0] = '\0';
	listing.classes = BS_BOUNCE;
	ctl_listing_write_row(&listing, NULL, out);
	assert_int_equal(fclose(out), 0);
	/* a reason can't forge a line, and none leaves no blanks behind */
	assert_string_equal(text,
	    "198.51.100.7        bounce,callout    2026-11-22T03:01:00Z  "
	    "never  ticket?12\n"
	    "198.51.100.7        bounce            2026-11-22T03:01:00Z  "
	    "2026-11-22T04:00:00Z\n");
	free(text);
}

static void
test_block(void **state)
{
	struct bs_listing listing = two_classes();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	listing.classes |= BS_VIRUS;
	listing.class[bs_class_index(BS_VIRUS)] =
	    (struct bs_listing_class){FIRST_S, FIRST_S + 1, 0, 0};
	ctl_listing_write_block(&listing, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text,
	    "    prefix     198.51.100.7 (added or changed by hand)\n"
	    "    since      2026-11-22T03:00:00Z\n"
	    "    bounce     3 hits, last 2026-11-22T03:01:00Z, until "
	    "2026-11-22T04:00:00Z, came back 2 times\n"
	    "    virus      by hand, last 2026-11-22T03:00:00Z, until "
	    "2026-11-22T03:00:01Z\n"
	    "    callout    1 hit, last 2026-11-22T03:00:00Z, until never\n"
	    "    reason     ticket?12\n");
	free(text);
}

static void
test_json(void **state)
{
	struct bs_listing listing = two_classes();
	struct bs_json *json = ctl_listing_json(&listing);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(bs_json_write(&json, out), BS_OK);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text,
	    "{\"prefix\":\"198.51.100.7\",\"answer\":\"127.0.0.70\","
	    "\"classes\":[\"bounce\",\"callout\"],"
	    "\"first\":\"2026-11-22T03:00:00Z\","
	    "\"last\":\"2026-11-22T03:01:00Z\",\"expires\":null,\"hits\":4,"
	    "\"manual\":true,\"reason\":\"ticket\\n12\","
	    "\"source\":\"198.51.100.7\",\"by_class\":{"
	    "\"bounce\":{\"hits\":3,\"last\":\"2026-11-22T03:01:00Z\","
	    "\"expires\":\"2026-11-22T04:00:00Z\",\"repeats\":2,"
	    "\"by_hand\":false},"
	    "\"callout\":{\"hits\":1,\"last\":\"2026-11-22T03:00:00Z\","
	    "\"expires\":null,\"repeats\":0,\"by_hand\":true}}}\n");
	free(text);
}

/* What is written is read as it was. */
static void
test_back(void **state)
{
	struct bs_listing listing = two_classes(), back;
	struct bs_message message;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	listing.reason[6] = ' ';
	ctl_listing_write_json(&listing, NULL, out);
	assert_int_equal(fclose(out), 0);
	if (ctl_listing_read(text, size, &back, &message) != BS_OK)
		fail_msg("%s", message.text);
	assert_int_equal(back.classes, listing.classes);
	assert_true(back.manual);
	assert_int_equal(back.by_hand, BS_CALLOUT);
	assert_int_equal(back.first_s, listing.first_s);
	assert_string_equal(back.reason, listing.reason);
	assert_memory_equal(back.class, listing.class, sizeof(back.class));
	assert_int_equal(bs_addr_compare(&back.exact, &listing.exact), 0);
	free(text);
}

#define TIMES "\"last\":\"2026-11-22T03:00:00Z\",\"expires\":null"

/* Which classes are taken to be by hand; -1: refused.  `said` is put behind the
 * times of the first class, of two. */
static const struct {
	const char *name, *manual, *said;
	int by_hand; /* as the policy takes it */
	const char *wrong;
} manual_rows[] = {
    {"old file, by hand", ",\"manual\":true", "", BS_BOUNCE | BS_VIRUS, NULL},
    {"old file, not by hand", ",\"manual\":false", "", 0, NULL},
    {"nothing said", "", "", 0, NULL},
    {"one", ",\"manual\":true", ",\"by_hand\":true", BS_BOUNCE, NULL},
    {"one, no manual", "", ",\"by_hand\":true", BS_BOUNCE, NULL},
    {"null is nothing", "", ",\"by_hand\":null", 0, NULL},
    {"none", ",\"manual\":false", ",\"by_hand\":false", 0, NULL},
    {"they contradict", ",\"manual\":false", ",\"by_hand\":true", -1,
	"manual: false, but a class is by_hand: make one of them fit"},
    {"no truth", "", ",\"by_hand\":1", -1, "by_hand: not true or false"},
    {"no truth either", ",\"manual\":\"yes\"", "", -1,
	"manual: not true or false"},
};

static void
test_manual(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(manual_rows); i++) {
		struct bs_listing listing;
		struct bs_message message = {.text = ""};
		char line[512];
		int size = snprintf(line, sizeof(line),
		    "{\"prefix\":\"192.0.2.1\",\"by_class\":{\"bounce\":{" TIMES
		    "%s},\"virus\":{" TIMES "}},"
		    "\"first\":\"2026-11-22T03:00:00Z\"%s}",
		    manual_rows[i].said, manual_rows[i].manual);
		int error =
		    ctl_listing_read(line, (size_t)size, &listing, &message);

		print_message("row: %s\n", manual_rows[i].name);
		if (manual_rows[i].by_hand < 0) {
			assert_int_equal(error, BS_EINVAL);
			assert_string_equal(message.text, manual_rows[i].wrong);
			continue;
		}
		assert_int_equal(error, BS_OK);
		assert_int_equal(
		    bs_listing_by_hand(&listing), manual_rows[i].by_hand);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_answer),
	    cmocka_unit_test(test_row),
	    cmocka_unit_test(test_block),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_back),
	    cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests_name("ctl_listing", tests, NULL, NULL);
}
