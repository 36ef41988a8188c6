/*
 * What time does to a database: the journal's trimming and what secondaries
 * keep of it, clocks that are wrong, many listings that end at once, the
 * serial's moves.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_fixture.h"

static void
reopen_with(struct fixture *fixture, const struct bs_store_limits *limits)
{
	bs_store_free(&fixture->store);
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     limits, &fixture->store, &fixture->message),
	    BS_OK);
}

static const struct bs_store_limits short_journal = {
    .map_bytes = 1u << 30, .journal_entries = 10, .journal_s = DAY_S};

static const struct bs_store_limits careful = {.map_bytes = 1u << 30,
    .journal_entries = 1000,
    .journal_s = 30 * DAY_S,
    .leap_s = BS_STORE_LEAP_S};

/* Lists so many hosts at once, from 11.0.0.0 + first on. */
static void
add_many(struct fixture *fixture, uint32_t now_s, uint32_t first,
    uint32_t count, uint32_t expires_s)
{
	struct bs_writer *writer = begin_at(fixture, now_s);

	for (uint32_t i = first; i < first + count; i++) {
		struct bs_addr addr = {.family = BS_IPV4};
		struct bs_prefix prefix;
		bool new;

		bs_put_be32(addr.octet, 0x0b000000u + i);
		prefix = bs_prefix_single(&addr);
		assert_int_equal(bs_writer_add(writer, &prefix, BS_BOUNCE,
				     expires_s, "", &new),
		    BS_OK);
	}
	commit(writer);
}

