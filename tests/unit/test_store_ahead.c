/*
 * What is written ahead of the database: each sighting that was on disk before
 * its commit is in the database after a crash, once.  The bytes of it are
 * test_ahead_record.c's.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ahead_fixture.h"
#include "bytes.h"
#include "store_admin.h"

/* --- a store -------------------------------------------------------------- */

/* Who logs listings is told of these, once. */
static void
check_recovered(const struct fixture *fixture, uint64_t count)
{
	struct bs_recovered recovered = bs_store_recovered(fixture->store);

	assert_int_equal(recovered.sightings, count);
	assert_int_equal(recovered.listings, count);
	recovered = bs_store_recovered(fixture->store);
	assert_int_equal(recovered.sightings, 0);
	assert_int_equal(recovered.listings, 0);
}

static void
in_the_database_after_a_crash(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	take_in(fixture, writer, 2);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	take_in(fixture, writer, 3);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	take_in(fixture, writer, 4);
	bs_writer_abort(&writer);
	crash(fixture);
	assert_int_equal(cover(fixture, "192.0.2.1"), 0);
	/* once, however often it is looked at */
	for (int i = 0; i < 3; i++) {
		recover(fixture);
		check_recovered(fixture, i == 0 ? 3 : 0);
		assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
		assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
		assert_int_equal(hits_of(fixture, "192.0.2.3"), 1);
		assert_int_equal(hits_of(fixture, "192.0.2.4"), 0);
		assert_int_equal(stats_at(fixture, T0).sightings, 3);
		crash(fixture);
	}
}

/* The commit fails and the process goes on: what is due comes first. */
static void
in_the_database_after_a_failure(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	leave_due(fixture, 1);
	/* who does not ask for it, does not lose it */
	pass(fixture, T0);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 0);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 2);
	/* not over what may be needed once more */
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	bs_writer_abort(&writer);
	check_recovered(fixture, 0);
	writer = begin_ahead(fixture);
	commit(writer);
	check_recovered(fixture, 1);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 0);
	writer = begin_secured(fixture, 2);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
}

/* What was committed and taken off by hand does not come again. */
static void
committed_is_over(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_secured(fixture, 1);
	commit(writer);
	crash(fixture);
	/* as if none of it had ever been */
	fixture->identity = 0;
	write_ahead(fixture);
	writer = begin_ahead(fixture);
	assert_int_equal(
	    bs_writer_remove(writer,
		&(struct bs_prefix){of_host(fixture, 1).source, 32}, ""),
	    BS_OK);
	commit(writer);
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 0);
	assert_int_equal(stats_at(fixture, T0).seen, 1);
}

/* A file that was cut behind what it has is made as long again. */
static void
a_file_too_short(void **state)
{
	struct fixture *fixture = *state;
	struct stat status;

	write_ahead(fixture);
	leave_due(fixture, 1);
	crash(fixture);
	assert_int_equal(
	    truncate(file_in(fixture, BS_STORE_AHEAD_NAME), 2001), 0);
	recover(fixture);
	assert_int_equal(
	    stat(file_in(fixture, BS_STORE_AHEAD_NAME), &status), 0);
	assert_int_equal(status.st_size, BS_AHEAD_BYTES);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
}

/* A batch of which the disk has a part only: those before it count. */
static void
half_a_batch(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	for (unsigned host = 1; host <= 3; host++) {
		take_in(fixture, writer, host);
		assert_int_equal(bs_writer_secure(writer), BS_OK);
	}
	bs_writer_abort(&writer);
	crash(fixture);
	damage(fixture, BS_AHEAD_BLOCK + 100);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 0);
	assert_int_equal(hits_of(fixture, "192.0.2.3"), 0);
}

