/*
 * Who sent a message, by its names and addresses; and the sets of pairs that
 * words are looked for with, beside a search for each.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pairs.h"
#include "sender.h"

#define ROUNDS 20000

static void
test_addresses(void **state)
{
	static const struct {
		const char *name, *address;
		bool robot, postmaster;
	} rows[] = {
	    {"a daemon", "mailer-daemon@mx.example", true, false},
	    {"no domain", "mailer-daemon", true, false},
	    {"an extension", "mdaemon+x@mx.example", true, false},
	    {"a dash", "ndr-1@mx.example", true, false},
	    {"longer", "ndrx@mx.example", false, false},
	    {"another site's commands", "uucp@mx.example", true, false},
	    {"postmaster", "postmaster@mx.example", false, true},
	    {"postmasters", "postmasters@mx.example", false, false},
	    {"a person", "eve@mx.example", false, false},
	    {"none", "", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		print_message("# %s\n", rows[i].name);
		assert_int_equal(
		    sender_is_robot(rows[i].address), rows[i].robot);
		assert_int_equal(
		    sender_is_postmaster(rows[i].address), rows[i].postmaster);
	}
}

static void
test_tags(void **state)
{
	static const struct {
		const char *name, *address, *without;
	} rows[] = {
	    {"tagged", "prvs=0123456789=eve@mx.example", "eve@mx.example"},
	    {"no end", "prvs=eve@mx.example", "prvs=eve@mx.example"},
	    {"no tag", "eve@mx.example", "eve@mx.example"},
	    {"another tag", "srs0=x=eve@mx.example", "srs0=x=eve@mx.example"},
	    {"none", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		print_message("# %s\n", rows[i].name);
		assert_string_equal(
		    sender_without_tag(rows[i].address), rows[i].without);
	}
}

static void
test_names(void **state)
{
	static const struct {
		const char *name, *from;
		bool system, filter;
	} rows[] = {
	    {"a mail system", "mail delivery system <a@b>", true, false},
	    {"a filter", "norton antivirus <a@b>", true, true},
	    {"at the end", "clamav", false, true},
	    {"in cyrillic", "антивирус <a@b>", false, true},
	    {"a person", "eve <eve@b>", false, false},
	    {"cut short", "clama", false, false},
	    {"its pairs, not it", "clamclaav lava", false, false},
	    {"a byte", "c", false, false},
	    {"none", "", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pairs from;

		print_message("# %s\n", rows[i].name);
		pairs_of(rows[i].from, &from);
		assert_int_equal(sender_has_system_name(&from), rows[i].system);
		assert_int_equal(sender_has_filter_name(&from), rows[i].filter);
	}
}

static void
test_starts(void **state)
{
	static const char *const words[] = {"re:", "fwd:", "re: re:", "回复"};
	static const struct {
		const char *name, *text;
		size_t start;
	} rows[] = {
	    {"the first", "re: re: hello", 0},
	    {"another", "fwd: hello", 1},
	    {"of more bytes", "回复 hello", 3},
	    {"not at the start", "hello re:", 4},
	    {"cut short", "fwd", 4},
	    {"none", "", 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		print_message("# %s\n", rows[i].name);
		assert_int_equal(
		    pairs_start(rows[i].text, words, 4), rows[i].start);
	}
}

/* Random text of few letters, beside strstr(3). */
static void
test_pairs(void **state)
{
	static const char *const words[] = {
	    "abc", "bcaa", "cccc", "\xff\xfe\xff"};
	static const char letters[] = "abc\xfe\xff";
	char text[16] = "";

	(void)state;
	srandom(1);
	for (size_t round = 0; round < ROUNDS; round++) {
		size_t size = (size_t)random() % sizeof text;
		struct pairs pairs;

		for (size_t i = 0; i < size; i++)
			text[i] = letters[random() % 5];
		text[size] = '\0';
		pairs_of(text, &pairs);
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			assert_int_equal(pairs_have(&pairs, &words[i], 1),
			    strstr(text, words[i]) != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_tags),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_starts),
	    cmocka_unit_test(test_pairs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("sender", tests, NULL, NULL);
}
