/*
 * Header blocks: fields as they stand there, and lines that are none.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "header.h"

struct row {
	const char *name;
	const char *block;
	const char *fields; /* each as [name|value] */
	const char *rest;   /* where the reader stands at the end */
	bool wrong;
};

static const struct row rows[] = {
    {"fields", "A: b\nC:d\n\nbody\n", "[A| b][C|d]", "\nbody\n", false},
    {"no body", "A: b\n", "[A| b]", "", false},
    {"no last line end", "A: b", "[A| b]", "", false},
    {"no value", "A:\nB:", "[A|][B|]", "", false},
    {"none", "\nbody\n", "", "\nbody\n", false},
    {"nothing", "", "", "", false},
    {"folds", "A: b\n c\n\td\nE: f\n\n", "[A| b\n c\n\td][E| f]", "\n", false},
    {"a line of blanks continues", "A: b\n  \nC: d\n\n", "[A| b\n  ][C| d]",
	"\n", false},
    {"blanks before the colon", "A \t: b\n\n", "[A| b]", "\n", false},
    {"bytes that are no ASCII", "\xe4: \xf6\n\n", "[\xe4| \xf6]", "\n", false},
    {"a line that is none", "A: b\nno field\nC: d\n\n", "[A| b][C| d]", "\n",
	true},
    {"and what continues it", "A: b\nno\n: x\n  y\nC: d\n\n", "[A| b][C| d]",
	"\n", true},
    {"a control character", "A: b\nC\x01: d\n\n", "[A| b]", "\n", true},
    {"no header at all", "no field\nA: b\n\n", "", "no field\nA: b\n\n", false},
    {"a fold first", " a: b\nA: b\n\n", "", " a: b\nA: b\n\n", false},
};

static void
read_row(const struct row *row)
{
	struct header_reader reader =
	    header_start(row->block, strlen(row->block));
	struct header_field field;
	char text[1000] = "";
	size_t used = 0;

	while (header_next(&reader, &field)) {
		used += (size_t)snprintf(text + used, sizeof text - used,
		    "[%.*s|%.*s]", (int)field.name_size, field.name,
		    (int)field.value_size, field.value);
		assert_true(field.end == reader.next);
	}
	if (strcmp(text, row->fields) != 0 ||
	    strcmp(reader.next, row->rest) != 0 || reader.wrong != row->wrong)
		fail_msg("%s: %s, rest %s", row->name, text, reader.next);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		read_row(&rows[i]);
}

static void
test_body(void **state)
{
	static const char block[] = "A: b\n\nbody\n";
	struct header_reader reader = header_start(block, sizeof block - 1);
	struct header_field field;

	(void)state;
	assert_true(header_next(&reader, &field));
	assert_false(header_next(&reader, &field));
	assert_string_equal(header_body(&reader), "body\n");
	reader = header_start(block, 5);
	assert_true(header_next(&reader, &field));
	assert_false(header_next(&reader, &field));
	assert_ptr_equal(header_body(&reader), block + 5);
}

static void
test_from_lines(void **state)
{
	static const char block[] = "From x\n>From y z\nFrom: a\n\n";
	struct header_reader reader = header_start(block, sizeof block - 1);
	struct header_field field;

	(void)state;
	header_skip_from(&reader);
	assert_true(header_next(&reader, &field));
	assert_true(header_is(&field, "FROM"));
	assert_false(header_is(&field, "FRO"));
	reader = header_start("From x", 6);
	header_skip_from(&reader);
	assert_false(header_next(&reader, &field));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_body),
	    cmocka_unit_test(test_from_lines),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
