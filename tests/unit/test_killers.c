/*
 * Messages that judges died of: known again by what they begin with and how large
 * they are, so many of them and no more.
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

#include "killers.h"

/* A message of so many bytes, of which the one at `at` differs. */
static struct spool *
make(size_t size, size_t at)
{
	struct spool *spool = spool_new("/tmp");

	assert_non_null(spool);
	for (size_t i = 0; i < size; i++) {
		char byte = i == at ? '!' : (char)('a' + i % 26);

		assert_int_equal(spool_add(spool, &byte, 1), BS_OK);
	}
	if (spool_is_due(spool, true))
		assert_int_equal(spool_write(spool), BS_OK);
	return spool;
}

static void
known_again(void **state)
{
	static const struct {
		const char *name;
		size_t size, at, other_size, other_at;
		bool same;
	} rows[] = {
	    {"the same", 100, 0, 100, 0, true},
	    {"the last byte", 100, 98, 100, 99, false},
	    {"one more byte", 100, SIZE_MAX, 101, SIZE_MAX, false},
	    {"empty", 0, 0, 0, 0, true},
	    {"in a file", 200000, 5, 200000, 5, true},
	    {"in a file, another size", 200000, 5, 200001, 5, false},
	    {"what is looked at, another size", KILLERS_LOOKS_AT + 1, SIZE_MAX,
		KILLERS_LOOKS_AT + 2, SIZE_MAX, false},
	    {"the last byte that is looked at", KILLERS_LOOKS_AT + 1,
		KILLERS_LOOKS_AT - 1, KILLERS_LOOKS_AT + 1, SIZE_MAX, false},
	    {"the first one that is not", KILLERS_LOOKS_AT + 1,
		KILLERS_LOOKS_AT, KILLERS_LOOKS_AT + 1, SIZE_MAX, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct killers killers;
		struct spool *spool = make(rows[i].size, rows[i].at);
		struct spool *other =
		    make(rows[i].other_size, rows[i].other_at);
		struct killer *killer;

		killers_forget(&killers);
		assert_null(killers_find(&killers, spool));
		killer = killers_note(&killers, spool);
		assert_non_null(killer);
		assert_false(killer->head || killer->aside);
		killer->head = true;
		assert_ptr_equal(killers_note(&killers, spool), killer);
		assert_true(killer->head);
		if ((killers_find(&killers, other) == killer) != rows[i].same)
			fail_msg("%s", rows[i].name);
		if ((killers_note(&killers, other) == killer) != rows[i].same)
			fail_msg("%s, noted", rows[i].name);
		killers_forget(&killers);
		assert_null(killers_find(&killers, spool));
		assert_false(killers_note(&killers, spool)->head);
		spool_free(&spool);
		spool_free(&other);
	}
}

static void
the_oldest_goes(void **state)
{
	static struct killers killers;
	struct spool *spool[KILLERS_MAX + 1];

	(void)state;
	for (size_t i = 0; i <= KILLERS_MAX; i++) {
		spool[i] = make(i < 5 ? 300 : 301, i);
		if (i < KILLERS_MAX)
			assert_non_null(killers_note(&killers, spool[i]));
	}
	assert_non_null(killers_find(&killers, spool[0]));
	assert_null(killers_find(&killers, spool[KILLERS_MAX]));
	assert_non_null(killers_note(&killers, spool[KILLERS_MAX]));
	assert_null(killers_find(&killers, spool[0]));
	for (size_t i = 1; i <= KILLERS_MAX; i++)
		assert_non_null(killers_find(&killers, spool[i]));
	for (size_t i = 0; i <= KILLERS_MAX; i++)
		spool_free(&spool[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_again),
	    cmocka_unit_test(the_oldest_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
