/*
 * What people and time do: add, remove, reset, expiry, the journal's limits;
 * a full map; other processes, living and killed.
 */
#include "autoconf.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store_fixture.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define FOREVER BS_LISTING_FOREVER

/* --- by hand ------------------------------------------------------------ */

static void
adding(void **state)
{
	char longest[BS_LISTING_REASON_MAX + 2];
	static const struct {
		const char *prefix;
		bs_classes classes;
		uint32_t expires_s;
		size_t reason_size;
		int error;
		bool new;
	} rows[] = {
	    {"198.51.100.7", BS_BOUNCE, T0 + 1, 0, BS_OK, true},
	    {"198.51.100.7", BS_BOUNCE, T0 + 2, 0, BS_OK, false},
	    {"198.51.100.7", BS_BOUNCE | BS_VIRUS, T0 + 1, 0, BS_OK, true},
	    {"198.51.100.7", 0, T0 + 1, 0, BS_EINVAL, false},
	    {"198.51.100.7", BS_BOUNCE | 2, T0 + 1, 0, BS_EINVAL, false},
	    {"198.51.100.7", BS_BOUNCE, T0, 0, BS_ERANGE, false},
	    {"198.51.100.8", BS_BOUNCE, FOREVER, BS_LISTING_REASON_MAX, BS_OK,
		true},
	    {"198.51.100.9", BS_BOUNCE, FOREVER, BS_LISTING_REASON_MAX + 1,
		BS_ETOOLONG, false},
	    {"127.0.0.1", BS_BOUNCE, FOREVER, 0, BS_ERESERVED, false},
	    {"127.0.0.0/31", BS_BOUNCE, FOREVER, 0, BS_ERESERVED, false},
	    {"0.0.0.0/0", BS_BOUNCE, FOREVER, 0, BS_ERESERVED, false},
	    {"::ffff:127.0.0.1", BS_BOUNCE, FOREVER, 0, BS_ERESERVED, false},
	    {"::ffff:0:0/96", BS_BOUNCE, FOREVER, 0, BS_ERESERVED, false},
	    {"::/0", BS_BOUNCE, FOREVER, 0, BS_ERESERVED, false},
	    {"127.0.0.2", BS_BOUNCE, FOREVER, 0, BS_OK, true},
	    {"2001:db8::/32", BS_CLASSES_ALL, FOREVER, 0, BS_OK, true},
	};
	struct bs_writer *writer = begin_at(*state, T0);

	memset(longest, 'r', sizeof(longest));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bs_prefix prefix = prefix_of(rows[i].prefix);
		bool new = false;

		longest[rows[i].reason_size] = '\0';
		if (bs_writer_add(writer, &prefix, rows[i].classes,
			rows[i].expires_s, longest, &new) != rows[i].error ||
		    new != rows[i].new)
			fail_msg("%zu: %s", i, rows[i].prefix);
		longest[rows[i].reason_size] = 'r';
	}
	commit(writer);
	assert_int_equal(cover(*state, "127.0.0.1"), 0);
	assert_int_equal(cover(*state, "127.0.0.2"), BS_BOUNCE);
	/* six rows changed an answer */
	assert_int_equal(number(*state), 5);
}

static void
removing(void **state)
{
	struct fixture *fixture = *state;
	struct bs_prefix prefix = prefix_of("198.51.100.7");
	struct bs_prefix wider = prefix_of("198.51.100.0/24");
	struct bs_writer *writer;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	writer = begin_at(fixture, T0);
	assert_int_equal(bs_writer_remove(writer, &wider, ""), BS_ENOTFOUND);
	assert_int_equal(bs_writer_remove(writer, &prefix, ""), BS_OK);
	assert_int_equal(bs_writer_remove(writer, &prefix, ""), BS_ENOTFOUND);
	commit(writer);
	assert_int_equal(number(fixture), 2);
	/* again and again: one note of it, which goes in the end */
	for (uint32_t i = 1; i < 4; i++) {
		add(fixture, T0 + i, "198.51.100.7", BS_BOUNCE, FOREVER);
		remove_at(fixture, T0 + i, "198.51.100.7");
	}
	writer = begin_at(fixture, T0 + 4 + BS_STORE_REMOVED_S);
	{
		uint8_t key[BS_TRIM_KEY_MAX];
		size_t size = sizeof(key);

		assert_int_equal(
		    bs_writer_first(writer, BS_TABLE_TRIM, key, &size),
		    BS_ENOTFOUND);
		size = sizeof(key);
		assert_int_equal(
		    bs_writer_first(writer, BS_TABLE_REMOVED, key, &size),
		    BS_ENOTFOUND);
	}
	commit(writer);
}

