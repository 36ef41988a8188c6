/*
 * lib/control.c: requests and answers of the control socket.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control.h"

static const struct {
	const char *name, *text;
	int result;
	enum bs_control_command command;
} requests[] = {
    {"reload", "backstop 1 reload", BS_OK, BS_CONTROL_RELOAD},
    {"stats", "backstop 1 stats", BS_OK, BS_CONTROL_STATS},
    {"nothing", "", BS_EINVAL, 0},
    {"no version", "backstop reload", BS_EINVAL, 0},
    {"a later version", "backstop 2 reload", BS_EVERSION, 0},
    {"a later version's command", "backstop 2 frobnicate", BS_EVERSION, 0},
    {"a version too large", "backstop 18446744073709551616 reload", BS_EINVAL,
	0},
    {"no command", "backstop 1", BS_ENOTFOUND, 0},
    {"an empty command", "backstop 1 ", BS_ENOTFOUND, 0},
    {"an unknown command", "backstop 1 relo", BS_ENOTFOUND, 0},
    {"a longer command", "backstop 1 reloads", BS_ENOTFOUND, 0},
    {"a word more", "backstop 1 reload now", BS_EINVAL, 0},
    {"another program's", "GET / HTTP/1.0", BS_EINVAL, 0},
};

static void
test_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		enum bs_control_command command = 0;
		int result = bs_control_parse_request(
		    requests[i].text, strlen(requests[i].text), &command);

		if (result != requests[i].result ||
		    command != requests[i].command)
			fail_msg("%s: %d, command %d", requests[i].name, result,
			    (int)command);
	}
}

/* What is written is read, and its longest is allowed, one more is not. */
static void
test_request_sizes(void **state)
{
	char text[BS_CONTROL_REQUEST_MAX + 1];

	(void)state;
	for (int i = 0; i < BS_CONTROL_COMMANDS; i++) {
		enum bs_control_command command;
		size_t size =
		    bs_control_request((enum bs_control_command)i, text);

		assert_int_equal(text[size - 1], '\n');
		assert_int_equal(
		    bs_control_parse_request(text, size - 1, &command), BS_OK);
		assert_int_equal(command, i);
	}
	memset(text, 'x', sizeof(text));
	memcpy(text, "backstop 1 ", 11);
	assert_int_equal(
	    bs_control_parse_request(text, BS_CONTROL_REQUEST_MAX - 1,
		&(enum bs_control_command){0}),
	    BS_ENOTFOUND);
	assert_int_equal(bs_control_parse_request(text, BS_CONTROL_REQUEST_MAX,
			     &(enum bs_control_command){0}),
	    BS_EINVAL);
}

static const struct {
	const char *name, *text;
	bool right;
} lines[] = {
    {"an error", "error a.conf:1: no: do", true},
    {"a warning", "warning of it", true},
    {"an information", "info that", true},
    {"a count", "count type AAAA 18446744073709551615", true},
    {"a count of a name with dots", "count zone bl.example 0", true},
    {"the end", "done 1", true},
    {"nothing", "", false},
    {"another kind", "note it", false},
    {"a kind alone", "error", false},
    {"an empty text", "error ", false},
    {"a count without a number", "count type A", false},
    {"a count without a name", "count type", false},
    {"a count with an empty name", "count type  1", false},
    {"a count that is negative", "count type A -1", false},
    {"a count that is too large", "count type A 18446744073709551616", false},
    {"a count with more", "count type A 1 2", false},
    {"a group too long", "count gggggggggggggggggggggggggggggggg A 1", false},
    {"an end without a code", "done", false},
    {"an end with a word", "done well", false},
};

/* What is right comes out as it went in. */
static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct bs_control_line line;
		char text[BS_CONTROL_LINE_MAX];
		size_t size = strlen(lines[i].text);
		int result = bs_control_parse_line(lines[i].text, size, &line);

		if ((result == BS_OK) != lines[i].right)
			fail_msg("%s: %d", lines[i].name, result);
		if (result != BS_OK)
			continue;
		if (bs_control_format(&line, text) != size + 1 ||
		    memcmp(text, lines[i].text, size) != 0)
			fail_msg("%s: became %s", lines[i].name, text);
	}
}

/* The longest of all parts has room in a line. */
static void
test_line_sizes(void **state)
{
	struct bs_control_line line = {
	    .kind = BS_CONTROL_COUNT, .number = UINT64_MAX};
	struct bs_control_line got;
	char text[BS_CONTROL_LINE_MAX];
	size_t size;

	(void)state;
	memset(line.group, 'g', sizeof(line.group) - 1);
	memset(line.name, 'n', sizeof(line.name) - 1);
	size = bs_control_format(&line, text);
	assert_true(size < sizeof(text));
	assert_int_equal(bs_control_parse_line(text, size - 1, &got), BS_OK);
	assert_string_equal(got.name, line.name);
	line.kind = BS_CONTROL_ERROR;
	memset(line.text.text, 't', sizeof(line.text.text) - 1);
	size = bs_control_format(&line, text);
	assert_true(size < sizeof(text));
	assert_int_equal(bs_control_parse_line(text, size - 1, &got), BS_OK);
	assert_string_equal(got.text.text, line.text.text);
}

/* What would write on a terminal does not come through. */
static void
test_control_characters(void **state)
{
	struct bs_control_line line;
	const char text[] = "error a\033[2Jb";

	(void)state;
	assert_int_equal(
	    bs_control_parse_line(text, sizeof(text) - 1, &line), BS_OK);
	assert_string_equal(line.text.text, "a?[2Jb");
	assert_int_equal(
	    bs_control_parse_line("error a\0b", 9, &line), BS_EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_requests),
	    cmocka_unit_test(test_request_sizes),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_line_sizes),
	    cmocka_unit_test(test_control_characters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
