/*
 * UTF-8: what is a character, what may be shown, and where texts are cut.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "utf8.h"

static void
test_read(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		uint32_t code;
	} rows[] = {
	    {"a", 1, 'a'},
	    {"\xc3\xa4", 2, 0xe4},
	    {"\xe9\x80\x80", 3, 0x9000},
	    {"\xf0\x9f\x98\x80", 4, 0x1f600},
	    {"\xc1\x81", 0, 0},         /* longer than it need be */
	    {"\xe0\x80\x81", 0, 0},     /* so */
	    {"\xed\xa0\x80", 0, 0},     /* half of a pair */
	    {"\xf4\x90\x80\x80", 0, 0}, /* beyond the last */
	    {"\xc3", 0, 0},             /* cut */
	    {"\xc3(", 0, 0},
	    {"\xa4", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t code = 0;

		assert_int_equal(bs_utf8_read((const uint8_t *)rows[i].text,
				     strlen(rows[i].text), &code),
		    rows[i].size);
		assert_int_equal(code, rows[i].code);
	}
}

static void
test_plain(void **state)
{
	(void)state;
	assert_int_equal(bs_utf8_plain("a"), 1);
	assert_int_equal(bs_utf8_plain("\xe9\x80\x80"), 3);
	assert_int_equal(bs_utf8_plain(""), 0);
	assert_int_equal(bs_utf8_plain("\x1b"), 0);
	assert_int_equal(bs_utf8_plain("\xc2\x85"), 0);
	assert_int_equal(bs_utf8_plain("\xe2\x80\xae"), 0); /* right to left */
	assert_int_equal(bs_utf8_plain("\xff"), 0);
}

static void
test_cut(void **state)
{
	(void)state;
	assert_int_equal(bs_utf8_cut("abc", 3), 3);
	assert_int_equal(bs_utf8_cut("abcd", 3), 3);
	assert_int_equal(bs_utf8_cut("ab\xc3\xa4", 4), 4);
	assert_int_equal(bs_utf8_cut("ab\xc3\xa4", 3), 2);
	assert_int_equal(bs_utf8_cut("\x80\x80\x80", 2), 0);
}

static void
test_lower(void **state)
{
	char text[] = "@AZ[`az{09 \xc3\x84\xe9";

	(void)state;
	bs_utf8_lower(text);
	assert_string_equal(text, "@az[`az{09 \xc3\x84\xe9");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_lower),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
