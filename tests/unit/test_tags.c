/* Tags before a subject. */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tags.h"

static const struct row {
	const char *text, *behind;
} rows[] = {
    {"", ""},
    {"offer", "offer"},
    {"[dev] offer", "offer"},
    {"[ticket 4711]  offer", "offer"},
    {"[ext] [spam?] offer", "offer"},
    {"[open offer", "[open offer"},
    {"[]", ""},
    {"{spam?} offer", "offer"},
    {"{} offer", "offer"},
    {"{123456789012345678901234} x", "x"},
    {"{1234567890123456789012345} x", "{1234567890123456789012345} x"},
    {"***123456789012345678901234*** x", "x"},
    {"***1234567890123456789012345*** x", "***1234567890123456789012345*** x"},
    {"***spam*** offer", "offer"},
    {"*****spam***** offer", "offer"},
    {"*** offer", "*** offer"},
    {"***", "***"},
    {"(ext) offer", "offer"},
    {"(next) offer", "(next) offer"},
    {"external: [dev] re: offer", "re: offer"},
    {"externally: offer", "externally: offer"},
    {"spam: offer", "offer"},
};

static void
test_skip(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *behind = tags_skip(rows[i].text);

		if (strcmp(behind, rows[i].behind) != 0)
			fail_msg("%s: %s", rows[i].text, behind);
	}
}

static void
test_first(void **state)
{
	(void)state;
	assert_int_equal(tags_first("[a] [b] c"), 4);
	assert_int_equal(tags_first("c"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_skip),
	    cmocka_unit_test(test_first),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
