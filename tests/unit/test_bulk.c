/*
 * Passing over text: whatever is copied at once is what a loop over its lines
 * copies, and lines are found where such a loop finds them.
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

#include "bulk.h"
#include "bytes_fixture.h"
#include "line.h"

#define TEXT_MAX 20000

/* Whether a line may be copied without a look at it. */
static bool
is_text(const struct line *line)
{
	return memchr(line->text, ':', line->size) == NULL &&
	       memchr(line->text, '\r', line->size) == NULL &&
	       (line->size < 2 || memcmp(line->text, "--", 2) != 0);
}

/* Copies what bulk_copy passes over; its lines must be text. */
static size_t
copy_lines(const char *text, size_t passed, char *to)
{
	struct line_reader reader = line_reader_start(text, passed);
	struct line line;
	size_t copied = 0;

	while (line_next(&reader, &line)) {
		assert_true(is_text(&line));
		memcpy(to + copied, line.text, line.size);
		copied += line.size;
		to[copied++] = '\n';
	}
	return copied;
}

static size_t
check_copy(const char *text, size_t size)
{
	static char wanted[TEXT_MAX];
	char *copy = (char *)exact_copy((const uint8_t *)text, size);
	char *to = malloc(size + BULK_BEYOND);
	size_t copied = SIZE_MAX;
	size_t passed = bulk_copy(copy, size, to, &copied);

	assert_true(passed <= size && copied <= passed);
	assert_true(passed == 0 || text[passed - 1] == '\n');
	assert_int_equal(copied, copy_lines(text, passed, wanted));
	assert_memory_equal(to, wanted, copied);
	free(to);
	free(copy);
	return passed;
}

/* Text that may be copied but for what stands at a place in it. */
static const struct {
	const char *name, *special;
	bool stops;
} rows[] = {
    {"nothing", "", false},
    {"a colon", ":", true},
    {"a dash", "-", false},
    {"two dashes within", "--", false},
    {"two at a start", "\n--", true},
    {"one at a start", "\n-x-", false},
    {"behind CR LF", "\r\n--", true},
    {"an empty line", "\r\n\r\n", false},
    {"a CR", "\r", true},
    {"two CRs", "\r\r\n", true},
};

static void
check_row(size_t row, const char *newline)
{
	for (size_t at = 60; at < 330; at++) {
		char text[1000];
		size_t size = 0, end, special = strlen(rows[row].special);
		size_t passed;

		if (at % 72 == 0 || at % 72 >= 69) /* beside a line's end */
			continue;
		while (size < 800) {
			bool ends = size % 72 >= 70;
			const char *next = ends ? newline : "a";

			if (size >= at && special > 0) {
				next = rows[row].special;
				special = 0;
			}
			memcpy(text + size, next, strlen(next));
			size += strlen(next);
		}
		end = at + strlen(rows[row].special);
		passed = check_copy(text, size);
		if (rows[row].stops ? passed > end
				    : passed < size - BULK_BEYOND - 128)
			fail_msg("%s at %zu: %zu passed", rows[row].name, at,
			    passed);
	}
}

static void
test_copy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check_row(i, "\n");
		check_row(i, "\r\n");
	}
}

static void
test_copy_random(void **state)
{
	static const char *const letters[] = {"abcdefghijklmnopqrstuvwxyz\n",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-\n",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:--\n\r"};
	unsigned random = 7;
	char text[1000];

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		size_t size = i % sizeof text;

		random_text(&random, letters[i % 3], text, size);
		(void)check_copy(text, size);
	}
}

/* A line that is too long to be sure of is left. */
static void
test_copy_long(void **state)
{
	static char text[TEXT_MAX];

	(void)state;
	memset(text, 'a', sizeof text);
	assert_int_equal(check_copy(text, sizeof text), 0);
	text[9000] = '\n';
	assert_int_equal(check_copy(text, sizeof text), 0);
	text[7000] = '\n';
	assert_int_equal(check_copy(text, sizeof text), 7001);
}

/* The first line that begins so; `size`: none. */
static size_t
find_line(const char *text, size_t size, const char *with)
{
	size_t at = 0;

	while (at < size) {
		const char *lf = memchr(text + at, '\n', size - at);

		if (size - at >= strlen(with) &&
		    memcmp(text + at, with, strlen(with)) == 0)
			return at;
		if (lf == NULL)
			return size;
		at = (size_t)(lf + 1 - text);
	}
	return size;
}

static void
test_find(void **state)
{
	static const char *const letters[] = {"a-\n", "aaaaaaaaaa-\n",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa--\n\n"};
	unsigned random = 3;
	char text[700];

	(void)state;
	for (size_t i = 0; i < 6000; i++) {
		size_t size = i % sizeof text;
		char *copy;

		random_text(&random, letters[i % 3], text, size);
		copy = (char *)exact_copy((const uint8_t *)text, size);
		assert_int_equal(bulk_find_dashes(copy, copy + size) - copy,
		    find_line(text, size, "--"));
		assert_int_equal(bulk_find_empty(copy, copy + size) - copy,
		    find_line(text, size, "\n"));
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_copy),
	    cmocka_unit_test(test_copy_random),
	    cmocka_unit_test(test_copy_long),
	    cmocka_unit_test(test_find),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
}
