/*
 * Lines of messages: rows, and texts of all sizes around those of a block, whose
 * lines a loop over their bytes tells as well.
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

#include "block.h"
#include "bytes_fixture.h"
#include "line.h"

struct row {
	const char *name, *text;
	const char *lines; /* each in <> */
};

static const struct row rows[] = {
    {"nothing", "", ""},
    {"one", "a", "<a>"},
    {"LF", "a\nb\n", "<a><b>"},
    {"CR LF", "a\r\nb\r\n", "<a><b>"},
    {"CR", "a\rb\r", "<a><b>"},
    {"CR and LF", "a\rb\nc\r\n", "<a\rb><c>"},
    {"more CRs", "a\r\r\n\r\r\nb\r", "<a><><b>"},
    {"empty ones", "\n\n\na", "<><><><a>"},
    {"empty ones of CR", "\r\ra", "<><><a>"},
    {"an end in the second block",
	"012345678901234567890123456789012345678901234567890123456789012\nb",
	"<012345678901234567890123456789012345678901234567890123456789012><b>"},
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct line_reader reader =
		    line_reader_start(rows[i].text, strlen(rows[i].text));
		struct line line;
		char said[200] = "";

		while (line_next(&reader, &line))
			(void)snprintf(said + strlen(said),
			    sizeof said - strlen(said), "<%.*s>",
			    (int)line.size, line.text);
		if (strcmp(said, rows[i].lines) != 0)
			fail_msg("%s: %s", rows[i].name, said);
		assert_ptr_equal(
		    reader.next, rows[i].text + strlen(rows[i].text));
	}
}

/* Where the line ends that starts at `at`, and what is behind it. */
static size_t
line_end(const char *text, size_t size, size_t at, char newline, size_t *next_r)
{
	size_t end = at;

	while (end < size && text[end] != newline)
		end++;
	*next_r = end < size ? end + 1 : size;
	while (end > at && text[end - 1] == '\r')
		end--;
	return end;
}

static void
check_lines(const char *text, size_t size, bool skip_one)
{
	char *copy = (char *)exact_copy((const uint8_t *)text, size);
	struct line_reader reader = line_reader_start(copy, size);
	bool has_lf = size > 0 && memchr(text, '\n', size) != NULL;
	bool has_cr = size > 0 && memchr(text, '\r', size) != NULL;
	char newline = has_cr && !has_lf ? '\r' : '\n';
	struct line line;

	for (size_t at = 0, next; at < size; at = next) {
		size_t end = line_end(text, size, at, newline, &next);

		if (skip_one && at == 0) {
			line_skip(&reader, next);
			continue;
		}
		assert_true(line_next(&reader, &line));
		assert_ptr_equal(line.text, copy + at);
		assert_int_equal(line.size, end - at);
		assert_ptr_equal(reader.next, copy + next);
	}
	assert_false(line_next(&reader, &line));
	free(copy);
}

static void
test_sizes(void **state)
{
	static const char *const letters[] = {"ab\n", "abcdefgh\r\n", "a\r",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n"};
	unsigned random = 1;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		for (size_t size = 0; size < sizeof text; size++) {
			random_text(&random, letters[i], text, size);
			check_lines(text, size, false);
			check_lines(text, size, true);
		}
	}
}

/* Both ways to look for a byte. */
static void
test_blocks(void **state)
{
	unsigned random = 1;
	char text[BLOCK_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		uint64_t places = 0;

		random_text(
		    &random, i % 2 ? "ab`B\x80\xe1" : "ab", text, BLOCK_BYTES);
		for (size_t k = 0; k < BLOCK_BYTES; k++)
			places |= (uint64_t)(text[k] == 'a') << k;
		assert_true(block_find(text, 'a') == places);
		assert_true(block_find_plain(text, 'a') == places);
		for (size_t k = 0; k < BLOCK_BYTES; k++)
			assert_true(block_find_few(text, k, 'a') ==
				    (places & ((UINT64_C(1) << k) - 1)));
		assert_true(block_has_either(text, 'a', 'c') == (places != 0));
		assert_true(block_has_either(text, 'c', 'a') == (places != 0));
		assert_false(block_has_either(text, 'c', '\0'));
	}
}

static const struct {
	const char *line;
	size_t name_size;
	const char *name; /* of the list below; NULL: none */
} fields[] = {
    {"To: a", 2, "To"},
    {"tO \t: a", 2, "To"},
    {"Too: a", 3, NULL},
    {"T: a", 1, NULL},
    {"Subject:", 7, "Subject"},
    {"SUBJECT:", 7, "Subject"},
    {"Subjecs:", 7, NULL},
    {"Subject a:", 0, NULL},
    {"X-Mozilla-Status2: a", 17, "X-Mozilla-Status2"},
    {"X-Mozilla-Status: a", 16, NULL},
    {" To: a", 0, NULL},
    {": a", 0, NULL},
    {"\xc3\xa4: a", 0, NULL},
    {"", 0, NULL},
    {"To", 0, NULL},
};

static void
test_fields(void **state)
{
	static const struct line_name names[] = {LINE_NAME("Subject"),
	    LINE_NAME("To"), LINE_NAME("X-Mozilla-Status2")};

	(void)state;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		size_t size = strlen(fields[i].line);
		char *copy =
		    (char *)exact_copy((const uint8_t *)fields[i].line, size);
		struct line line = {copy, size};
		size_t found = line_find_field(&line, names, 3);
		const char *name = found < 3 ? names[found].text : NULL;

		if (line_field_name_size(&line) != fields[i].name_size ||
		    name != fields[i].name)
			if (name == NULL || fields[i].name == NULL ||
			    strcmp(name, fields[i].name) != 0)
				fail_msg("%s", fields[i].line);
		free(copy);
	}
}

static void
test_is_field(void **state)
{
	const struct line one = {"X: a", 4}, none = {"a", 1};

	(void)state;
	assert_true(line_is_field(&one, "x"));
	assert_false(line_is_field(&one, "xy"));
	assert_false(line_is_field(&one, ""));
	assert_false(line_is_field(&none, ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_is_field),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
