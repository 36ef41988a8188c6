/*
 * Exemption records: round trips, truncation at every length, fields that
 * can't be.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "error.h"
#include "exemption.h"

static const struct bs_prefix any = {
    .addr = {.family = BS_IPV4, .octet = {192, 0, 2}}, .bits = 24};

static void
round_trips(void **state)
{
	struct bs_exemption in[3] = {
	    {.prefix = any, .by = BS_EXEMPT_CONFIG},
	    {.prefix = any,
		.by = BS_EXEMPT_COMMAND,
		.since_s = UINT32_MAX,
		.actor = "operator:alice",
		.reason = "our own"},
	    {.prefix = any, .by = BS_EXEMPT_ALL, .since_s = 1},
	};

	(void)state;
	memset(in[2].actor, 'a', BS_JOURNAL_ACTOR_MAX);
	memset(in[2].reason, 'r', BS_EXEMPTION_REASON_MAX);
	for (size_t i = 0; i < 3; i++) {
		uint8_t value[BS_EXEMPTION_VALUE_MAX];
		struct bs_exemption out;
		size_t size = bs_exemption_encode(&in[i], value);

		for (size_t cut = 0; cut <= size; cut++) {
			/* of exactly that size: a sanitizer sees more */
			uint8_t *copy = malloc(cut + (cut == 0));

			assert_non_null(copy);
			memcpy(copy, value, cut);
			assert_int_equal(
			    bs_exemption_decode(&any, copy, cut, &out),
			    cut == size ? BS_OK : BS_ECORRUPT);
			free(copy);
		}
		/* not as memory: there is padding between them */
		assert_int_equal(
		    bs_prefix_compare(&in[i].prefix, &out.prefix), 0);
		assert_int_equal(in[i].by, out.by);
		assert_int_equal(in[i].since_s, out.since_s);
		assert_string_equal(in[i].actor, out.actor);
		assert_string_equal(in[i].reason, out.reason);
		if (i == 2)
			assert_int_equal(size, sizeof(value));
	}
}

static void
what_cannot_be(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint8_t byte;
		int error;
	} rows[] = {
	    {"version", 0, 2, BS_EVERSION},
	    {"by nobody", 1, 0, BS_ECORRUPT},
	    {"by somebody else", 1, 4, BS_ECORRUPT},
	    {"long actor", 6, BS_JOURNAL_ACTOR_MAX + 1, BS_ECORRUPT},
	    {"actor too long for the record", 6, 3, BS_ECORRUPT},
	    {"long reason", 7, BS_EXEMPTION_REASON_MAX + 1, BS_ECORRUPT},
	    {"NUL in the actor", 8, 0, BS_ECORRUPT},
	};
	const struct bs_exemption in = {
	    .by = BS_EXEMPT_COMMAND, .actor = "ab", .reason = "cd"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t value[BS_EXEMPTION_VALUE_MAX];
		struct bs_exemption out;
		size_t size = bs_exemption_encode(&in, value);

		value[rows[i].at] = rows[i].byte;
		if (bs_exemption_decode(&any, value, size, &out) !=
		    rows[i].error)
			fail_msg("%s", rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trips),
	    cmocka_unit_test(what_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