static struct bs_tidied
tidy_at(struct fixture *fixture, uint32_t now_s)
{
	struct bs_tidied tidied;

	if (bs_store_tidy(fixture->store, now_s, "test", &tidied,
		&fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
	return tidied;
}

static void
keep_from(struct fixture *fixture, uint32_t now_s, uint64_t from)
{
	struct bs_writer *writer = begin_at(fixture, now_s);

	assert_int_equal(bs_writer_journal_keep(writer, from), BS_OK);
	commit(writer);
}

static uint64_t
first_entry(struct fixture *fixture)
{
	return stats_at(fixture, T0).journal_first;
}

/* --- the journal --------------------------------------------------------- */

/* Old entries go though nobody appends, but the newest stays. */
static void
journal_ages(void **state)
{
	struct fixture *fixture = *state;

	reopen_with(fixture, &short_journal);
	add_many(fixture, T0, 0, 8, BS_LISTING_FOREVER);
	assert_int_equal(tidy_at(fixture, T0 + DAY_S - 1).journal_trimmed, 0);
	assert_int_equal(first_entry(fixture), 1);
	assert_int_equal(tidy_at(fixture, T0 + DAY_S).journal_trimmed, 7);
	assert_int_equal(first_entry(fixture), 8);
	assert_int_equal(tidy_at(fixture, T0 + 9 * DAY_S).journal_trimmed, 0);
	assert_int_equal(first_entry(fixture), 8);
}

/* In steps, where much is old at once. */
static void
journal_in_steps(void **state)
{
	struct fixture *fixture = *state;
	uint32_t count = 2 * BS_STORE_TRIM_STEP + 100;

	add_many(fixture, T0, 0, count, BS_LISTING_FOREVER);
	bs_store_limit_journal(fixture->store, 100, 30 * DAY_S);
	assert_int_equal(
	    tidy_at(fixture, T0).journal_trimmed, BS_STORE_TRIM_STEP);
	assert_int_equal(
	    tidy_at(fixture, T0).journal_trimmed, BS_STORE_TRIM_STEP);
	assert_int_equal(tidy_at(fixture, T0).journal_trimmed, 0);
	assert_int_equal(stats_at(fixture, T0).journal_entries, 100);
}

/* What a secondary has not taken stays past the limits, to twice as much. */
static void
journal_keeps(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_stats stats;

	reopen_with(fixture, &short_journal);
	add_many(fixture, T0, 0, 5, BS_LISTING_FOREVER);
	keep_from(fixture, T0, 4);
	add_many(fixture, T0, 5, 15, BS_LISTING_FOREVER);
	/* 20 entries, room for 10: what nobody needs goes, 4 to 20 stay */
	assert_int_equal(tidy_at(fixture, T0).journal_lost, 0);
	stats = stats_at(fixture, T0);
	assert_int_equal(stats.journal_first, 4);
	assert_int_equal(stats.journal_entries, 17);
	assert_int_equal(stats.journal_keep, 4);
	assert_int_equal(stats.journal_lost, 0);
	/* age alone does not make it go, twice the age does */
	assert_int_equal(tidy_at(fixture, T0 + DAY_S).journal_trimmed, 0);
	/* past twice the number: counted, and it is told which */
	add_many(fixture, T0 + DAY_S, 20, 5, BS_LISTING_FOREVER);
	stats = stats_at(fixture, T0);
	assert_int_equal(stats.journal_entries, 20);
	assert_int_equal(stats.journal_first, 6);
	assert_int_equal(stats.journal_lost, 5);
	assert_int_equal(tidy_at(fixture, T0 + 2 * DAY_S).journal_lost, 15);
	assert_int_equal(first_entry(fixture), 21);
	/* it took them: the limits are as they were, nothing is lost */
	keep_from(fixture, T0 + 2 * DAY_S, 24);
	assert_int_equal(first_entry(fixture), 21);
	assert_int_equal(tidy_at(fixture, T0 + 2 * DAY_S).journal_trimmed, 3);
	stats = stats_at(fixture, T0);
	assert_int_equal(stats.journal_first, 24);
	assert_int_equal(stats.journal_lost, 0);
	keep_from(fixture, T0 + 2 * DAY_S, 0);
	assert_int_equal(tidy_at(fixture, T0 + 2 * DAY_S).journal_trimmed, 1);
}

/* Who follows the journal sees by the number that it was trimmed. */
static void
journal_tells(void **state)
{
	struct fixture *fixture = *state;
	struct bs_snapshot *snapshot;
	struct bs_journal_entry entry;

	reopen_with(fixture, &short_journal);
	add_many(fixture, T0, 0, 15, BS_LISTING_FOREVER);
	snapshot = snapshot_now(fixture);
	assert_int_equal(bs_snapshot_journal(snapshot, 2, &entry), BS_OK);
	assert_int_equal(entry.number, 6);
	assert_int_equal(bs_snapshot_journal(snapshot, 15, &entry), BS_OK);
	assert_int_equal(entry.number, 15);
	assert_int_equal(
	    bs_snapshot_journal(snapshot, 16, &entry), BS_ENOTFOUND);
	bs_snapshot_free(&snapshot);
}

/* --- the clock ----------------------------------------------------------- */

/* Years ahead for a while: nothing ends, and all is as before afterwards. */
static void
clock_ahead(void **state)
{
	struct fixture *fixture = *state;
	uint32_t ahead_s = T0 + 1000 * DAY_S;
	struct bs_tidied tidied;

	reopen_with(fixture, &careful);
	add_many(fixture, T0, 0, 50, T0 + 28 * DAY_S);
	tidied = tidy_at(fixture, ahead_s);
	assert_true(tidied.held);
	assert_int_equal(tidied.ended, 0);
	assert_int_equal(tidied.written_s, T0);
	/* what is written then is; by anybody */
	add(fixture, ahead_s + 60, "198.51.100.1", BS_BOUNCE,
	    BS_LISTING_FOREVER);
	tidied = tidy_at(fixture, ahead_s + DAY_S - 1);
	assert_true(tidied.held);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 51);
	assert_int_equal(stats_at(fixture, T0).leap_s, ahead_s);
	assert_int_equal(stats_at(fixture, T0).journal_first, 1);
	/* set right */
	tidied = tidy_at(fixture, T0 + 3600);
	assert_false(tidied.held);
	assert_int_equal(stats_at(fixture, T0).leap_s, 0);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 51);
	/* and time goes on as ever */
	for (uint32_t day = 1; day <= 28; day++)
		assert_false(tidy_at(fixture, T0 + day * DAY_S).held);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 1);
}

/* Mail that comes while the clock is years ahead lists nobody for years. */
static void
mail_while_ahead(void **state)
{
	struct fixture *fixture = *state;
	struct bs_listing listing;
	uint32_t ahead_s = T0 + 1000 * DAY_S;

	reopen_with(fixture, &careful);
	add_many(fixture, T0, 0, 1, T0 + 28 * DAY_S);
	assert_int_equal(see_new(fixture, ahead_s, "198.51.100.1", BS_BOUNCE),
	    BS_OUTCOME_LISTED);
	assert_true(get(fixture, "198.51.100.1", &listing));
	assert_int_equal(bs_listing_expires_last_s(&listing),
	    T0 + 2 * bs_policy_longest_s(&fixture->policy));
	/* set right, it ends when it should */
	for (uint32_t day = 0; day <= 56; day++)
		pass(fixture, T0 + day * DAY_S);
	assert_false(get(fixture, "198.51.100.1", &listing));
	/* a day ahead is believed as ever */
	assert_int_equal(
	    see_new(fixture, T0 + 57 * DAY_S, "198.51.100.2", BS_BOUNCE),
	    BS_OUTCOME_LISTED);
	assert_true(get(fixture, "198.51.100.2", &listing));
	assert_int_equal(bs_listing_last_s(&listing), T0 + 57 * DAY_S);
}

