/*
 * Patterns: what may take long is refused, what is wrong is explained, what
 * runs stays within its limits.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pattern.h"

static const struct {
	const char *pattern;
	const char *text;
	bool matches;
} rows[] = {
    {"user", "unknown user", true},
    {"^user", "unknown user", false},
    {"(?:no|unknown) user", "550 no user", true},
    {"[0-9]{3} [a-z]+ unknown", "550 user unknown", true},
    {"(?:[0-9]{1,3}\\.){3}[0-9]{1,3}", "from 192.0.2.1", true},
    {"a(?=b)", "ab", true},
    {"[]*+(]x", "*x", true},
    {"\\(+x", "((x", true},
    {"無法.{1,9}傳遞", "無法為您傳遞", true},
    {"x",
	"a\xff"
	"x",
	false}, /* no UTF-8 */
    /* words that begin alike are written by that */
    {"(?:unknown|unable|under) x", "unable x", true},
    {"(?:unknown|unable|under) x", "un x", false},
    {"(?:unknown|unable|under) x", "unaunder x", true},
    {"^(?:a|ab|abc)$", "ab", true},
    {"^(?:abc|ab|a)$", "a", true},
    {"^(?:abc|ab|a)$", "ac", false},
    {"^(?:a|a|b)$", "a", true},
    {"^(?:ü|ö|übel|ösen)$", "ösen", true},
    {"^(?:ü|ö|übel|ösen)$", "übelsen", false},
    {"^(?:ü|ö){2}$", "üö", true},
    {"[(?:a|b]c", "|c", true},
    {"^(?:a|b[cd])$", "bd", true},
    {"\\\\(?:a|ab)", ":ab)", false},
    {"^\\(?:a|b$", ":a", true},
    {"^(?:abcdefghij|abcdefghik|abcdefgx|abcdey|abcz|aby|abx)$", "abcdefghik",
	true},
    {"^(?:abcdefghij|abcdefghik|abcdefgx|abcdey|abcz|aby|abx)$", "abcdefghix",
	false},
    /* what gives nothing back keeps the first word that fits */
    {"(?>(?:abc|a|abd))x", "abdx", false},
    {"(?>(?:abc|abd|a))x", "abdx", true},
    {"(?:abc|a|abd)++x", "abdx", false},
    {"^(?:abc|a|abd)?+x", "abdx", false},
    {"(?:abc|a|abd){1}+x", "abdx", false},
};

static void
test_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pattern *pattern = NULL;
		struct bs_message message = {""};

		if (pattern_new(rows[i].pattern, &pattern, &message) != BS_OK)
			fail_msg("%s: %s", rows[i].pattern, message.text);
		if (pattern_matches(pattern, rows[i].text, strlen(rows[i].text),
			0) != rows[i].matches)
			fail_msg("%s on %s", rows[i].pattern, rows[i].text);
		pattern_free(&pattern);
		assert_null(pattern);
	}
}

static const struct {
	const char *pattern;
	const char *says;
} refused[] = {
    {"(a+)+", "may run for long"},
    {"(a*)*b", "may run for long"},
    {"(?:a|b+){2,}", "may run for long"},
    {"((a+)b)*", "may run for long"},
    {"(?:a{10,20}){30,40}", "may run for long"},
    {"(a)\\1", "may run for long"},
    {"\\k<x>", "may run for long"},
    {"(?x)(a+) +", "may run for long"},
    {"(a+\\Q)\\E)+", "may run for long"},
    {"(?R)", "may run for long"},
    {"(*LIMIT_MATCH=9)a", "may run for long"},
    {"((((((((((((((((((a))))))))))))))))))", "may run for long"},
    {"a(b", "at byte 4: missing closing parenthesis"},
    {"a)b", "at byte 2: unmatched closing parenthesis"},
    {"[a", "at byte 3: missing terminating ]"},
    {"*a", "at byte 1: quantifier does not follow"},
    {"a\\", "at byte 3"},
};

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct pattern *pattern = NULL;
		struct bs_message message = {""};

		if (pattern_new(refused[i].pattern, &pattern, &message) !=
			BS_EINVAL ||
		    strstr(message.text, refused[i].says) == NULL)
			fail_msg(
			    "%s: \"%s\"", refused[i].pattern, message.text);
		assert_null(pattern);
	}
}

static void
test_size(void **state)
{
	char text[PATTERN_SIZE_MAX + 2];
	struct pattern *pattern = NULL;
	struct bs_message message = {""};

	(void)state;
	memset(text, 'a', sizeof text);
	text[PATTERN_SIZE_MAX + 1] = '\0';
	assert_int_equal(pattern_new(text, &pattern, &message), BS_ETOOLONG);
	text[PATTERN_SIZE_MAX] = '\0';
	assert_int_equal(pattern_new(text, &pattern, &message), BS_OK);
	pattern_free(&pattern);
}

/* A piece of a text has no start or end of its own. */
static void
test_pieces(void **state)
{
	static const struct {
		const char *pattern;
		unsigned flags;
		bool matches;
	} pieces[] = {
	    {"^user", 0, true},
	    {"^user", PATTERN_NOT_START, false},
	    {"^user", PATTERN_NOT_END, true},
	    {"user$", 0, true},
	    {"user$", PATTERN_NOT_END, false},
	    {"user$", PATTERN_NOT_START, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct pattern *pattern = NULL;
		struct bs_message message = {""};

		assert_int_equal(
		    pattern_new(pieces[i].pattern, &pattern, &message), BS_OK);
		assert_int_equal(
		    pattern_matches(pattern, "user", 4, pieces[i].flags),
		    pieces[i].matches);
		pattern_free(&pattern);
	}
}

/* Many repetitions beside each other are slow too: the limit on steps ends
 * them, as no match. */
static void
test_steps(void **state)
{
	struct pattern *pattern = NULL;
	struct bs_message message = {""};
	size_t size = 64 * 1024;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', size);
	assert_int_equal(pattern_new("a*a*a*a*a*b", &pattern, &message), BS_OK);
	assert_false(pattern_matches(pattern, text, size, 0));
	pattern_free(&pattern);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_matches),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
