/*
 * Content-Type and Content-Disposition: what is plain, and what is not.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "typefield.h"

struct row {
	const char *value;
	const char *read; /* "TYPE SUBTYPE name=value;..."; NULL: not plain */
};

static const struct row types[] = {
    {"text/plain", "text plain"},
    {" text/plain \t", "text plain"},
    {"text/plain;", "text plain"},
    {"text/plain;\n charset=utf-8", "text plain charset=utf-8;"},
    {"a/b; c=d ; e=\"f g\"", "a b c=d;e=f g;"},
    {"a/b;c=\"d/e=f?\"", "a b c=d/e=f?;"},
    {"a/b; c=d;;", NULL},
    {"text", NULL},
    {"text/", NULL},
    {"/plain", NULL},
    {"text /plain", NULL},
    {"text/plain charset=x", NULL},
    {"text/plain; charset", NULL},
    {"text/plain; charset =x", NULL},
    {"text/plain; charset= x", NULL},
    {"text/plain; charset=\"\"", NULL},
    {"text/plain; charset=\"x", NULL},
    {"text/plain; charset=\" x\"", NULL},
    {"text/plain; charset=\"x \"", NULL},
    {"text/plain; charset=\"a\\b\"", NULL},
    {"text/plain; name=\"=?utf-8?q?a?=\"", NULL},
    {"text/plain; name*=utf-8''a", NULL},
    {"text/plain; name=\"\xe4\"", NULL},
    {"text/plain; name=a/b", NULL},
    {"text/plain; a=b; A=c", NULL},
    {"text/plain (comment)", NULL},
    {"text/pl\xe4in", NULL},
    {"", NULL},
};

static void
read_row(const struct row *row, bool is_type)
{
	struct typefield field;
	char text[200] = "";
	size_t used = 0;
	bool plain = is_type ? typefield_read_type(
				   row->value, strlen(row->value), &field)
			     : typefield_read_disposition(
				   row->value, strlen(row->value), &field);

	if (plain != (row->read != NULL))
		fail_msg("%s: %s", row->value, plain ? "plain" : "not plain");
	if (!plain)
		return;
	used = (size_t)snprintf(text, sizeof text, "%.*s %.*s%s",
	    (int)field.type.size, field.type.text, (int)field.subtype.size,
	    field.subtype.size > 0 ? field.subtype.text : "",
	    field.parameter_count > 0 ? " " : "");
	for (size_t i = 0; i < field.parameter_count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
		    "%.*s=%.*s;", (int)field.parameter[i].name.size,
		    field.parameter[i].name.text,
		    (int)field.parameter[i].value.size,
		    field.parameter[i].value.text);
	assert_string_equal(text, row->read);
}

static void
test_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		read_row(&types[i], true);
}

static void
test_dispositions(void **state)
{
	static const struct row rows[] = {
	    {"attachment; filename=\"a b.exe\"",
		"attachment  filename=a b.exe;"},
	    {"inline", "inline "},
	    {"attachment/x", NULL},
	    {"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		read_row(&rows[i], false);
}

/* "a/b; p0=v; p1=v ..." */
static bool
reads_parameters(size_t count)
{
	struct typefield field;
	char value[400];
	size_t used = (size_t)snprintf(value, sizeof value, "a/b");

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(
		    value + used, sizeof value - used, "; p%zu=v", i);
	return typefield_read_type(value, used, &field) &&
	       field.parameter_count == count;
}

static void
test_find(void **state)
{
	static const char value[] = "a/b; Charset=x; name=y";
	struct typefield field;

	(void)state;
	assert_true(typefield_read_type(value, sizeof value - 1, &field));
	assert_true(typefield_is(typefield_find(&field, "charset"), "x"));
	assert_true(typefield_is(typefield_find(&field, "name"), "y"));
	assert_int_equal(typefield_find(&field, "boundary").size, 0);
	assert_true(reads_parameters(TYPEFIELD_PARAMETERS_MAX));
	assert_false(reads_parameters(TYPEFIELD_PARAMETERS_MAX + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_dispositions),
	    cmocka_unit_test(test_find),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("typefield", tests, NULL, NULL);
}
