/*
 * Words near one another: at the distance and one past it, across the ends of
 * sentences, overlapping; and on random text as a look at every pair tells it.
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

#include "bytes_fixture.h"
#include "error.h"
#include "literals.h"
#include "near.h"

#define WORDS_MAX 4 /* of a list */

struct lists {
	const char *word[2][WORDS_MAX];
	unsigned within;
};

/* One text under way. */
struct finding {
	const struct lists *lists;
	struct near_text text;
	struct near_pair pair;
	bool found;
	const char *word[2]; /* what was found near one another */
};

static void
on_found(void *context, uint32_t id, size_t offset)
{
	struct finding *finding = context;
	enum near_list list = id < WORDS_MAX ? NEAR_HAS : NEAR_NEAR;
	const char *word = finding->lists->word[list][id % WORDS_MAX];
	struct near_place place = {.start = (uint32_t)offset,
	    .end = (uint32_t)(offset + strlen(word)),
	    .word = (uint16_t)(id % WORDS_MAX)};
	const struct near_place *other;

	if (finding->found)
		return;
	other = near_add(&finding->text, &finding->pair, list, &place);
	if (other == NULL)
		return;
	finding->found = true;
	finding->word[list] = word;
	finding->word[1 - list] = finding->lists->word[1 - list][other->word];
}

static void
find(const struct lists *lists, const char *text, struct finding *finding_r)
{
	struct literals *set = literals_new();

	finding_r->lists = lists;
	finding_r->found = false;
	finding_r->pair = (struct near_pair){.within = lists->within};
	near_start(&finding_r->text, text);
	for (uint32_t i = 0; i < 2 * WORDS_MAX; i++) {
		const char *word = lists->word[i / WORDS_MAX][i % WORDS_MAX];

		if (word != NULL)
			assert_int_equal(
			    literals_add(set, word, strlen(word), i), BS_OK);
	}
	assert_int_equal(literals_build(set), BS_OK);
	literals_scan(set, text, strlen(text), on_found, finding_r);
	literals_free(&set);
}

static const struct {
	const char *name;
	struct lists lists;
	const char *text;
	bool found;
} rows[] = {
    {"before", {{{"user"}, {"unknown"}}, 10}, "user is unknown", true},
    {"behind", {{{"user"}, {"unknown"}}, 10}, "unknown user", true},
    {"one alone", {{{"user"}, {"unknown"}}, 10}, "user is known", false},
    {"the other alone", {{{"user"}, {"unknown"}}, 10}, "unknown", false},
    {"nothing", {{{"user"}, {"unknown"}}, 10}, "", false},
    {"side by side", {{{"user"}, {"unknown"}}, 1}, "userunknown", true},
    {"at the distance", {{{"user"}, {"unknown"}}, 4}, "user1234unknown", true},
    {"one past it", {{{"user"}, {"unknown"}}, 4}, "user12345unknown", false},
    {"at it, behind", {{{"user"}, {"unknown"}}, 4}, "unknown1234user", true},
    {"past it, behind", {{{"user"}, {"unknown"}}, 4}, "unknown12345user",
	false},
    {"wide characters", {{{"user"}, {"unknown"}}, 2}, "user\u9000\u4fe1unknown",
	true},
    {"one too many", {{{"user"}, {"unknown"}}, 2},
	"user\u9000\u4fe1\u9000unknown", false},
    {"four bytes each", {{{"user"}, {"unknown"}}, 2},
	"user\U0001f600\U0001f600unknown", true},
    {"overlapping", {{{"deliver"}, {"undeliver"}}, 10}, "undelivered", false},
    {"overlapping, then apart", {{{"deliver"}, {"undeliver"}}, 20},
	"undelivered, not delivered", true},
    {"the same word", {{{"send"}, {"send"}}, 10}, "send", false},
    {"the same word twice", {{{"send"}, {"send"}}, 10}, "send, send", true},
    {"another sentence", {{{"user"}, {"unknown"}}, 10}, "user. unknown", false},
    {"a shout", {{{"user"}, {"unknown"}}, 10}, "user! unknown", false},
    {"a question", {{{"user"}, {"unknown"}}, 10}, "unknown? user", false},
    {"a question in wide letters", {{{"user"}, {"unknown"}}, 10},
	"unknown?\u9000user", false},
    {"a link's question mark", {{{"user"}, {"unknown"}}, 40},
	"user http://a.example/?id=1 unknown", true},
    {"an ideographic full stop", {{{"user"}, {"unknown"}}, 10},
	"user\u3002unknown", false},
    {"a comma", {{{"user"}, {"unknown"}}, 10}, "user\u3001unknown", true},
    {"an address's full stops", {{{"user"}, {"unknown"}}, 20},
	"user joe@a.b.example is unknown", true},
    {"an address before the sentence's end", {{{"user"}, {"unknown"}}, 30},
	"user joe@a.b.example. unknown", false},
    {"a date's full stops", {{{"user"}, {"unknown"}}, 20},
	"user since 1. 6. unknown", true},
    {"a stop behind both", {{{"user"}, {"unknown"}}, 10}, "user unknown.",
	true},
    {"three bytes", {{{"user"}, {"ej "}}, 10}, "ej user", true},
    {"three bytes behind", {{{"user"}, {"yok"}}, 10}, "user yok", true},
    {"both of three", {{{"yok"}, {"ej "}}, 10}, "yok ej ", true},
    {"not the first", {{{"user"}, {"unknown"}}, 10},
	"user. user. unknown! user unknown", true},
};