/* A machine that was off for long: a day later all that is over ends. */
static void
clock_goes_on(void **state)
{
	struct fixture *fixture = *state;

	reopen_with(fixture, &careful);
	add_many(fixture, T0, 0, 50, T0 + 28 * DAY_S);
	assert_true(tidy_at(fixture, T0 + 40 * DAY_S).held);
	/* another process, an hour later, and one just in time */
	reopen_with(fixture, &careful);
	assert_true(tidy_at(fixture, T0 + 40 * DAY_S + 3600).held);
	assert_int_equal(tidy_at(fixture, T0 + 41 * DAY_S).ended, 50);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

/* A step by a day is none; a person's word ends the wait. */
static void
clock_believed(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	size_t ended;
	uint64_t left;

	reopen_with(fixture, &careful);
	add_many(fixture, T0, 0, 50, T0 + DAY_S);
	add_many(fixture, T0, 50, 50, T0 + 28 * DAY_S);
	assert_int_equal(tidy_at(fixture, T0 + DAY_S).ended, 50);
	writer = begin_at(fixture, T0 + 60 * DAY_S);
	assert_int_equal(bs_writer_expire(writer, 100, &ended, &left), BS_OK);
	assert_int_equal(ended, 0);
	assert_int_equal(left, 50);
	assert_int_equal(bs_writer_believe_clock(writer), BS_OK);
	assert_int_equal(bs_writer_expire(writer, 100, &ended, &left), BS_OK);
	assert_int_equal(ended, 50);
	assert_int_equal(left, 0);
	commit(writer);
	assert_false(tidy_at(fixture, T0 + 60 * DAY_S + 1).held);
}

/* --- many at once -------------------------------------------------------- */

static void
all_end_at_once(void **state)
{
	struct fixture *fixture = *state;
	uint32_t count = 3 * BS_STORE_EXPIRY_STEP - 1;
	struct bs_tidied tidied;

	add_many(fixture, T0, 0, count, T0 + DAY_S);
	for (int i = 0; i < 2; i++) {
		tidied = tidy_at(fixture, T0 + DAY_S);
		assert_int_equal(tidied.ended, BS_STORE_EXPIRY_STEP);
		assert_true(tidied.more);
	}
	assert_int_equal(
	    stats_at(fixture, T0 + DAY_S).overdue, BS_STORE_EXPIRY_STEP - 1);
	tidied = tidy_at(fixture, T0 + DAY_S);
	assert_int_equal(tidied.ended, BS_STORE_EXPIRY_STEP - 1);
	assert_false(tidied.more);
	assert_int_equal(stats_at(fixture, T0 + DAY_S).overdue, 0);
	assert_int_equal(number(fixture), 2 * (uint64_t)count);
}

/* --- the serial ---------------------------------------------------------- */

static void
serial_moves(void **state)
{
	struct fixture *fixture = *state;
	uint32_t before = stats_at(fixture, T0).serial;
	static const uint32_t forward[] = {1, 1000, 1u << 20, 0x7fffffff};

	for (size_t i = 0; i < sizeof(forward) / sizeof(forward[0]); i++) {
		struct bs_writer *writer = begin_at(fixture, T0);
		bool moved = false;

		assert_int_equal(bs_writer_serial_at_least(
				     writer, before + forward[i], &moved),
		    BS_OK);
		assert_true(moved);
		assert_int_equal(bs_writer_serial_at_least(
				     writer, before + forward[i], &moved),
		    BS_OK);
		assert_false(moved);
		/* behind, by RFC 1982 */
		assert_int_equal(bs_writer_serial_at_least(
				     writer, before + forward[i] - 5, &moved),
		    BS_OK);
		assert_false(moved);
		commit(writer);
		before += forward[i];
		assert_int_equal(stats_at(fixture, T0).serial, before);
		/* a reset of its own, so that no old serial is misread */
		assert_int_equal(number(fixture), i + 1);
	}
	add(fixture, T0, "198.51.100.1", BS_BOUNCE, BS_LISTING_FOREVER);
	assert_int_equal(stats_at(fixture, T0).serial, before + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(journal_ages),
	    CASE(journal_in_steps),
	    CASE(journal_keeps),
	    CASE(journal_tells),
	    CASE(clock_ahead),
	    CASE(mail_while_ahead),
	    CASE(clock_goes_on),
	    CASE(clock_believed),
	    CASE(all_end_at_once),
	    CASE(serial_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
