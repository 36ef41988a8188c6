/*
 * lib/suggest: pairs of words and how far apart they are, and misspelt words
 * with what they are taken for.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "suggest.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define LONGEST "abcdefghijklmnopqrstuvwxyzabcdef" /* 32 letters */

static const struct {
	const char *name;
	const char *a, *b;
	unsigned want;
} distance_rows[] = {
    {"equal", "list", "list", 0},
    {"case", "List", "lIST", 0},
    {"left out", "databse", "database", 1},
    {"put in", "staats", "stats", 1},
    {"replaced", "shew", "show", 1},
    {"swapped", "lsit", "list", 1},
    {"swapped at the end", "expier", "expire", 1},
    {"two swaps", "ermoev", "remove", 2},
    {"empty and word", "", "add", 3},
    {"both empty", "", "", 0},
    {"nothing alike", "abc", "xyz", 3},
    {"at the longest", LONGEST, LONGEST, 0},
    {"empty and longest", "", LONGEST, 32},
    {"one past the longest", LONGEST "g", LONGEST "g", 33},
    {"other one past it", "a", LONGEST "g", 33},
};

static void
test_distance(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(distance_rows); i++) {
		const char *a = distance_rows[i].a, *b = distance_rows[i].b;

		print_message("row: %s\n", distance_rows[i].name);
		assert_int_equal(
		    bs_suggest_distance(a, b), distance_rows[i].want);
		assert_int_equal(
		    bs_suggest_distance(b, a), distance_rows[i].want);
	}
}

static const char *const known[] = {
    "add", "documentation-space", "list", "listen", "remove", "show", "stats"};

static const struct {
	const char *name;
	const char *word;
	const char *want;
} suggest_rows[] = {
    {"a swap", "lsit", "list"},
    {"the nearer of two", "listne", "listen"},
    {"first of two as near", "liste", "list"},
    {"short", "ad", "add"},
    {"short and too far", "rm", NULL},
    {"a third of it", "remveo", "remove"},
    {"long, three off", "documentacionspaces", "documentation-space"},
    {"long, four off", "dokumentacionspaces", NULL},
    {"upper case", "SHOW", "show"},
    {"empty", "", NULL},
    {"too long", LONGEST "g", NULL},
};

static void
test_suggest(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(suggest_rows); i++) {
		struct bs_suggest suggest =
		    bs_suggest_start(suggest_rows[i].word);

		print_message("row: %s\n", suggest_rows[i].name);
		for (size_t k = 0; k < ROWS(known); k++)
			bs_suggest_try(&suggest, known[k]);
		if (suggest_rows[i].want == NULL)
			assert_null(suggest.best);
		else
			assert_string_equal(suggest.best, suggest_rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_distance),
	    cmocka_unit_test(test_suggest),
	};

	return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