/* Batches of an earlier transaction behind the last one are over. */
static void
older_batches_behind(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	for (unsigned host = 1; host <= 3; host++) {
		take_in(fixture, writer, host);
		assert_int_equal(bs_writer_secure(writer), BS_OK);
	}
	commit(writer);
	remove_at(fixture, T0, "192.0.2.2");
	leave_due(fixture, 4);
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 0);
	assert_int_equal(hits_of(fixture, "192.0.2.3"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.4"), 1);
	assert_int_equal(stats_at(fixture, T0).seen, 4);
}

/* The file went: numbers go on from those of the database. */
static void
another_file(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	for (unsigned host = 1; host <= 3; host++) {
		write_ahead(fixture);
		writer = begin_secured(fixture, host);
		commit(writer);
		bs_store_free(&fixture->store);
		assert_int_equal(
		    unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
		fixture->store = open_store(fixture);
	}
	write_ahead(fixture);
	leave_due(fixture, 4);
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.4"), 1);
}

/* Taken away while it is in use: nothing is said to be on disk. */
static void
a_file_without_a_name(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_secured(fixture, 1);
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	take_in(fixture, writer, 2);
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
}

/* How a person may take it away. */
static void
take_away(struct fixture *fixture, const char *how)
{
	char from[sizeof(fixture->path) + 16], to[sizeof(fixture->path) + 16];
	int file;

	(void)snprintf(
	    from, sizeof(from), "%s", file_in(fixture, BS_STORE_AHEAD_NAME));
	(void)snprintf(to, sizeof(to), "%s", file_in(fixture, "away"));
	if (strcmp(how, "rm") == 0)
		assert_int_equal(unlink(from), 0);
	else
		assert_int_equal(rename(from, to), 0);
	if (strcmp(how, "replace") == 0) {
		file = open(from, O_WRONLY | O_CREAT, 0600);
		assert_true(file >= 0);
		assert_int_equal(close(file), 0);
	}
}

/* Then there is another one, and what is secured in that is there after a
 * crash. */
static void
another_one_meanwhile(void **state)
{
	static const char *const how[] = {"rm", "mv", "replace"};
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	unsigned host = 0;

	write_ahead(fixture);
	for (size_t i = 0; i < sizeof(how) / sizeof(how[0]); i++) {
		writer = begin_secured(fixture, ++host);
		take_away(fixture, how[i]);
		take_in(fixture, writer, ++host);
		assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
		commit(writer);
		assert_int_equal(
		    bs_store_keep_ahead(fixture->store, &fixture->message),
		    BS_ENOTFOUND);
		assert_non_null(strstr(fixture->message.text, "a new one"));
		assert_int_equal(
		    bs_store_keep_ahead(fixture->store, &fixture->message),
		    BS_OK);
		leave_due(fixture, ++host);
		crash(fixture);
		recover(fixture);
		assert_int_equal(stats_at(fixture, T0).listings_ipv4, host);
	}
}

/* What is not in the database is put where the next start would find it, before
 * the file that lost its name is let go of. */
static void
due_in_a_lost_one(void **state)
{
	struct fixture *fixture = *state;
	char away[sizeof(fixture->path) + 16];

	write_ahead(fixture);
	leave_due(fixture, 1);
	take_away(fixture, "mv");
	assert_int_equal(bs_store_keep_ahead(fixture->store, &fixture->message),
	    BS_ENOTFOUND);
	assert_non_null(strstr(fixture->message.text, "there again"));
	commit(begin_ahead(fixture));
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(
	    bs_store_keep_ahead(fixture->store, &fixture->message), BS_OK);
	/* and who puts the old one back after a while finds nothing in it */
	bs_store_free(&fixture->store);
	(void)snprintf(away, sizeof(away), "%s", file_in(fixture, "away"));
	assert_int_equal(
	    rename(away, file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	fixture->store = open_store(fixture);
	write_ahead(fixture);
	assert_false(bs_store_ahead_is_due(fixture->store));
}

/* No other one can be: everything goes on without. */
static void
no_other_one_can_be(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	commit(begin_ahead(fixture));
	take_away(fixture, "mv");
	assert_int_equal(mkdir(file_in(fixture, BS_STORE_AHEAD_NAME), 0700), 0);
	assert_int_not_equal(
	    bs_store_keep_ahead(fixture->store, &fixture->message), BS_OK);
	assert_non_null(
	    strstr(fixture->message.text, "ahead.log: removed or replaced"));
	assert_int_equal(
	    bs_store_keep_ahead(fixture->store, &fixture->message), BS_OK);
	writer = begin_at(fixture, T0);
	assert_int_equal(bs_writer_recover(writer, &fixture->policy), BS_OK);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(rmdir(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
}

/* An end in order leaves nothing to be looked at. */
static void
an_end_in_order(void **state)
{
	static const uint8_t nothing[BS_AHEAD_HEAD_SIZE];
	struct fixture *fixture = *state;
	uint8_t head[BS_AHEAD_HEAD_SIZE];
	struct stat status;
	int file;

	write_ahead(fixture);
	assert_int_equal(
	    stat(file_in(fixture, BS_STORE_AHEAD_NAME), &status), 0);
	assert_int_equal(status.st_size, BS_AHEAD_BYTES);
	assert_true((size_t)status.st_blocks * 512 >= BS_AHEAD_BYTES);
	assert_int_equal(status.st_mode & 0777, 0660);
	for (int due = 0; due < 2; due++) {
		struct bs_writer *writer =
		    begin_secured(fixture, (unsigned)due + 1);
		if (due)
			bs_writer_abort(&writer);
		else
			commit(writer);
		bs_store_free(&fixture->store);
		file = open(file_in(fixture, BS_STORE_AHEAD_NAME), O_RDONLY);
		assert_int_equal(read(file, head, sizeof(head)), sizeof(head));
		assert_int_equal(close(file), 0);
		assert_int_equal(memcmp(head, nothing, sizeof(head)) != 0, due);
		fixture->store = open_store(fixture);
		write_ahead(fixture);
	}
}

/* The file ends before the transaction does: then the latter has to. */
static void
no_more_room(void **state)
{
	struct fixture *fixture = *state;
	const size_t blocks = BS_AHEAD_PART / BS_AHEAD_BLOCK;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	for (unsigned i = 0; i < blocks; i++) {
		take_in(fixture, writer, i);
		assert_int_equal(bs_writer_secure(writer), BS_OK);
	}
	take_in(fixture, writer, (unsigned)blocks);
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	commit(writer);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, blocks + 1);
	leave_due(fixture, (unsigned)blocks + 1);
	crash(fixture);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, blocks + 2);
}

/* Opens it anew with a map of so many bytes, after a crash. */
static void
crash_into(struct fixture *fixture, size_t map_bytes)
{
	struct bs_store_limits limits = bs_store_limits_default();

	crash(fixture);
	bs_store_free(&fixture->store);
	limits.map_bytes = map_bytes;
	assert_int_equal(bs_store_open_with(fixture->path, BS_STORE_WRITE,
			     &limits, &fixture->store, &fixture->message),
	    BS_OK);
}

/* Adds by hand until no more is taken. */
static void
fill_up(struct fixture *fixture)
{
	struct bs_prefix prefix = {{.family = BS_IPV4, .octet = {12}}, 32};
	int error = BS_OK;
	bool new;

	for (uint32_t i = 0; error == BS_OK; i++) {
		struct bs_writer *writer = begin_at(fixture, T0);

		for (uint32_t k = 0; error == BS_OK && k < 50; k++) {
			bs_put_be32(
			    prefix.addr.octet, 0x0c000000u + i * 50 + k);
			error = bs_writer_add(
			    writer, &prefix, BS_BOUNCE, T0 + DAY_S, "", &new);
		}
		commit(writer);
	}
	assert_int_equal(error, BS_EFULL);
}

/* What was acknowledged before the database was nearly full gets in. */
static void
above_the_soft_limit(void **state)
{
	struct fixture *fixture = *state;
	struct bs_sighting sighting = of_host(fixture, 9);
	struct bs_writer *writer;
	enum bs_outcome outcome;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	take_in(fixture, writer, 2);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	crash_into(fixture, 2u << 20);
	fill_up(fixture);
	write_ahead(fixture);
	writer = begin_ahead(fixture);
	/* nothing else does */
	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_EFULL);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
	assert_false(bs_store_ahead_is_due(fixture->store));
}

/* What is put beside a commit is owed, too: nothing is while it is nearly full, or
 * under load it would be filled up all the same. */
static void
nothing_beside_above_it(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	crash_into(fixture, 2u << 20);
	write_ahead(fixture);
	writer = begin_secured(fixture, 1);
	assert_int_equal(bs_writer_open_next(writer), BS_OK);
	assert_int_equal(beside(fixture, 2), BS_OK);
	commit(writer);
	fill_up(fixture);
	writer = begin_ahead(fixture);
	fixture->identity = 1;
	take_over(fixture, writer, 2);
	assert_int_equal(bs_writer_open_this(writer), BS_EBUSY);
	assert_int_equal(bs_writer_open_next(writer), BS_EBUSY);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
}

/* No room at all: it waits until there is. */
static void
above_the_hard_limit(void **state)
{
	struct fixture *fixture = *state;
	const unsigned hosts = 250;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	for (unsigned host = 0; host < hosts; host++)
		take_in(fixture, writer, host);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	crash_into(fixture, 45 * (size_t)4096);
	write_ahead(fixture);
	writer = begin_at(fixture, T0);
	assert_int_equal(bs_writer_recover(writer, &fixture->policy), BS_EFULL);
	bs_writer_abort(&writer);
	assert_true(bs_store_ahead_is_due(fixture->store));
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
	crash_into(fixture, BS_STORE_MAP_BYTES);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, hosts);
}

/* More than one batch may have. */
static void
too_many_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	for (unsigned i = 0; i < 2000; i++) {
		struct bs_sighting sighting = of_host(fixture, i % 250);
		enum bs_outcome outcome;

		sighting.source.octet[0] = 11;
		sighting.source.octet[2] = (uint8_t)(i / 250);
		assert_int_equal(bs_writer_sighting(writer, &fixture->policy,
				     &sighting, &outcome),
		    BS_OK);
	}
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	commit(writer);
	assert_int_equal(stats_at(fixture, T0).sightings, 2000);
	writer = begin_secured(fixture, 251);
	commit(writer);
}

/* --- what it can't be opened for ------------------------------------------- */

static void
of_another_process(void **state)
{
	struct fixture *fixture = *state;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct bs_writer *writer;
	int file =
	    open(file_in(fixture, BS_STORE_AHEAD_NAME), O_RDWR | O_CREAT, 0600);

	assert_int_equal(fcntl(file, F_OFD_SETLK, &lock), 0);
	assert_int_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message), BS_EBUSY);
	assert_non_null(strstr(fixture->message.text, "another process"));
	/* all goes on as without */
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(close(file), 0);
	write_ahead(fixture);
}

