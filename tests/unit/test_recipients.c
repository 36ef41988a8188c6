/*
 * feeder/recipients: who is a trap, who a role, who nobody, and by what name.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "smtp_fixture.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
	const char *address;
	enum recipient_kind kind;
	const char *name;
} rows[] = {
    {"<any@trap.example>", RECIPIENT_TRAP, "any@trap.example"},
    {"<Any@TRAP.Example>", RECIPIENT_TRAP, "any@trap.example"},
    {"<any+more@trap.example>", RECIPIENT_TRAP, "any@trap.example"},
    {"<+more@trap.example>", RECIPIENT_TRAP, "+more@trap.example"},
    {"<any@sub.trap.example>", RECIPIENT_UNKNOWN, "any@sub.trap.example"},
    {"<any@xtrap.example>", RECIPIENT_UNKNOWN, "any@xtrap.example"},
    {"<single@other.example>", RECIPIENT_TRAP, "single@other.example"},
    {"<single+x@other.example>", RECIPIENT_TRAP, "single@other.example"},
    {"<other@other.example>", RECIPIENT_UNKNOWN, "other@other.example"},
    {"<x1-a@pattern.example>", RECIPIENT_TRAP, "x1-a@pattern.example"},
    {"<x-a@pattern.example>", RECIPIENT_UNKNOWN, "x-a@pattern.example"},
    {"<postmaster>", RECIPIENT_ROLE, "postmaster"},
    {"<POSTMASTER@Trap.example>", RECIPIENT_ROLE, "postmaster@trap.example"},
    {"<postmaster@other.example>", RECIPIENT_ROLE, "postmaster@other.example"},
    {"<Postmaster@Pattern.example>", RECIPIENT_ROLE,
	"postmaster@pattern.example"},
    {"<postmaster@mx.trap.example>", RECIPIENT_ROLE,
	"postmaster@mx.trap.example"},
    {"<postmaster@[192.0.2.1]>", RECIPIENT_ROLE, "postmaster@[192.0.2.1]"},
    {"<postmaster@foreign.example>", RECIPIENT_UNKNOWN,
	"postmaster@foreign.example"},
    {"<abuse@trap.example>", RECIPIENT_ROLE, "abuse@trap.example"},
    {"<abuse>", RECIPIENT_ROLE, "abuse"},
    {"<abuse@foreign.example>", RECIPIENT_UNKNOWN, "abuse@foreign.example"},
    {"<boss@else.example>", RECIPIENT_ROLE, "boss@else.example"},
    {"<boss@trap.example>", RECIPIENT_TRAP, "boss@trap.example"},
    {"<postmaster@else.example>", RECIPIENT_ROLE, "postmaster@else.example"},
    {"<any@else.example>", RECIPIENT_UNKNOWN, "any@else.example"},
    /* the configuration has it in UTF-8, or its A-labels */
    {"<any@xn--bcher-kva.example>", RECIPIENT_TRAP,
	"any@xn--bcher-kva.example"},
    {"<any@b\xc3\xbc"
     "cher.example>",
	RECIPIENT_TRAP, "any@xn--bcher-kva.example"},
    {"<Any+x@B\xc3\x9c"
     "CHER.example>",
	RECIPIENT_TRAP, "any@xn--bcher-kva.example"},
    {"<any@stra\xc3\x9f"
     "e.example>",
	RECIPIENT_TRAP, "any@xn--strae-oqa.example"},
    {"<postmaster@b\xc3\xbc"
     "cher.example>",
	RECIPIENT_ROLE, "postmaster@xn--bcher-kva.example"},
    {"<any@sub.b\xc3\xbc"
     "cher.example>",
	RECIPIENT_UNKNOWN, "any@sub.xn--bcher-kva.example"},
    {"<any@b\xc3\xbc"
     "cher.\xe2\x80\xae"
     ".example>",
	RECIPIENT_UNKNOWN,
	"any@b\xc3\xbc"
	"cher.\xe2\x80\xae"
	".example"},
    /* named with what looks like an extension */
    {"<one+two@other.example>", RECIPIENT_TRAP, "one+two@other.example"},
    {"<one+three@other.example>", RECIPIENT_UNKNOWN, "one+three@other.example"},
    {"<one@other.example>", RECIPIENT_UNKNOWN, "one@other.example"},
    {"<boss+me@else.example>", RECIPIENT_ROLE, "boss@else.example"},
    {"<head+me@else.example>", RECIPIENT_ROLE, "head+me@else.example"},
    {"<v+17-a@pattern.example>", RECIPIENT_TRAP, "v+17-a@pattern.example"},
    {"<x1-a+more@pattern.example>", RECIPIENT_TRAP, "x1-a@pattern.example"},
    {"<any>", RECIPIENT_UNKNOWN, "any"},
    {"<prvs=3007ABCDEF=single@other.example>", RECIPIENT_TRAP,
	"prvs=3007ABCDEF=single@other.example"},
    {"<prvs=3007ABCDEF=Single@Other.Example>", RECIPIENT_TRAP,
	"prvs=3007ABCDEF=Single@other.example"},
    {"<PRVS=3007abcdef=SINGLE@other.example>", RECIPIENT_TRAP,
	"PRVS=3007abcdef=SINGLE@other.example"},
    {"<prvs=single+x=3007abcdef@other.example>", RECIPIENT_TRAP,
	"prvs=single+x=3007abcdef@other.example"},
    {"<prvs=3007abcdef=other@other.example>", RECIPIENT_UNKNOWN,
	"prvs=3007abcdef=other@other.example"},
    {"<prvs=3007abcdef=abuse@trap.example>", RECIPIENT_ROLE,
	"prvs=3007abcdef=abuse@trap.example"},
};

