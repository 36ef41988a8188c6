/*
 * lib/json_read: lines that are an object and lines that are none; members of
 * each kind and of the wrong one.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json_read.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
	const char *name;
	const char *line;
	int error;
} line_rows[] = {
    {"empty object", "{}", BS_OK},
    {"one member", "{\"a\":1}", BS_OK},
    {"blanks around", " {\"a\" : 1 } \r\n", BS_OK},
    {"nested", "{\"a\":{\"b\":[1,2]}}", BS_OK},
    {"empty line", "", BS_EINVAL},
    {"array", "[]", BS_EINVAL},
    {"number", "1", BS_EINVAL},
    {"text", "\"a\"", BS_EINVAL},
    {"cut", "{\"a\":1", BS_EINVAL},
    {"two objects", "{}{}", BS_EINVAL},
    {"rest", "{} x", BS_EINVAL},
    {"twice", "{\"a\":1,\"a\":2}", BS_EINVAL},
    {"trailing comma", "{\"a\":1,}", BS_EINVAL},
    {"single quotes", "{'a':1}", BS_EINVAL},
    {"no UTF-8", "{\"a\":\"\xff\"}", BS_EINVAL},
    {"NUL in a text", "{\"a\":\"x\\u0000y\"}", BS_EINVAL},
    {"lone surrogate", "{\"a\":\"\\ud800\"}", BS_EINVAL},
    {"number too large", "{\"a\":99999999999999999999}", BS_EINVAL},
    {"NaN", "{\"a\":NaN}", BS_EINVAL},
};

/* Lines of which no word may come back in the message. */
static const char *const secret_rows[] = {
    "secret@trap.example",
    "{\"trap\":secret}",
    "{\"trap\" \"secret@trap.example\"}",
    "{\"trap\":\"x\" \"secret@trap.example\"}",
    "{\"trap\":\"secret@trap.example",
    "{\"trap\":\"secret\\q\"}",
    "{\"trap\":\"secret\xff\"}",
    "{\"secret\":1,\"secret\":2}",
    "{\"trap\":\"x\"} secret@trap.example",
};

static void
messages_repeat_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(secret_rows) / sizeof(*secret_rows);
	     i++) {
		struct bs_json_value *value = NULL;
		struct bs_message message = {""};

		print_message("# %s\n", secret_rows[i]);
		assert_int_equal(bs_json_read(secret_rows[i],
				     strlen(secret_rows[i]), &value, &message),
		    BS_EINVAL);
		assert_non_null(strstr(message.text, "no JSON: column "));
		assert_null(strstr(message.text, "secret"));
	}
}

static void
lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(line_rows); i++) {
		struct bs_json_value *value = NULL;
		struct bs_message message = {""};
		int error = bs_json_read(line_rows[i].line,
		    strlen(line_rows[i].line), &value, &message);

		if (error != line_rows[i].error)
			fail_msg("%s: %d, not %d", line_rows[i].name, error,
			    line_rows[i].error);
		assert_int_equal(value == NULL, error != BS_OK);
		assert_int_equal(message.text[0] == '\0', error == BS_OK);
		if (value != NULL)
			bs_json_value_free(&value);
	}
}

static void
members(void **state)
{
	static const char line[] =
	    "{\"t\":\"x\",\"n\":7,\"m\":-1,\"r\":1.5,\"b\":true,\"f\":false,"
	    "\"o\":{\"i\":1},\"z\":null}";
	static const char *const names[] = {
	    "t", "n", "m", "r", "b", "f", "o", "z"};
	const struct bs_json_value *inner;
	struct bs_json_value *value;
	struct bs_message message;
	const char *text;
	uint64_t number;
	bool flag;

	(void)state;
	assert_int_equal(
	    bs_json_read(line, sizeof(line) - 1, &value, &message), BS_OK);
	assert_int_equal(bs_json_count(value), 8);
	assert_int_equal(bs_json_get_text(value, "t", &text), BS_OK);
	assert_string_equal(text, "x");
	assert_int_equal(bs_json_get_text(value, "n", &text), BS_EINVAL);
	assert_int_equal(bs_json_get_text(value, "z", &text), BS_ENOTFOUND);
	assert_int_equal(bs_json_get_text(value, "y", &text), BS_ENOTFOUND);
	assert_int_equal(bs_json_get_number(value, "n", 7, &number), BS_OK);
	assert_int_equal(number, 7);
	assert_int_equal(bs_json_get_number(value, "n", 6, &number), BS_ERANGE);
	assert_int_equal(bs_json_get_number(value, "m", 7, &number), BS_ERANGE);
	assert_int_equal(bs_json_get_number(value, "r", 7, &number), BS_EINVAL);
	assert_int_equal(bs_json_get_number(value, "b", 7, &number), BS_EINVAL);
	assert_int_equal(bs_json_get_bool(value, "b", &flag), BS_OK);
	assert_true(flag);
	assert_int_equal(bs_json_get_bool(value, "f", &flag), BS_OK);
	assert_false(flag);
	assert_int_equal(bs_json_get_bool(value, "n", &flag), BS_EINVAL);
	assert_int_equal(bs_json_get_object(value, "o", &inner), BS_OK);
	assert_int_equal(bs_json_get_number(inner, "i", 1, &number), BS_OK);
	assert_int_equal(bs_json_get_object(value, "t", &inner), BS_EINVAL);
	assert_true(bs_json_has(value, "z"));
	assert_false(bs_json_has(value, "y"));
	assert_null(bs_json_beyond(value, names, ROWS(names)));
	assert_string_equal(bs_json_beyond(value, names, ROWS(names) - 1), "z");
	bs_json_value_free(&value);
	assert_null(value);
}

/* A line of the most bytes, and one more; one that is deep. */
static void
sizes(void **state)
{
	char *line = malloc(BS_JSON_LINE_MAX + 1);
	struct bs_json_value *value;
	struct bs_message message;

	(void)state;
	assert_non_null(line);
	memset(line, ' ', BS_JSON_LINE_MAX + 1);
	memcpy(line, "{}", 2);
	assert_int_equal(
	    bs_json_read(line, BS_JSON_LINE_MAX, &value, &message), BS_OK);
	bs_json_value_free(&value);
	assert_int_equal(
	    bs_json_read(line, BS_JSON_LINE_MAX + 1, &value, &message),
	    BS_ETOOLONG);
	memset(line, '[', BS_JSON_LINE_MAX);
	memcpy(line, "{\"a\":", 5);
	assert_int_equal(
	    bs_json_read(line, BS_JSON_LINE_MAX, &value, &message), BS_EINVAL);
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_repeat_nothing),
	    cmocka_unit_test(lines),
	    cmocka_unit_test(members),
	    cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
