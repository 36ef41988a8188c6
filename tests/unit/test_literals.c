/*
 * Many literals in one pass: every one is found at every place, as strstr
 * finds it, and nothing else is.
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

#define FOUND_MAX 256

struct seen {
	struct {
		uint32_t id;
		size_t offset;
	} at[FOUND_MAX];
	size_t count;
};

static void
on_found(void *context, uint32_t id, size_t offset)
{
	struct seen *seen = context;

	assert_true(seen->count < FOUND_MAX);
	seen->at[seen->count].id = id;
	seen->at[seen->count++].offset = offset;
}

static const char *const texts[] = {"abc", "abcd", "bcde", "user unknown",
    "unknown", "user", "退信", "re:", "aaaa", "aaa", "user unknown", "z z",
    "mailbox of that name", "mailbox of that kind", "mailbox of that"};
#define TEXT_COUNT (sizeof texts / sizeof *texts)

static struct literals *
make(void)
{
	struct literals *set = literals_new();

	assert_non_null(set);
	for (uint32_t i = 0; i < TEXT_COUNT; i++)
		assert_int_equal(
		    literals_add(set, texts[i], strlen(texts[i]), i), BS_OK);
	assert_int_equal(literals_build(set), BS_OK);
	return set;
}

static bool
is_seen(const struct seen *seen, uint32_t id, size_t offset)
{
	for (size_t i = 0; i < seen->count; i++) {
		if (seen->at[i].id == id && seen->at[i].offset == offset)
			return true;
	}
	return false;
}

/* The order that literals_scan promises. */
static void
check_order(const struct seen *seen)
{
	size_t shorter = seen->count;

	for (size_t i = 0; i < seen->count; i++) {
		size_t size = strlen(texts[seen->at[i].id]);

		if (size < 4 && shorter == seen->count)
			shorter = i;
		assert_int_equal(size < 4, i >= shorter);
		for (size_t k = 0; size >= 4 && k < i; k++)
			assert_true(
			    seen->at[k].offset < seen->at[i].offset + size);
	}
}

/* Against strncmp at each place. */
static void
check_text(const struct literals *set, const char *text)
{
	struct seen seen = {.count = 0};
	size_t size = strlen(text), want = 0;

	literals_scan(set, text, size, on_found, &seen);
	for (size_t at = 0; at < size; at++) {
		for (uint32_t i = 0; i < TEXT_COUNT; i++) {
			if (strncmp(text + at, texts[i], strlen(texts[i])) != 0)
				continue;
			want++;
			if (!is_seen(&seen, i, at))
				fail_msg("\"%s\": \"%s\" at %zu is missed",
				    text, texts[i], at);
		}
	}
	assert_int_equal(seen.count, want);
	check_order(&seen);
}

static void
test_found(void **state)
{
	static const char *const rows[] = {"", "a", "ab", "abc", "abcd",
	    "xabcdex", "550 user unknown", "user unknow", "unknown user",
	    "re: re:", "aaaaaaaa",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "您的退信", "z z z", "USER", "a mailbox of that name",
	    "mailbox of that kinds", "mailbox of that kin"};
	struct literals *set = make();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_text(set, rows[i]);
	literals_free(&set);
	assert_null(set);
}

/* Random text of few letters, so that much of it is found. */
static void
test_random(void **state)
{
	struct literals *set = make();
	unsigned random = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char text[65];

		random_text(&random, "abcde z:", text, 64);
		check_text(set, text);
	}
	literals_free(&set);
}

static void
test_limits(void **state)
{
	char longest[LITERALS_SIZE_MAX + 2];
	struct literals *set = literals_new();
	struct seen seen = {.count = 0};

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_int_equal(literals_add(set, "ab", 2, 0), BS_ERANGE);
	assert_int_equal(
	    literals_add(set, longest, LITERALS_SIZE_MAX + 1, 0), BS_ERANGE);
	assert_int_equal(
	    literals_add(set, longest, LITERALS_SIZE_MAX, 0), BS_OK);
	for (uint32_t i = 1; i < LITERALS_MAX; i++)
		assert_int_equal(literals_add(set, "abcd", 4, i), BS_OK);
	assert_int_equal(literals_add(set, "abcd", 4, LITERALS_MAX), BS_EFULL);
	assert_int_equal(literals_build(set), BS_OK);
	literals_scan(set, longest, LITERALS_SIZE_MAX - 1, on_found, &seen);
	assert_int_equal(seen.count, 0);
	literals_scan(set, longest, LITERALS_SIZE_MAX, on_found, &seen);
	assert_int_equal(seen.count, 1);
	literals_free(&set);
}

static void
test_none(void **state)
{
	struct literals *set = literals_new();
	struct seen seen = {.count = 0};

	(void)state;
	assert_int_equal(literals_build(set), BS_OK);
	literals_scan(set, "anything", 8, on_found, &seen);
	assert_int_equal(seen.count, 0);
	literals_free(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
