/*
 * The end of DATA: what ends it and what is left out, and all texts up to a
 * length, of CR, LF, dots and letters: read at once they are what they are read
 * byte by byte, and what a plain reading of RFC 5321 section 4.5.2 has.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "smtpdata.h"

#define TEXT_MAX 8
#define ROOM (4 * TEXT_MAX)

/* What came out. */
struct got {
	char text[ROOM];
	size_t size;
	size_t used; /* of the input, up to the end */
	bool end;
};

/* Reads a text in steps of so many bytes. */
static void
read_all(const char *text, size_t size, size_t step, struct got *got)
{
	enum smtp_data_state state = SMTP_DATA_LINE_START;

	memset(got, 0, sizeof(*got));
	while (got->used < size && !got->end) {
		size_t some = size - got->used < step ? size - got->used : step;
		struct smtp_data_piece piece;

		got->used += smtp_data_read(
		    &state, text + got->used, some, &piece, &got->end);
		assert_true(got->size + piece.size <= sizeof(got->text));
		memcpy(got->text + got->size, piece.bytes, piece.size);
		got->size += piece.size;
	}
	/* what is held back until it is known what it is */
	if (!got->end && state == SMTP_DATA_DOT_CR)
		got->text[got->size++] = '\r';
}

static bool
is_at(const char *text, size_t size, size_t at, const char *what)
{
	return size - at >= strlen(what) &&
	       memcmp(text + at, what, strlen(what)) == 0;
}

/* The same by the letter: lines end in CRLF, a dot before them goes. */
static void
read_plainly(const char *text, size_t size, struct got *got)
{
	bool start = true;

	memset(got, 0, sizeof(*got));
	while (got->used < size) {
		if (start && is_at(text, size, got->used, ".\r\n")) {
			got->used += 3;
			got->end = true;
			return;
		}
		if (start && text[got->used] == '.') {
			got->used++;
			start = false;
			continue;
		}
		start = is_at(text, size, got->used, "\r\n");
		for (int i = 0; i < (start ? 2 : 1); i++)
			got->text[got->size++] = text[got->used++];
	}
}

static void
check_same(const char *text, size_t size, size_t step, const struct got *wanted)
{
	struct got got;

	read_all(text, size, step, &got);
	if (got.end == wanted->end && got.used == wanted->used &&
	    got.size == wanted->size &&
	    memcmp(got.text, wanted->text, got.size) == 0)
		return;
	for (size_t i = 0; i < size; i++)
		print_error("%02x ", (unsigned char)text[i]);
	fail_msg("in steps of %zu bytes: end %d, %zu used, %zu left", step,
	    got.end, got.used, got.size);
}

/* --- cases ---------------------------------------------------------------- */

static void
all_texts(void **state)
{
	static const char letters[] = {'\r', '\n', '.', 'x'};
	char text[TEXT_MAX];

	(void)state;
	for (size_t size = 1; size <= TEXT_MAX; size++) {
		for (unsigned number = 0; number < 1u << (2 * size); number++) {
			struct got wanted;

			for (size_t i = 0; i < size; i++)
				text[i] = letters[number >> (2 * i) & 3];
			read_plainly(text, size, &wanted);
			for (size_t step = 1; step <= size; step++)
				check_same(text, size, step, &wanted);
		}
	}
}

static void
ends(void **state)
{
	static const struct {
		const char *name, *text, *out;
		bool end;
	} rows[] = {
	    {"empty", ".\r\n", "", true},
	    {"a line", "x\r\n.\r\n", "x\r\n", true},
	    {"what follows is not read", "x\r\n.\r\nQUIT", "x\r\n", true},
	    {"a stuffed dot", "..\r\n.\r\n", ".\r\n", true},
	    {"stuffed before text", ".x\r\n..y\r\n.\r\n", "x\r\n.y\r\n", true},
	    {"LF.LF", "x\n.\n", "x\n.\n", false},
	    {"LF.CRLF", "x\n.\r\n", "x\n.\r\n", false},
	    {"CR.CRLF", "x\r.\r\n", "x\r.\r\n", false},
	    {"CRLF.LF", "x\r\n.\n", "x\r\n\n", false},
	    {"CRLF.CR", "x\r\n.\ry", "x\r\n\ry", false},
	    {"CRCRLF.CRLF", "x\r\r\n.\r\n", "x\r\r\n", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct got got;

		read_all(rows[i].text, strlen(rows[i].text), SIZE_MAX, &got);
		if (got.end != rows[i].end || got.size != strlen(rows[i].out) ||
		    memcmp(got.text, rows[i].out, got.size) != 0)
			fail_msg("%s", rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_texts),
	    cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