static void
of_another_version(void **state)
{
	struct fixture *fixture = *state;

	write_ahead(fixture);
	leave_due(fixture, 1);
	crash(fixture);
	damage(fixture, 7);
	assert_int_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message),
	    BS_EVERSION);
	assert_non_null(strstr(fixture->message.text, BS_STORE_AHEAD_NAME));
	damage(fixture, 7);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
}

static void
no_file_can_be(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdir(file_in(fixture, BS_STORE_AHEAD_NAME), 0700), 0);
	assert_int_not_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message), BS_OK);
	assert_non_null(strstr(fixture->message.text, BS_STORE_AHEAD_NAME));
	assert_int_equal(rmdir(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_equal(
	    symlink("/dev/null", file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_not_equal(
	    bs_store_write_ahead(fixture->store, &fixture->message), BS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(in_the_database_after_a_crash),
	    CASE(in_the_database_after_a_failure),
	    CASE(committed_is_over),
	    CASE(a_file_too_short),
	    CASE(half_a_batch),
	    CASE(older_batches_behind),
	    CASE(another_file),
	    CASE(a_file_without_a_name),
	    CASE(another_one_meanwhile),
	    CASE(due_in_a_lost_one),
	    CASE(no_other_one_can_be),
	    CASE(an_end_in_order),
	    CASE(no_more_room),
	    CASE(above_the_soft_limit),
	    CASE(nothing_beside_above_it),
	    CASE(above_the_hard_limit),
	    CASE(too_many_at_once),
	    CASE(of_another_process),
	    CASE(of_another_version),
	    CASE(no_file_can_be),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