/* Another class without a reason leaves the one that was given. */
static void
reason_stays(void **state)
{
	static const struct {
		bs_classes classes;
		const char *given, *kept;
	} rows[] = {
	    {BS_BOUNCE, "", ""},
	    {BS_BOUNCE, "ticket 7", "ticket 7"},
	    {BS_VIRUS, "", "ticket 7"},
	    {BS_VIRUS, "ticket 8", "ticket 8"},
	};
	struct fixture *fixture = *state;
	struct bs_prefix prefix = prefix_of("198.51.100.7");
	struct bs_writer *writer = begin_at(fixture, T0);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_listing listing;
		bool new;

		assert_int_equal(bs_writer_add(writer, &prefix, rows[i].classes,
				     FOREVER, rows[i].given, &new),
		    BS_OK);
		assert_int_equal(
		    bs_writer_get(writer, &prefix, &listing), BS_OK);
		assert_string_equal(listing.reason, rows[i].kept);
	}
	commit(writer);
}

static void
aborted(void **state)
{
	struct fixture *fixture = *state;
	struct bs_prefix prefix = prefix_of("198.51.100.7");
	struct bs_writer *writer = begin_at(fixture, T0);
	struct bs_listing listing;
	bool new;

	assert_int_equal(
	    bs_writer_add(writer, &prefix, BS_BOUNCE, FOREVER, "", &new),
	    BS_OK);
	assert_int_equal(bs_writer_get(writer, &prefix, &listing), BS_OK);
	bs_writer_abort(&writer);
	assert_null(writer);
	bs_writer_abort(&writer);
	assert_int_equal(cover(fixture, "198.51.100.7"), 0);
	assert_int_equal(number(fixture), 0);
}

static void
resets(void **state)
{
	static const uint8_t digests[][BS_KEYHASH_SIZE] = {{1}, {1}, {2}, {1}};
	static const bool changed[] = {true, false, true, true};
	struct fixture *fixture = *state;
	struct bs_journal_entry entry;
	struct bs_snapshot *snapshot;

	for (size_t i = 0; i < COUNT(changed); i++) {
		struct bs_writer *writer = begin_at(fixture, T0);
		bool reset;

		assert_int_equal(
		    bs_writer_reset(writer, digests[i], "zones", &reset),
		    BS_OK);
		assert_int_equal(reset, changed[i]);
		commit(writer);
	}
	assert_int_equal(number(fixture), 3);
	snapshot = snapshot_now(fixture);
	assert_int_equal(bs_snapshot_journal(snapshot, 3, &entry), BS_OK);
	assert_int_equal(entry.kind, BS_JOURNAL_RESET);
	assert_string_equal(entry.reason, "zones");
	bs_snapshot_free(&snapshot);
}

/* --- time --------------------------------------------------------------- */

/* Listing number i. */
static int
add_number(struct bs_writer *writer, uint32_t i, uint32_t expires_s)
{
	struct bs_prefix prefix = {
	    .addr = {BS_IPV4,
		{11, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}},
	    .bits = 32};
	bool new;

	return bs_writer_add(writer, &prefix, BS_BOUNCE, expires_s, "x", &new);
}

static void
add_many(struct fixture *fixture, uint32_t count, uint32_t expires_s)
{
	struct bs_writer *writer = begin_at(fixture, T0);

	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(add_number(writer, i, expires_s), BS_OK);
	commit(writer);
}

static void
expiry_in_steps(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	uint64_t left;
	size_t ended;

	add_many(fixture, BS_STORE_EXPIRY_STEP + 500, T0 + 10);
	assert_int_equal(stats_at(fixture, T0 + 10).overdue, 2500);
	writer = begin_at(fixture, T0 + 10);
	assert_int_equal(bs_writer_expire(writer, 300, &ended, &left), BS_OK);
	assert_int_equal(ended, 300);
	assert_int_equal(left, 200);
	assert_int_equal(bs_writer_expire(writer, 300, &ended, &left), BS_OK);
	assert_int_equal(ended, 200);
	assert_int_equal(left, 0);
	commit(writer);
	assert_int_equal(stats_at(fixture, T0 + 10).listings_ipv4, 0);
	assert_int_equal(number(fixture), 5000);
}

