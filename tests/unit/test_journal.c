/*
 * Journal records: round trips, truncation at every length, fields that can't
 * be, limits.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "bytes_fixture.h"
#include "error.h"
#include "journal.h"

static struct bs_journal_entry
sample(enum bs_journal_kind kind, const char *prefix, const char *actor,
    const char *reason)
{
	struct bs_journal_entry entry = {.number = 77, .kind = kind};

	entry.time_s = 0x01020304;
	if (kind == BS_JOURNAL_CHANGE) {
		entry.prefix = prefix_of(prefix);
		entry.old_classes = BS_BOUNCE;
		entry.new_classes = BS_BOUNCE | BS_VIRUS;
	}
	strcpy(entry.actor, actor);
	strcpy(entry.reason, reason);
	return entry;
}

static void
round_trips(void **state)
{
	char actor[BS_JOURNAL_ACTOR_MAX + 1] = {0};
	char reason[BS_JOURNAL_REASON_MAX + 1] = {0};
	const struct {
		enum bs_journal_kind kind;
		const char *prefix, *actor, *reason;
		size_t size;
	} rows[] = {
	    {BS_JOURNAL_CHANGE, "192.0.2.1", "feeder", "sighting",
		12 + 4 + 6 + 8},
	    {BS_JOURNAL_CHANGE, "2001:db8::/32", "", "", 12 + 16},
	    {BS_JOURNAL_CHANGE, "2001:db8::/64", actor, reason,
		12 + 16 + BS_JOURNAL_ACTOR_MAX + BS_JOURNAL_REASON_MAX},
	    {BS_JOURNAL_RESET, NULL, "backstopd", "zone bl.example",
		12 + 9 + 15},
	};

	(void)state;
	memset(actor, 'a', sizeof(actor) - 1);
	memset(reason, 'r', sizeof(reason) - 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_journal_entry in = sample(rows[i].kind,
		    rows[i].prefix, rows[i].actor, rows[i].reason);
		struct bs_journal_entry out;
		uint8_t value[BS_JOURNAL_VALUE_MAX];
		size_t size = bs_journal_encode(&in, value);

		assert_int_equal(size, rows[i].size);
		assert_int_equal(
		    bs_journal_decode(77, value, size, &out), BS_OK);
		assert_int_equal(out.number, 77);
		assert_int_equal(out.kind, in.kind);
		assert_int_equal(out.time_s, in.time_s);
		assert_memory_equal(&out.prefix, &in.prefix, sizeof(in.prefix));
		assert_int_equal(out.old_classes, in.old_classes);
		assert_int_equal(out.new_classes, in.new_classes);
		assert_string_equal(out.actor, in.actor);
		assert_string_equal(out.reason, in.reason);
	}
}

static void
truncated_at_every_length(void **state)
{
	struct bs_journal_entry in =
	    sample(BS_JOURNAL_CHANGE, "2001:db8::/64", "feeder", "sighting");
	struct bs_journal_entry out;
	uint8_t value[BS_JOURNAL_VALUE_MAX + 1] = {0};
	size_t size = bs_journal_encode(&in, value);

	(void)state;
	for (size_t cut = 0; cut <= size + 1; cut++) {
		uint8_t *exact = exact_copy(value, cut);

		assert_int_equal(bs_journal_decode(1, exact, cut, &out),
		    cut == size ? BS_OK : BS_ECORRUPT);
		free(exact);
	}
}

static void
fields_that_cannot_be(void **state)
{
	static const struct {
		const char *name;
		enum bs_journal_kind kind;
		size_t at;
		uint8_t byte;
		int error;
	} rows[] = {
	    {"version 0", BS_JOURNAL_CHANGE, 0, 0, BS_EVERSION},
	    {"version 2", BS_JOURNAL_CHANGE, 0, 2, BS_EVERSION},
	    {"kind 0", BS_JOURNAL_CHANGE, 1, 0, BS_ECORRUPT},
	    {"kind 3", BS_JOURNAL_CHANGE, 1, 3, BS_ECORRUPT},
	    {"a reset with a prefix", BS_JOURNAL_CHANGE, 1, BS_JOURNAL_RESET,
		BS_ECORRUPT},
	    {"a change without one", BS_JOURNAL_RESET, 1, BS_JOURNAL_CHANGE,
		BS_ECORRUPT},
	    {"actor too long", BS_JOURNAL_CHANGE, 6, BS_JOURNAL_ACTOR_MAX + 1,
		BS_ECORRUPT},
	    {"reason too long", BS_JOURNAL_CHANGE, 7, BS_JOURNAL_REASON_MAX + 1,
		BS_ECORRUPT},
	    {"family 5", BS_JOURNAL_CHANGE, 8, 5, BS_ECORRUPT},
	    {"/33", BS_JOURNAL_CHANGE, 9, 33, BS_ECORRUPT},
	    {"host bits", BS_JOURNAL_CHANGE, 9, 31, BS_ECORRUPT},
	    {"old classes", BS_JOURNAL_CHANGE, 10, 1, BS_ECORRUPT},
	    {"new classes", BS_JOURNAL_CHANGE, 11, 2, BS_ECORRUPT},
	    {"a reset with classes", BS_JOURNAL_RESET, 11, BS_BOUNCE,
		BS_ECORRUPT},
	    {"NUL in the actor", BS_JOURNAL_RESET, 12, 0, BS_ECORRUPT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_journal_entry in =
		    sample(rows[i].kind, "192.0.2.1", "feeder", "sighting");
		struct bs_journal_entry out;
		uint8_t value[BS_JOURNAL_VALUE_MAX];
		size_t size = bs_journal_encode(&in, value);

		value[rows[i].at] = rows[i].byte;
		if (bs_journal_decode(1, value, size, &out) != rows[i].error)
			fail_msg("%s", rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trips),
	    cmocka_unit_test(truncated_at_every_length),
	    cmocka_unit_test(fields_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
