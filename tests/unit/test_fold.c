/*
 * Folding: two spellings of a phrase become the same bytes, never more than
 * there were, whatever the bytes are.
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
#include "fold.h"

static const struct {
	const char *name;
	const char *text;
	const char *want;
} rows[] = {
    {"nothing", "", ""},
    {"upper case", "Mail DELIVERY failed", "mail delivery failed"},
    {"umlauts", "RÜCKLÄUFER für Größe", "rucklaufer fur grosse"},
    {"capital sharp s", "GRO\xe1\xba\x9e", "gross"},
    {"ligatures", "Æon œuvre", "aeon oeuvre"},
    {"strokes", "Łódź ikke på kontoret Øre đ", "lodz ikke pa kontoret ore d"},
    {"combining marks", "re\xcc\x81ponse", "reponse"},
    {"Turkish i", "DIŞINDA dışında İletildi", "disinda disinda iletildi"},
    {"Greek", "ΆΓΝΩΣΤΟΣ άγνωστος", "αγνωστοσ αγνωστοσ"},
    {"Cyrillic", "НЕДОСТАВЛЕННОЕ ещё Й", "недоставленное еще и"},
    {"Vietnamese", "Không gửi được", "khong gui duoc"},
    {"Arabic marks", "رَدّ أ آ", "رد ا ا"},
    {"CJK stays", "配信できません 退信 배달", "配信できません 退信 배달"},
    {"full width", "Ｆａｉｌｅｄ　５５０！", "failed 550!"},
    {"quotes and dashes", "“don’t” – a—b", "\"don't\" - a-b"},
    {"blanks",
	"a\xc2\xa0"
	"b\xe2\x80\x83"
	"c",
	"a b c"},
    {"no width",
	"vi\xc2\xad"
	"ag\xe2\x80\x8bra\xef\xbb\xbf",
	"viagra"},
    {"bad bytes", "a\xff\xc3(\xe2\x82",
	"a??"
	"(??"},
    {"surrogate", "\xed\xa0\x80", "???"},
    {"beyond the first plane", "a\xf0\x9f\x98\x80", "a\xf0\x9f\x98\x80"},
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char folded[128];
		size_t size = strlen(rows[i].text);
		size_t got = fold_text(rows[i].text, size, folded);

		if (strcmp(folded, rows[i].want) != 0 ||
		    got != strlen(folded) || got > size)
			fail_msg("%s: \"%s\"", rows[i].name, folded);
	}
}

static void
test_nul(void **state)
{
	char text[] = "a\0B";

	(void)state;
	assert_int_equal(fold_text(text, 3, text), 3);
	assert_string_equal(text, "a b");
}

/* No character grows, folding twice is folding once: for all of the first
 * two planes. */
static void
test_every_character(void **state)
{
	(void)state;
	for (uint32_t code = 0x80; code < 0x20000; code++) {
		char text[5] = {0}, once[5], twice[5];
		size_t size = 0, got;

		if (code >= 0xd800 && code < 0xe000)
			continue;
		if (code < 0x800) {
			text[size++] = (char)(0xc0 | code >> 6);
		} else if (code < 0x10000) {
			text[size++] = (char)(0xe0 | code >> 12);
			text[size++] = (char)(0x80 | (code >> 6 & 0x3f));
		} else {
			text[size++] = (char)(0xf0 | code >> 18);
			text[size++] = (char)(0x80 | (code >> 12 & 0x3f));
			text[size++] = (char)(0x80 | (code >> 6 & 0x3f));
		}
		text[size++] = (char)(0x80 | (code & 0x3f));
		got = fold_text(text, size, once);
		(void)fold_text(once, got, twice);
		if (got > size || strcmp(once, twice) != 0)
			fail_msg("U+%04X: \"%s\", \"%s\"", code, once, twice);
	}
}

static void
test_blanks(void **state)
{
	char text[] = " \t a \r\n b\t";
	char none[] = " \n ";

	(void)state;
	assert_int_equal(fold_blanks(text, text), 4);
	assert_string_equal(text, "a b ");
	assert_int_equal(fold_blanks(none, none), 0);
}

/* Byte by byte, as fold_blanks says. */
static void
plain_blanks(const char *text, char *to)
{
	bool blank = true;

	for (; *text != '\0'; text++) {
		bool is_blank = strchr(" \t\n\v\f\r", *text) != NULL;

		if (!is_blank || !blank)
			*to++ = is_blank ? ' ' : *text;
		blank = is_blank;
	}
	*to = '\0';
}

/* Words of eight bytes are no other than single ones. */
static void
test_random_blanks(void **state)
{
	unsigned random = 1;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		char text[64], want[64];
		size_t size = (size_t)round % 60;

		random_text(&random,
		    "abcde\x01\xa0\x80 fghij klmn\xff  \topqrst\n", text, size);
		plain_blanks(text, want);
		assert_int_equal(fold_blanks(text, text), strlen(want));
		assert_string_equal(text, want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_every_character),
	    cmocka_unit_test(test_blanks),
	    cmocka_unit_test(test_random_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
