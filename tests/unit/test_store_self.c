/*
 * Removals by who is listed: who may ask, what goes, and how long who is listed
 * again has to wait.
 */
#include "autoconf.h"

#include "store_fixture.h"

#define ADDRESS "192.0.2.99"
#define DAY0 1700006400u
#define DAY (24u * 60 * 60)

static struct bs_self_result
ask(struct fixture *fixture, uint32_t now_s, const char *addr, const char *by)
{
	struct bs_addr listed = addr_of(addr), asking = addr_of(by);
	struct bs_writer *writer = begin_at(fixture, now_s);
	struct bs_self_result result;

	assert_int_equal(
	    bs_writer_remove_self(writer, &listed, &asking, &result), BS_OK);
	commit(writer);
	return result;
}

static void
who_may_ask(void **state)
{
	static const struct {
		const char *name, *addr, *by;
		enum bs_self_answer answer;
	} rows[] = {
	    {"itself", "192.0.2.99", "192.0.2.99", BS_SELF_REMOVED},
	    {"mapped", "192.0.2.98", "::ffff:192.0.2.98", BS_SELF_REMOVED},
	    {"neighbour", "192.0.2.97", "192.0.2.96", BS_SELF_STRANGER},
	    {"same /64", "2001:db8::1", "2001:db8::ffff:1", BS_SELF_REMOVED},
	    {"next /64", "2001:db8:0:1::1", "2001:db8::1", BS_SELF_STRANGER},
	    {"other family", "192.0.2.97", "2001:db8::1", BS_SELF_STRANGER},
	    {"not listed", "192.0.2.1", "192.0.2.1", BS_SELF_NOT_LISTED},
	    {"wider", "198.51.100.7", "198.51.100.7", BS_SELF_WIDER},
	    {"wider /48", "2001:db8:7::1", "2001:db8:7::1", BS_SELF_WIDER},
	};
	struct fixture *fixture = *state;

	see_new(fixture, DAY0, "192.0.2.99", BS_BOUNCE);
	see_new(fixture, DAY0, "192.0.2.98", BS_BOUNCE);
	see_new(fixture, DAY0, "192.0.2.97", BS_BOUNCE);
	see_new(fixture, DAY0, "2001:db8::9", BS_BOUNCE);
	see_new(fixture, DAY0, "2001:db8:0:1::9", BS_BOUNCE);
	add(fixture, DAY0, "198.51.100.0/24", BS_BOUNCE, BS_LISTING_FOREVER);
	add(fixture, DAY0, "2001:db8:7::/48", BS_BOUNCE, BS_LISTING_FOREVER);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_self_result result =
		    ask(fixture, DAY0 + 10, rows[i].addr, rows[i].by);

		if (result.answer != rows[i].answer)
			fail_msg("%s: %d", rows[i].name, (int)result.answer);
		if (result.answer == BS_SELF_REMOVED)
			assert_int_equal(cover(fixture, rows[i].addr), 0);
	}
	assert_int_equal(cover(fixture, "192.0.2.97"), BS_BOUNCE);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
}

static void
what_is_named(void **state)
{
	struct fixture *fixture = *state;
	struct bs_self_result result;
	struct bs_prefix want = prefix_of("2001:db8:7::/48");

	add(fixture, DAY0, "2001:db8::/32", BS_BOUNCE, BS_LISTING_FOREVER);
	add(fixture, DAY0, "2001:db8:7::/48", BS_BOUNCE, BS_LISTING_FOREVER);
	result = ask(fixture, DAY0, "2001:db8:7::1", "2001:db8:7::1");
	assert_int_equal(result.answer, BS_SELF_WIDER);
	assert_int_equal(bs_prefix_compare(&result.prefix, &want), 0);
	/* its own listings go, all of them; the wider one stays */
	add(fixture, DAY0, "2001:db8:7::1", BS_VIRUS, BS_LISTING_FOREVER);
	add(fixture, DAY0, "2001:db8:7::/64", BS_CALLOUT, BS_LISTING_FOREVER);
	result = ask(fixture, DAY0, "2001:db8:7::1", "2001:db8:7::2");
	assert_int_equal(result.answer, BS_SELF_REMOVED);
	assert_int_equal(cover(fixture, "2001:db8:7::1"), BS_BOUNCE);
}

