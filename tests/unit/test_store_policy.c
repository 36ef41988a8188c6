/*
 * The table of cases that a mail admin would recognise, replayed through the
 * real store: what it gathers in bounded steps must come to what the pure
 * policy says in test_policy.c.
 */
#include "autoconf.h"

#include "policy_script.h"
#include "store_fixture.h"

_Static_assert(T0 == POLICY_START_S, "one start for scripts and fixture");

static enum bs_outcome
see_in_store(void *state, const struct bs_policy *policy, uint32_t now_s,
    const struct bs_sighting *sighting)
{
	struct fixture *fixture = state;
	struct bs_writer *writer = begin_at(fixture, now_s);
	enum bs_outcome outcome;

	assert_int_equal(
	    bs_writer_sighting(writer, policy, sighting, &outcome), BS_OK);
	commit(writer);
	return outcome;
}

static void
add_in_store(void *state, uint32_t now_s, const struct bs_prefix *prefix,
    enum bs_class class, uint32_t expires_s)
{
	char text[BS_PREFIX_TEXT_MAX];

	add(state, now_s, bs_prefix_format(prefix, text), class, expires_s);
}

static void
remove_in_store(void *state, uint32_t now_s, const struct bs_prefix *prefix)
{
	char text[BS_PREFIX_TEXT_MAX];

	remove_at(state, now_s, bs_prefix_format(prefix, text));
}

static bool
get_in_store(void *state, uint32_t now_s, const struct bs_prefix *prefix,
    struct bs_listing *listing_r)
{
	struct bs_writer *writer = begin_at(state, now_s);
	int error = bs_writer_get(writer, prefix, listing_r);

	commit(writer);
	assert_true(error == BS_OK || error == BS_ENOTFOUND);
	return error == BS_OK;
}

/* A database for each row. */
static void
run_rows(const struct policy_row *row, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct policy_world world = {
		    .see = see_in_store,
		    .add = add_in_store,
		    .remove = remove_in_store,
		    .get = get_in_store,
		};

		assert_int_equal(fixture_open(&world.state), 0);
		policy_script_run(&row[i], &world);
		assert_int_equal(fixture_close(&world.state), 0);
	}
}

#define TABLE(name)                                                         \
	static void name(void **state)                                      \
	{                                                                   \
		size_t count;                                               \
		const struct policy_row *rows = policy_rows_##name(&count); \
                                                                            \
		(void)state;                                                \
		run_rows(rows, count);                                      \
	}

TABLE(what)
TABLE(when)
TABLE(again)
TABLE(ipv6)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what),
	    cmocka_unit_test(when),
	    cmocka_unit_test(again),
	    cmocka_unit_test(ipv6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
