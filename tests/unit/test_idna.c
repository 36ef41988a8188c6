/*
 * lib/idna: domains in UTF-8 and what DNS calls them.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "error.h"
#include "idna.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10

static void
domains(void **state)
{
	static const struct {
		const char *domain, *ascii; /* NULL: none */
	} rows[] = {
	    {"", ""},
	    {"trap.example", "trap.example"},
	    {"Trap.Example", "Trap.Example"},
	    {"xn--bcher-kva.example", "xn--bcher-kva.example"},
	    /* not checked: that is somebody else's */
	    {"a b..c", "a b..c"},
	    {"b\xc3\xbc"
	     "cher.example",
		"xn--bcher-kva.example"},
	    {"B\xc3\x9c"
	     "CHER.Example",
		"xn--bcher-kva.example"},
	    /* u and a diaeresis of its own */
	    {"bu\xcc\x88"
	     "cher.example",
		"xn--bcher-kva.example"},
	    {"stra\xc3\x9f"
	     "e.example",
		"xn--strae-oqa.example"},
	    {"\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
		"xn--r8jz45g.xn--zckzah"},
	    /* a dot of another script */
	    {"b\xc3\xbc"
	     "cher\xe3\x80\x82"
	     "example",
		"xn--bcher-kva.example"},
	    /* nor is what stands between its dots */
	    {"b\xc3\xbc"
	     "cher..example",
		"xn--bcher-kva..example"},
	    /* none */
	    {"b\xc3\xbc cher.example", NULL},
	    {"b\xc3", NULL},
	    {"\xff.example", NULL},
	    {"b\xc3\xbc"
	     "cher@example",
		NULL},
	    {"\xe2\x80\xae"
	     "abc.example",
		NULL},
	    {X60 "\xc3\xbc.example", NULL},
	};
	char ascii[BS_IDNA_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int rc = bs_idna_ascii(rows[i].domain, ascii);

		if (rc != (rows[i].ascii == NULL ? BS_EINVAL : BS_OK))
			fail_msg("%s: %d", rows[i].domain, rc);
		if (rc == BS_OK)
			assert_string_equal(ascii, rows[i].ascii);
	}
}

/* Labels of one letter that is not ASCII and one that is, from `start` to `end`. */
static void
fill_labels(char *domain, size_t start, size_t end)
{
	static const char label[] = "\xc3\xbc"
				    "b.";

	for (size_t i = start; i < end; i += sizeof label - 1)
		memcpy(domain + i, label, sizeof label);
}

static void
long_domains(void **state)
{
	char domain[2000] = "", ascii[BS_IDNA_MAX + 1];

	(void)state;
	memset(domain, 'a', BS_IDNA_MAX + 1);
	assert_int_equal(bs_idna_ascii(domain, ascii), BS_EINVAL);
	domain[BS_IDNA_MAX] = '\0';
	assert_int_equal(bs_idna_ascii(domain, ascii), BS_OK);
	assert_int_equal(strlen(ascii), BS_IDNA_MAX);
	fill_labels(domain, 0, 1000);
	assert_int_equal(bs_idna_ascii(domain, ascii), BS_EINVAL);
	fill_labels(domain, 1000, 1900);
	assert_int_equal(bs_idna_ascii(domain, ascii), BS_EINVAL);
}

static void
addresses(void **state)
{
	char ascii[24];

	(void)state;
	assert_int_equal(bs_idna_ascii_address("a@b\xc3\xbc"
					       "cher.de",
			     ascii, sizeof ascii),
	    BS_OK);
	assert_string_equal(ascii, "a@xn--bcher-kva.de");
	assert_int_equal(
	    bs_idna_ascii_address("\xc3\xbc@trap.de", ascii, sizeof ascii),
	    BS_OK);
	assert_string_equal(ascii, "\xc3\xbc@trap.de");
	assert_int_equal(
	    bs_idna_ascii_address("abuse", ascii, sizeof ascii), BS_OK);
	assert_string_equal(ascii, "abuse");
	assert_int_equal(
	    bs_idna_ascii_address("a@\xff", ascii, sizeof ascii), BS_EINVAL);
	/* at the room that there is, and one past it */
	assert_int_equal(bs_idna_ascii_address("a12345@b\xc3\xbc"
					       "cher.de",
			     ascii, sizeof ascii),
	    BS_OK);
	assert_int_equal(strlen(ascii), sizeof ascii - 1);
	assert_int_equal(bs_idna_ascii_address("a123456@b\xc3\xbc"
					       "cher.de",
			     ascii, sizeof ascii),
	    BS_ETOOLONG);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(domains),
	    cmocka_unit_test(long_domains),
	    cmocka_unit_test(addresses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