static void
reopen_with(struct fixture *fixture, const struct bs_store_limits *limits)
{
	bs_store_free(&fixture->store);
	if (bs_store_open_with(fixture->path, BS_STORE_WRITE, limits,
		&fixture->store, &fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
}

static void
journal_by_count(void **state)
{
	static const struct bs_store_limits limits = {
	    .map_bytes = 64u << 20, .journal_entries = 100, .journal_s = DAY_S};
	struct fixture *fixture = *state;
	struct bs_journal_entry entry;
	struct bs_snapshot *snapshot;

	reopen_with(fixture, &limits);
	add_many(fixture, 1000, FOREVER);
	assert_int_equal(stats_at(fixture, T0).journal_entries, 100);
	snapshot = snapshot_now(fixture);
	assert_int_equal(bs_snapshot_journal(snapshot, 1, &entry), BS_OK);
	assert_int_equal(entry.number, 901);
	bs_snapshot_free(&snapshot);
}

static void
journal_by_time(void **state)
{
	static const struct bs_store_limits limits = {.map_bytes = 64u << 20,
	    .journal_entries = 1000,
	    .journal_s = DAY_S};
	struct fixture *fixture = *state;

	reopen_with(fixture, &limits);
	add(fixture, T0, "198.51.100.1", BS_BOUNCE, FOREVER);
	add(fixture, T0 + 1, "198.51.100.2", BS_BOUNCE, FOREVER);
	add(fixture, T0 + DAY_S - 1, "198.51.100.3", BS_BOUNCE, FOREVER);
	assert_int_equal(stats_at(fixture, T0).journal_entries, 3);
	add(fixture, T0 + DAY_S, "198.51.100.4", BS_BOUNCE, FOREVER);
	assert_int_equal(stats_at(fixture, T0).journal_entries, 3);
	/* never the newest, however the clock jumps */
	add(fixture, T0 + 9 * DAY_S, "198.51.100.5", BS_BOUNCE, FOREVER);
	assert_int_equal(stats_at(fixture, T0).journal_entries, 1);
	assert_int_equal(number(fixture), 5);
}

/* --- a full map --------------------------------------------------------- */

static const struct bs_store_limits small_map = {
    .map_bytes = 4u << 20, .journal_entries = 1000, .journal_s = DAY_S};

/* Commits listings in groups until no more are taken; how many. */
static uint32_t
fill(struct fixture *fixture)
{
	uint32_t count = 0;

	for (;;) {
		struct bs_writer *writer = begin_at(fixture, T0);
		int error = BS_OK;

		for (int i = 0; error == BS_OK && i < 100; i++) {
			error = add_number(writer, count, T0 + DAY_S);
			count += error == BS_OK;
		}
		commit(writer);
		if (error == BS_OK)
			continue;
		assert_int_equal(error, BS_EFULL);
		return count;
	}
}

static void
nearly_full(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting =
	    sighting_of(fixture, "198.51.100.7", BS_BOUNCE, T0, 1);
	struct bs_store_stats stats;
	struct bs_writer *writer;
	enum bs_outcome outcome;
	uint32_t filled;

	reopen_with(fixture, &small_map);
	filled = fill(fixture);
	assert_true(filled > 500);
	stats = stats_at(fixture, T0);
	assert_int_equal(stats.listings_ipv4, filled);
	assert_true(stats.used_bytes * 100 >=
		    stats.map_bytes * (BS_STORE_FULL_PERCENT - 1));
	/* no new sightings, but what changes nothing has its outcome */
	writer = begin_at(fixture, T0);
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_EFULL);
	sighting.received_s = 1;
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_OK);
	assert_int_equal(outcome, BS_OUTCOME_OLD);
	commit(writer);
	/* removal and expiry work, and make room */
	for (uint32_t i = 0; i < 20; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "11.0.0.%u", i);
		remove_at(fixture, T0, text);
	}
	for (uint32_t i = 0; i < filled; i += BS_STORE_EXPIRY_STEP)
		pass(fixture, T0 + DAY_S);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
	sighting.received_s = T0 + DAY_S;
	assert_int_equal(
	    see(fixture, T0 + DAY_S, &sighting), BS_OUTCOME_LISTED);
}

