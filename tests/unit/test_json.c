/*
 * lib/json: rows of values and the lines that they become; the lines are
 * written to memory and read back as text.
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
#include "json.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define BAD "\xef\xbf\xbd" /* U+FFFD */

/* Writes and compares; frees. */
static void
assert_line(struct bs_json *json, const char *want)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(bs_json_write(&json, out), BS_OK);
	assert_null(json);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, want);
	free(text);
}

static const struct {
	const char *name;
	const char *text;
	size_t size;
	const char *want;
} text_rows[] = {
    {"empty", "", 0, "[\"\"]\n"},
    {"ascii", "bounce", 6, "[\"bounce\"]\n"},
    {"quotes", "a\"b\\c", 5, "[\"a\\\"b\\\\c\"]\n"},
    {"newline", "a\nb\r", 4, "[\"a\\nb\\r\"]\n"},
    {"control", "\x01\x1b", 2, "[\"\\u0001\\u001B\"]\n"},
    {"nul inside", "a\0b", 3, "[\"a\\u0000b\"]\n"},
    {"two bytes", "\xc3\xa9", 2, "[\"\xc3\xa9\"]\n"},
    {"three bytes", "\xe2\x82\xac", 3, "[\"\xe2\x82\xac\"]\n"},
    {"four bytes", "\xf0\x9f\x98\x80", 4, "[\"\xf0\x9f\x98\x80\"]\n"},
    {"last code point", "\xf4\x8f\xbf\xbf", 4, "[\"\xf4\x8f\xbf\xbf\"]\n"},
    {"latin-1", "caf\xe9!", 5, "[\"caf" BAD "!\"]\n"},
    {"lone continuation", "\x80", 1, "[\"" BAD "\"]\n"},
    {"cut at the end", "a\xe2\x82", 3, "[\"a" BAD BAD "\"]\n"},
    {"overlong slash", "\xc0\xaf", 2, "[\"" BAD BAD "\"]\n"},
    {"overlong three", "\xe0\x9f\xbf", 3, "[\"" BAD BAD BAD "\"]\n"},
    {"surrogate", "\xed\xa0\x80", 3, "[\"" BAD BAD BAD "\"]\n"},
    {"past the last", "\xf4\x90\x80\x80", 4, "[\"" BAD BAD BAD BAD "\"]\n"},
    {"ff", "\xff\xfe", 2, "[\"" BAD BAD "\"]\n"},
    {"good after bad", "\xc3(\xc3\xa9", 4, "[\"" BAD "(\xc3\xa9\"]\n"},
};

static void
test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(text_rows); i++) {
		struct bs_json *json = bs_json_array();

		print_message("row: %s\n", text_rows[i].name);
		bs_json_text_n(
		    json, NULL, text_rows[i].text, text_rows[i].size);
		assert_line(json, text_rows[i].want);
	}
}

/* Each pair of bytes, and each byte before a good one, makes a line. */
static void
test_any_bytes(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair <= 0xffff; pair++) {
		char bytes[2] = {(char)(pair >> 8), (char)(pair & 0xff)};
		struct bs_json *json = bs_json_array();
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		bs_json_text_n(json, NULL, bytes, sizeof(bytes));
		assert_int_equal(bs_json_write(&json, out), BS_OK);
		assert_int_equal(fclose(out), 0);
		assert_ptr_equal(strchr(text, '\n'), text + size - 1);
		free(text);
	}
}

static const struct {
	const char *name;
	uint64_t number;
	const char *want;
} number_rows[] = {
    {"zero", 0, "[0]\n"},
    {"32 bits", UINT32_MAX, "[4294967295]\n"},
    {"largest integer", INT64_MAX, "[9223372036854775807]\n"},
    {"past it", (uint64_t)INT64_MAX + 1, "[9.2233720368547758e18]\n"},
};

static void
test_integer(void **state)
{
	struct bs_json *json = bs_json_array();

	(void)state;
	bs_json_integer(json, NULL, -3);
	bs_json_integer(json, NULL, INT64_MIN);
	bs_json_integer(json, NULL, INT64_MAX);
	assert_line(json, "[-3,-9223372036854775808,9223372036854775807]\n");
}

static void
test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(number_rows); i++) {
		struct bs_json *json = bs_json_array();

		print_message("row: %s\n", number_rows[i].name);
		bs_json_number(json, NULL, number_rows[i].number);
		assert_line(json, number_rows[i].want);
	}
}

static void
test_reals(void **state)
{
	volatile double zero = 0.0;
	struct bs_json *json = bs_json_array();

	(void)state;
	bs_json_real(json, NULL, 0.5);
	bs_json_real(json, NULL, zero / zero);
	bs_json_real(json, NULL, 1e308 * 10.0);
	assert_line(json, "[0.5,null,null]\n");
}

static void
test_order_and_kinds(void **state)
{
	struct bs_json *json = bs_json_object();
	struct bs_json *list = bs_json_array();

	(void)state;
	bs_json_text(json, "zebra", "first");
	bs_json_bool(json, "listed", true);
	bs_json_bool(json, "flat", false);
	bs_json_null(json, "answer");
	bs_json_text(json, "reason", NULL);
	bs_json_text(list, NULL, "bounce");
	bs_json_text(list, NULL, "callout");
	bs_json_put(json, "classes", list);
	bs_json_put(json, "hits", bs_json_object());
	bs_json_number(json, "alpha", 7);
	assert_line(json,
	    "{\"zebra\":\"first\",\"listed\":true,\"flat\":false,"
	    "\"answer\":null,\"reason\":null,"
	    "\"classes\":[\"bounce\",\"callout\"],\"hits\":{},\"alpha\":7}\n");
}

/* NULL stands for "out of memory" and is passed on to the end. */
static void
test_out_of_memory(void **state)
{
	struct bs_json *none = NULL;
	struct bs_json *json = bs_json_object();

	(void)state;
	bs_json_text(none, "a", "b");
	bs_json_number(none, "a", 1);
	bs_json_put(none, "a", bs_json_object());
	assert_int_equal(bs_json_write(&none, stdout), BS_ENOMEM);

	bs_json_put(json, "child", NULL);
	bs_json_text(json, "a", "b");
	assert_int_equal(bs_json_write(&json, stdout), BS_ENOMEM);
	assert_null(json);
}

static void
test_stream_fails(void **state)
{
	struct bs_json *json = bs_json_object();
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_int_equal(setvbuf(full, NULL, _IONBF, 0), 0);
	assert_int_equal(bs_json_write(&json, full), BS_EIO);
	assert_null(json);
	fclose(full);
}

static void
test_freed_unwritten(void **state)
{
	struct bs_json *json = bs_json_array();

	(void)state;
	bs_json_text(json, NULL, "dropped");
	bs_json_free(&json);
	assert_null(json);
	bs_json_free(&json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_any_bytes),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_integer),
	    cmocka_unit_test(test_reals),
	    cmocka_unit_test(test_order_and_kinds),
	    cmocka_unit_test(test_out_of_memory),
	    cmocka_unit_test(test_stream_fails),
	    cmocka_unit_test(test_freed_unwritten),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
