/*
 * The limits on what GMime may see: each at its value and one past it, and
 * line ends of all kinds.
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

#include "bounds.h"

/* A message made of a head, a piece many times over, and a tail. */
struct row {
	const char *name;
	const char *head, *piece, *tail;
	size_t times;
	const char *cut; /* contains; NULL: nothing is cut */
	size_t size_max; /* of what is left */
};

#define SAFE_SIZE SIZE_MAX

static const struct row rows[] = {
    {"a line", "\n", "a", "", BOUNDS_LINE_MAX, NULL, SAFE_SIZE},
    {"no name", "", "a", "", BOUNDS_NAME_MAX, NULL, SAFE_SIZE},
    {"a name too long", "", "a", "", BOUNDS_NAME_MAX + 1, "name of a header",
	0},
    {"a line too long", "\n", "a", "", BOUNDS_LINE_MAX + 1, "line is longer",
	BOUNDS_LINE_MAX + 2},
    {"one line of 30 MB", "\n", "a", "", (size_t)30 << 20, "line is longer",
	BOUNDS_LINE_MAX + 2},
    {"a field", "X:", "\n 89012345", "", BOUNDS_FIELD_MAX / 9 - 1, NULL,
	SAFE_SIZE},
    {"a field too long", "X:", "\n 89012345", "", BOUNDS_FIELD_MAX / 9 + 1,
	"field is longer", BOUNDS_FIELD_MAX + 8192},
    {"headers", "", "X-Y: z\n", "\n", BOUNDS_HEADER_COUNT_MAX, NULL, SAFE_SIZE},
    {"too many headers", "", "X-Y: z\n", "\n", BOUNDS_HEADER_COUNT_MAX + 1,
	"1000 header fields", BOUNDS_HEADER_COUNT_MAX * 7 + 2},
    {"a million headers", "", "X-Y: z\n", "\n", 1000000, "header fields",
	BOUNDS_HEADER_COUNT_MAX * 7 + 2},
    {"groups", "To: ", "g:", ";\n\n", BOUNDS_ADDRESS_COLONS_MAX - 1, NULL,
	SAFE_SIZE},
    {"too many groups", "To: ", "g:", ";\n\n", BOUNDS_ADDRESS_COLONS_MAX,
	"groups", 4 + 2 * BOUNDS_ADDRESS_COLONS_MAX + 2},
    {"150 KB of groups", "To: ", "g:", ";\n\n", 75000, "", 512},
    {"groups in folded lines", "Cc: a\n", " g:\n", "\n", 5000, "groups", 20000},
    {"groups in a part's header", "A: b\n\n--x\nFrom: ", "g:", "\n\n", 500,
	"groups", 512},
    {"parts", "", "--x\n", "", BOUNDS_PARTS_MAX, NULL, SAFE_SIZE},
    {"too many parts", "", "--x\n", "", BOUNDS_PARTS_MAX + 1, "parts",
	BOUNDS_PARTS_MAX * 4},
    {"100,000 parts", "", "--x\n", "", 100000, "parts", BOUNDS_PARTS_MAX * 4},
    {"depth", "", "Content-Type: message/rfc822\n\n", "", BOUNDS_DEPTH_MAX,
	NULL, SAFE_SIZE},
    {"too deep", "", "Content-Type: message/rfc822\n\n", "",
	BOUNDS_DEPTH_MAX + 1, "nested", BOUNDS_DEPTH_MAX * 30},
    {"too many multiparts", "",
	"Content-Type: multipart/mixed;\n BOUNDARY=a"
	"\n\n--a\n",
	"", BOUNDS_DEPTH_MAX + 1, "nested", BOUNDS_DEPTH_MAX * 60},
    {"a big body", "A: b\n\n", "012345678901234567890123456789\n", "",
	BOUNDS_READ_MAX / 31 - 1, NULL, SAFE_SIZE},
    {"a body too big", "A: b\n\n", "012345678901234567890123456789\n", "",
	BOUNDS_READ_MAX / 31 + 1, "longer than 8 MB", BOUNDS_READ_MAX},
    {"headers of many parts", "--x\n", "A: b\nA: b\n--x\n", "", 1999, NULL,
	SAFE_SIZE},
};

static char *
build(const struct row *row, size_t *size_r)
{
	size_t head = strlen(row->head), piece = strlen(row->piece);
	size_t tail = strlen(row->tail);
	char *bytes = malloc(head + piece * row->times + tail + 1);

	assert_non_null(bytes);
	memcpy(bytes, row->head, head);
	for (size_t i = 0; i < row->times; i++)
		memcpy(bytes + head + i * piece, row->piece, piece);
	memcpy(bytes + head + piece * row->times, row->tail, tail);
	*size_r = head + piece * row->times + tail;
	return bytes;
}

static void
test_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bounds_result result;
		size_t size;
		char *bytes = build(&rows[i], &size);

		assert_true(bounds_apply(bytes, size, &result));
		if ((rows[i].cut == NULL) != (result.cut == NULL) ||
		    (result.cut != NULL &&
			strstr(result.cut, rows[i].cut) == NULL) ||
		    result.size > rows[i].size_max)
			fail_msg("%s: %s, %zu bytes left", rows[i].name,
			    result.cut != NULL ? result.cut : "not cut",
			    result.size);
		if (rows[i].cut == NULL && result.size < size)
			fail_msg("%s: %zu of %zu bytes left", rows[i].name,
			    result.size, size);
		free(result.bytes);
		free(bytes);
	}
}

static const struct {
	const char *name, *bytes, *result;
} ends[] = {
    {"LF", "a\nb\n", "a\nb\n"},
    {"CRLF", "a\r\nb\r\n", "a\nb\n"},
    {"CR", "a\rb\r", "a\nb\n"},
    {"no end", "a\nb", "a\nb\n"},
    {"two CRs", "a\r\r\nb", "a\nb\n"},
    {"CR within", "a\rb\nc", "a\rb\nc\n"},
    {"empty lines", "a\r\n\r\n\r\nb", "a\n\n\nb\n"},
    {"CR, empty lines", "a\r\rb", "a\n\nb\n"},
    {"nothing", "", ""},
};

static void
test_line_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct bounds_result result;

		assert_true(bounds_apply(
		    ends[i].bytes, strlen(ends[i].bytes), &result));
		if (result.size != strlen(ends[i].result) ||
		    memcmp(result.bytes, ends[i].result, result.size) != 0)
			fail_msg("%s: %.*s", ends[i].name, (int)result.size,
			    result.bytes);
		free(result.bytes);
	}
}

static void
test_nul_bytes_go(void **state)
{
	struct bounds_result result;

	(void)state;
	assert_true(bounds_apply("a\0b\n\0\0c", 7, &result));
	assert_int_equal(result.size, 5);
	assert_memory_equal(result.bytes, "ab\nc\n", 5);
	free(result.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_line_ends),
	    cmocka_unit_test(test_nul_bytes_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