/* Listed again an hour after each removal. */
static void
lockouts(void **state)
{
	static const uint32_t wait_s[] = {
	    0, 1 * DAY, 7 * DAY, 28 * DAY, 28 * DAY};
	struct fixture *fixture = *state;
	struct bs_self_result result;
	uint32_t listed_s = DAY0;

	for (size_t i = 0; i < sizeof(wait_s) / sizeof(wait_s[0]); i++) {
		see_new(fixture, listed_s, ADDRESS, BS_BOUNCE);
		if (wait_s[i] > 0) {
			/* more mail makes nobody wait longer */
			see_new(fixture, listed_s + 3600, ADDRESS, BS_CALLOUT);
			result = ask(fixture, listed_s + wait_s[i] - 1, ADDRESS,
			    ADDRESS);
			assert_int_equal(result.answer, BS_SELF_LOCKED);
			assert_int_equal(result.until_s, listed_s + wait_s[i]);
			if (cover(fixture, ADDRESS) == 0)
				fail_msg("removal %zu", i);
		}
		/* in time, though 28 days end the listing as well */
		if (wait_s[i] == 28 * DAY)
			see_new(fixture, listed_s + DAY, ADDRESS, BS_BOUNCE);
		result = ask(fixture, listed_s + wait_s[i], ADDRESS, ADDRESS);
		assert_int_equal(result.answer, BS_SELF_REMOVED);
		assert_int_equal(cover(fixture, ADDRESS), 0);
		listed_s += wait_s[i] + 3600;
	}
}

static void
old_mail_never_lists_again(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting late =
	    sighting_of(fixture, ADDRESS, BS_BOUNCE, DAY0 + 5, 1);

	see_new(fixture, DAY0, ADDRESS, BS_BOUNCE);
	(void)ask(fixture, DAY0 + 10, ADDRESS, ADDRESS);
	assert_int_equal(see(fixture, DAY0 + 20, &late), BS_OUTCOME_REMOVED);
	assert_int_equal(cover(fixture, ADDRESS), 0);
}

static void
forgotten_after_a_year(void **state)
{
	struct fixture *fixture = *state;
	struct bs_self_result result;
	uint32_t again_s = DAY0 + BS_SELF_KEEP_S + 1;

	see_new(fixture, DAY0, ADDRESS, BS_BOUNCE);
	(void)ask(fixture, DAY0, ADDRESS, ADDRESS);
	pass(fixture, again_s);
	see_new(fixture, again_s, ADDRESS, BS_BOUNCE);
	result = ask(fixture, again_s, ADDRESS, ADDRESS);
	assert_int_equal(result.answer, BS_SELF_REMOVED);
	assert_int_equal(result.next_lockout_s, DAY);
}

static void
the_operator_counts_not(void **state)
{
	struct fixture *fixture = *state;

	see_new(fixture, DAY0, ADDRESS, BS_BOUNCE);
	remove_at(fixture, DAY0, ADDRESS);
	see_new(fixture, DAY0 + 60, ADDRESS, BS_BOUNCE);
	assert_int_equal(
	    ask(fixture, DAY0 + 70, ADDRESS, ADDRESS).answer, BS_SELF_REMOVED);
}

static void
names_who_asked(void **state)
{
	char actor[BS_JOURNAL_ACTOR_MAX + 1];
	struct bs_addr by = addr_of("2001:db8:1111:2222:3333:4444:5555:6666");

	(void)state;
	bs_self_actor(&by, actor);
	assert_string_equal(
	    actor, "self:2001:db8:1111:2222:3333:4444:5555:6666");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_open, fixture_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(who_may_ask),
	    TEST(what_is_named),
	    TEST(lockouts),
	    TEST(old_mail_never_lists_again),
	    TEST(forgotten_after_a_year),
	    TEST(the_operator_counts_not),
	    TEST(names_who_asked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