static void
test_rows(void **state)
{
	static struct finding finding;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		find(&rows[i].lists, rows[i].text, &finding);
		if (finding.found != rows[i].found)
			fail_msg("%s", rows[i].name);
	}
}

static void
test_names_both(void **state)
{
	static const struct lists lists = {
	    {{"user", "mailbox"}, {"unknown", "is full"}}, 40};
	static struct finding finding;

	(void)state;
	find(&lists, "the user said: your mailbox is full", &finding);
	assert_true(finding.found);
	assert_string_equal(finding.word[NEAR_NEAR], "is full");
	assert_string_equal(finding.word[NEAR_HAS], "mailbox");
}

/* --- against a look at every pair -------------------------------------------- */

static bool
is_gap(const char *start, const char *end, unsigned within)
{
	bool ends = end < start || end - start > (ptrdiff_t)within;

	for (const char *p = start; !ends && p < end; p++)
		ends = *p == '!' ||
		       ((*p == '.' || *p == '?') && (p[1] < 'a' || p[1] > 'z'));
	return !ends;
}

static bool
has_pair(const struct lists *lists, const char *text)
{
	size_t size = strlen(text);

	for (size_t k = 0; k < size * size * WORDS_MAX * WORDS_MAX; k++) {
		const char *a = lists->word[0][k % WORDS_MAX];
		const char *b = lists->word[1][k / WORDS_MAX % WORDS_MAX];
		const char *at = text + k / WORDS_MAX / WORDS_MAX / size;
		const char *bt = text + k / WORDS_MAX / WORDS_MAX % size;

		if (a == NULL || b == NULL || strncmp(at, a, strlen(a)) != 0 ||
		    strncmp(bt, b, strlen(b)) != 0)
			continue;
		if (is_gap(at + strlen(a), bt, lists->within) ||
		    is_gap(bt + strlen(b), at, lists->within))
			return true;
	}
	return false;
}

static void
test_random(void **state)
{
	static const struct lists lists = {
	    {{"aaab", "bca", "cabca"}, {"abca", "ccb", "bbbbb", "ca."}}, 6};
	static struct finding finding;
	unsigned random = 1;
	size_t found = 0;

	(void)state;
	for (int round = 0; round < 1000; round++) {
		char text[49];

		random_text(&random, "abcabc.!", text, 48);
		find(&lists, text, &finding);
		if (finding.found != has_pair(&lists, text))
			fail_msg("%s", text);
		found += finding.found;
	}
	assert_in_range(found, 100, 900);
}

/* --- limits -------------------------------------------------------------------- */

/* So many words far from any other, then two that are near: the first of these
 * counts if there is room for it. */
static void
test_places_max(void **state)
{
	static const struct lists lists = {{{"user"}, {"unknown"}}, 40};
	static struct finding finding;
	static char text[6 * NEAR_PLACES_MAX + 32];

	(void)state;
	for (size_t more = 0; more <= 1; more++) {
		text[0] = '\0';
		for (size_t i = 0; i + 1 < NEAR_PLACES_MAX + more; i++)
			memcpy(text + 6 * i, "user. ", 7);
		strcat(text, "user unknown");
		find(&lists, text, &finding);
		assert_int_equal(finding.found, more == 0);
	}
}

/* The farthest that may be asked for. */
static void
test_within_max(void **state)
{
	static const struct lists lists = {
	    {{"user"}, {"unknown"}}, NEAR_WITHIN_MAX};
	static struct finding finding;

	(void)state;
	for (size_t more = 0; more <= 1; more++) {
		char text[4 * NEAR_WITHIN_MAX + 32] = "user";

		for (size_t i = 0; i < NEAR_WITHIN_MAX + more; i++)
			strcat(text, "\U0001f600");
		strcat(text, "unknown");
		find(&lists, text, &finding);
		assert_int_equal(finding.found, more == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_names_both),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_places_max),
	    cmocka_unit_test(test_within_max),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