static void
test_find(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	smtp_fixture_open(&fixture);
	for (size_t i = 0; i < ROWS(rows); i++) {
		char name[ENVELOPE_ADDRESS_MAX + 1];
		struct smtp_address address;
		enum recipient_kind kind;
		size_t used;

		assert_int_equal(smtp_address_parse(rows[i].address,
				     strlen(rows[i].address), &address, &used),
		    BS_OK);
		kind = recipients_find(fixture.recipients, &address, name);
		if (kind != rows[i].kind || strcmp(name, rows[i].name) != 0)
			fail_msg(
			    "%s: %d, %s", rows[i].address, (int)kind, name);
	}
	smtp_fixture_close(&fixture);
}

/* An address literal may have an @ too, and is no domain that has tags: the local
 * part ends where it ended in the command, however long the literal is. */
static void
test_literals(void **state)
{
	static struct smtp_fixture fixture;
	static const char *const locals[] = {"prvs=3007abcdef=a", "prvs=a",
	    "postmaster",
	    "prvs=3007abcdef=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	static const char *const ends[] = {"", "@", "=3007abcdef@", "@x"};

	(void)state;
	smtp_fixture_open(&fixture);
	for (size_t i = 0; i < ROWS(locals) * ROWS(ends); i++) {
		const char *local = locals[i % ROWS(locals)];
		const char *end = ends[i / ROWS(locals)];

		for (int size = 1; size + strlen(end) + 2 <= SMTP_DOMAIN_MAX;
		     size++) {
			char text[1024], name[ENVELOPE_ADDRESS_MAX + 1];
			struct smtp_address address;
			enum recipient_kind kind;
			size_t used;

			(void)snprintf(text, sizeof(text), "%s@[%0*d%s]", local,
			    size, 1, end);
			assert_int_equal(smtp_address_parse(text, strlen(text),
					     &address, &used),
			    BS_OK);
			kind =
			    recipients_find(fixture.recipients, &address, name);
			assert_int_equal(kind, strcmp(local, "postmaster") == 0
						   ? RECIPIENT_ROLE
						   : RECIPIENT_UNKNOWN);
			if (strchr(end, '@') != NULL)
				assert_string_equal(name, text);
		}
	}
	smtp_fixture_close(&fixture);
}

static const struct {
	const char *pattern, *text;
	bool want;
} pattern_rows[] = {
    {"a@b", "a@b", true},
    {"a@b", "a@bc", false},
    {"*@b", "x@b", true},
    {"*@b", "@b", true},
    {"?@b", "@b", false},
    {"*a*b*", "xxaxxbxx", true},
    {"*a*b*", "xxbxxaxx", false},
    {"*@*.trap.example", "a@b.trap.example", true},
    {"*@*.trap.example", "a@trap.example", false},
    {"**", "", true},
    {"", "", true},
    {"", "a", false},
    {"*aaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};

static void
test_patterns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(pattern_rows); i++) {
		if (recipients_fits(pattern_rows[i].pattern,
			pattern_rows[i].text) != pattern_rows[i].want)
			fail_msg("%s, %s", pattern_rows[i].pattern,
			    pattern_rows[i].text);
	}
}

static void
test_envelope(void **state)
{
	struct envelope envelope = {0}, copy;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(
		    envelope_add(&envelope, "a@b",
			i % 4 == 0 ? RECIPIENT_ROLE : RECIPIENT_TRAP),
		    BS_OK);
	assert_int_equal(envelope_copy(&envelope, &copy), BS_OK);
	envelope_reset(&envelope);
	assert_int_equal(envelope.recipient_count, 0);
	assert_int_equal(copy.recipient_count, 100);
	assert_int_equal(copy.trap_count, 75);
	assert_int_equal(copy.role_count, 25);
	assert_string_equal(copy.recipient[99].address, "a@b");
	envelope_reset(&copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_literals),
	    cmocka_unit_test(test_patterns),
	    cmocka_unit_test(test_envelope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
