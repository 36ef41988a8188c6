/*
 * Tags in the store: each message once, no more of them than the limit, and
 * gone after their time.
 */
#include "autoconf.h"

#include <string.h>

#include "store_fixture.h"

static enum bs_outcome
see_tag(struct fixture *fixture, uint32_t now_s, uint8_t tag, uint8_t message)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, now_s, 1);

	sighting.has_tag = true;
	memset(sighting.tag, tag, sizeof(sighting.tag));
	memset(sighting.identity, message, sizeof(sighting.identity));
	return see(fixture, now_s, &sighting);
}

static bool
is_proof(struct fixture *fixture, uint32_t now_s, uint8_t tag, uint8_t message)
{
	return see_tag(fixture, now_s, tag, message) == BS_OUTCOME_GENUINE;
}

static void
limit(void **state)
{
	struct fixture *fixture = *state;

	for (uint8_t i = 1; i <= 20; i++)
		assert_true(is_proof(fixture, T0, 1, i));
	assert_false(is_proof(fixture, T0, 1, 21));
	assert_false(is_proof(fixture, T0, 1, 22));
	assert_true(is_proof(fixture, T0, 2, 21)); /* another tag */
	assert_true(is_proof(fixture, T0, 0, 21));
}

/* A message that is scanned again is what it was. */
static void
again(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 30; i++)
		assert_true(is_proof(fixture, T0, 1, 7));
	for (uint8_t i = 11; i <= 29; i++)
		assert_true(is_proof(fixture, T0, 1, i));
	assert_false(is_proof(fixture, T0, 1, 30));
	assert_true(is_proof(fixture, T0, 1, 7));
	assert_true(is_proof(fixture, T0, 1, 29));
	assert_false(is_proof(fixture, T0, 1, 30));
}

static void
trimmed(void **state)
{
	struct fixture *fixture = *state;

	for (uint8_t i = 1; i <= 21; i++)
		(void)is_proof(fixture, T0, 1, i);
	pass(fixture, T0 + BS_STORE_TAG_S - 1);
	assert_false(is_proof(fixture, T0 + BS_STORE_TAG_S - 1, 1, 21));
	pass(fixture, T0 + BS_STORE_TAG_S);
	assert_true(is_proof(fixture, T0 + BS_STORE_TAG_S, 1, 21));
}

/* A worn tag's message is a sighting like any other. */
static void
worn(void **state)
{
	struct fixture *fixture = *state;

	fixture->policy.tag_uses = 2;
	assert_true(is_proof(fixture, T0, 1, 1));
	assert_true(is_proof(fixture, T0, 1, 2));
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(see_tag(fixture, T0, 1, 3), BS_OUTCOME_LISTED);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
	assert_int_equal(see_tag(fixture, T0, 1, 3), BS_OUTCOME_REPEAT);
	assert_true(is_proof(fixture, T0, 1, 2));
}

/* It changes no answer. */
static void
no_answer(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = number(fixture);

	assert_true(is_proof(fixture, T0, 1, 1));
	assert_int_equal(number(fixture), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(limit, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(again, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		trimmed, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(worn, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		no_answer, fixture_open, fixture_close),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