/* A transaction that does not fit takes nothing with it. */
static void
too_much_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	int error = BS_OK;

	reopen_with(fixture, &small_map);
	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
	writer = begin_at(fixture, T0);
	for (uint32_t i = 0; error == BS_OK && i < 100000; i++)
		error = add_number(writer, i, FOREVER);
	assert_int_equal(error, BS_EFULL);
	{
		struct bs_prefix prefix = prefix_of("198.51.100.7");

		assert_int_equal(
		    bs_writer_remove(writer, &prefix, ""), BS_EFULL);
	}
	assert_int_equal(
	    bs_writer_commit(&writer, &fixture->message), BS_EFULL);
	assert_null(writer);
	assert_non_null(strstr(fixture->message.text, fixture->path));
	assert_non_null(strstr(fixture->message.text, "maximum"));
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 1);
	add(fixture, T0, "198.51.100.8", BS_BOUNCE, FOREVER);
	assert_int_equal(number(fixture), 2);
}

/* --- other processes ---------------------------------------------------- */

/* A child that runs `work` and tells when it is done by a byte. */
struct child {
	pid_t pid;
	int from, to;
};

typedef void child_work(struct fixture *fixture);

/* Must run before the store is open here: an environment does not survive a
 * fork. */
static struct child
start_child(struct fixture *fixture, child_work *work)
{
	struct child child;
	int up[2], down[2];

	assert_null(fixture->store);
	assert_int_equal(pipe(up), 0);
	assert_int_equal(pipe(down), 0);
	child.pid = fork();
	assert_true(child.pid >= 0);
	if (child.pid == 0) {
		char byte;

		(void)close(up[0]);
		(void)close(down[1]);
		if (read(down[0], &byte, 1) != 1)
			_exit(2);
		work(fixture);
		if (write(up[1], "d", 1) != 1)
			_exit(2);
		/* until told, or killed */
		_exit(read(down[0], &byte, 1) < 0 ? 2 : 0);
	}
	(void)close(up[1]);
	(void)close(down[0]);
	child.from = up[0];
	child.to = down[1];
	return child;
}

static void
let_work(struct child *child)
{
	char byte;

	assert_int_equal(write(child->to, "g", 1), 1);
	assert_int_equal(read(child->from, &byte, 1), 1);
}

static void
end_child(struct child *child, int signal_number)
{
	int status;

	if (signal_number != 0)
		assert_int_equal(kill(child->pid, signal_number), 0);
	else
		/* its brothers have its pipe, too: closing does not end it */
		assert_int_equal(write(child->to, "e", 1), 1);
	(void)close(child->to);
	(void)close(child->from);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	if (signal_number == 0)
		assert_int_equal(status, 0);
}

static void
write_and_commit(struct fixture *fixture)
{
	fixture->store = open_store(fixture);
	add(fixture, T0, "198.51.100.7", BS_BOUNCE, FOREVER);
}

static void
begin_and_wait(struct fixture *fixture)
{
	struct bs_prefix prefix = prefix_of("198.51.100.8");
	struct bs_writer *writer;
	bool new;

	write_and_commit(fixture);
	writer = begin_at(fixture, T0);
	(void)bs_writer_add(writer, &prefix, BS_BOUNCE, FOREVER, "", &new);
}

static void
hold_snapshot(struct fixture *fixture)
{
	struct bs_snapshot *snapshot;

	if (bs_store_open_with(fixture->path, BS_STORE_WRITE, &small_map,
		&fixture->store, NULL) != BS_OK ||
	    bs_snapshot_new(fixture->store, &snapshot, NULL) != BS_OK ||
	    bs_snapshot_renew(snapshot) != BS_OK)
		_exit(3);
}

static void
another_process_writes(void **state)
{
	struct fixture *fixture = *state;
	struct child child;
	struct bs_snapshot *snapshot;
	struct bs_addr addr = addr_of("198.51.100.7");
	struct bs_cover covering;

	bs_store_free(&fixture->store);
	child = start_child(fixture, write_and_commit);
	fixture->store = open_store(fixture);
	snapshot = snapshot_now(fixture);
	assert_int_equal(
	    bs_snapshot_cover(snapshot, &addr, BS_CLASSES_ALL, &covering),
	    BS_OK);
	assert_int_equal(covering.classes, 0);
	let_work(&child);
	assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
	assert_int_equal(
	    bs_snapshot_cover(snapshot, &addr, BS_CLASSES_ALL, &covering),
	    BS_OK);
	assert_int_equal(covering.classes, BS_BOUNCE);
	bs_snapshot_free(&snapshot);
	end_child(&child, 0);
}

/* Killed inside its transaction: what it committed stays, nothing else, and
 * nobody waits for it. */
static void
killed_writer(void **state)
{
	struct fixture *fixture = *state;
	struct child child;

	bs_store_free(&fixture->store);
	child = start_child(fixture, begin_and_wait);
	let_work(&child);
	fixture->store = open_store(fixture);
	end_child(&child, SIGKILL);
	add(fixture, T0, "198.51.100.9", BS_BOUNCE, FOREVER);
	assert_int_equal(cover(fixture, "198.51.100.7"), BS_BOUNCE);
	assert_int_equal(cover(fixture, "198.51.100.8"), 0);
	assert_int_equal(cover(fixture, "198.51.100.9"), BS_BOUNCE);
	assert_int_equal(number(fixture), 2);
}

static void
killed_reader(void **state)
{
	struct fixture *fixture = *state;
	struct child child;

	bs_store_free(&fixture->store);
	child = start_child(fixture, hold_snapshot);
	let_work(&child);
	fixture->store = open_store(fixture);
	assert_int_equal(bs_store_clear_readers(fixture->store), 0);
	end_child(&child, SIGKILL);
	assert_int_equal(bs_store_clear_readers(fixture->store), 1);
	assert_int_equal(bs_store_clear_readers(fixture->store), 0);
}

/* A killed reader would make the map grow for ever. */
static void
killed_reader_and_full_map(void **state)
{
	struct fixture *fixture = *state;
	struct child child;

	bs_store_free(&fixture->store);
	child = start_child(fixture, hold_snapshot);
	let_work(&child);
	if (bs_store_open_with(fixture->path, BS_STORE_WRITE, &small_map,
		&fixture->store, &fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
	end_child(&child, SIGKILL);
	for (uint32_t i = 0; i < 300; i++) {
		add(fixture, T0 + i, "198.51.100.7", BS_BOUNCE, FOREVER);
		remove_at(fixture, T0 + i, "198.51.100.7");
	}
	assert_true(stats_at(fixture, T0).used_bytes < small_map.map_bytes / 4);
}

static void
add_own(struct fixture *fixture)
{
	char text[32];

	fixture->store = open_store(fixture);
	(void)snprintf(text, sizeof(text), "11.%d.%d.1", getpid() >> 8 & 255,
	    getpid() & 255);
	add(fixture, T0, text, BS_BOUNCE, FOREVER);
}

/* Several begin with an empty folder at once: one database. */
static void
made_by_many(void **state)
{
	struct fixture *fixture = *state;
	struct child children[6];

	for (int i = 0; i < 6; i++)
		children[i] = start_child(fixture, add_own);
	for (int i = 0; i < 6; i++)
		assert_int_equal(write(children[i].to, "g", 1), 1);
	for (int i = 0; i < 6; i++) {
		char byte;

		assert_int_equal(read(children[i].from, &byte, 1), 1);
	}
	for (int i = 0; i < 6; i++)
		end_child(&children[i], 0);
	fixture->store = open_store(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 6);
	assert_int_equal(number(fixture), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(adding),
	    CASE(removing),
	    CASE(reason_stays),
	    CASE(aborted),
	    CASE(resets),
	    CASE(expiry_in_steps),
	    CASE(journal_by_count),
	    CASE(journal_by_time),
	    CASE(nearly_full),
	    CASE(too_much_at_once),
	    CASE(another_process_writes),
	    CASE(killed_writer),
	    CASE(killed_reader),
	    CASE(killed_reader_and_full_map),
	    cmocka_unit_test_setup_teardown(
		made_by_many, fixture_folder, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
