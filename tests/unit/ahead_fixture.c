/*
 * What the tests of what is written ahead of the database share: see
 * ahead_fixture.h.  Linked into test_store_ahead and test_store_next.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ahead_fixture.h"
#include "store_admin.h"

#define COPY_NAME "copy" /* of the database, in its folder */

void
write_ahead(struct fixture *fixture)
{
	if (bs_store_write_ahead(fixture->store, &fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
}

struct bs_writer *
begin_ahead(struct fixture *fixture)
{
	struct bs_writer *writer = begin_at(fixture, T0);

	assert_int_equal(bs_writer_recover(writer, &fixture->policy), BS_OK);
	return writer;
}

struct bs_sighting
of_host(struct fixture *fixture, unsigned host)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, "192.0.2.0", BS_BOUNCE, T0, 1);

	sighting.source.octet[3] = (uint8_t)host;
	return sighting;
}

void
take_in(struct fixture *fixture, struct bs_writer *writer, unsigned host)
{
	struct bs_sighting sighting = of_host(fixture, host);
	enum bs_outcome outcome;

	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_OK);
	assert_int_equal(outcome, BS_OUTCOME_LISTED);
}

struct bs_writer *
begin_secured(struct fixture *fixture, unsigned host)
{
	struct bs_writer *writer = begin_ahead(fixture);

	take_in(fixture, writer, host);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	return writer;
}

void
leave_due(struct fixture *fixture, unsigned host)
{
	struct bs_writer *writer = begin_secured(fixture, host);

	bs_writer_abort(&writer);
}

void
crash(struct fixture *fixture)
{
	char ahead[128], command[512];

	/* what the end of a store writes to the file is undone; it stays the
	 * same file */
	(void)snprintf(
	    ahead, sizeof(ahead), "%s", file_in(fixture, BS_STORE_AHEAD_NAME));
	(void)snprintf(
	    command, sizeof(command), "cp '%s' '%s.copy'", ahead, ahead);
	assert_int_equal(system(command), 0);
	bs_store_free(&fixture->store);
	(void)snprintf(command, sizeof(command),
	    "cat '%s.copy' >'%s' && rm '%s.copy'", ahead, ahead, ahead);
	assert_int_equal(system(command), 0);
	fixture->store = open_store(fixture);
}

unsigned
hits_of(struct fixture *fixture, const char *prefix)
{
	struct bs_listing listing;

	if (!get(fixture, prefix, &listing))
		return 0;
	return listing.class[bs_class_index(BS_BOUNCE)].hits;
}

void
recover(struct fixture *fixture)
{
	write_ahead(fixture);
	commit(begin_ahead(fixture));
}

void
damage(struct fixture *fixture, off_t at)
{
	int file = open(file_in(fixture, BS_STORE_AHEAD_NAME), O_RDWR);
	uint8_t octet;

	assert_int_equal(pread(file, &octet, 1, at), 1);
	octet ^= 0xff;
	assert_int_equal(pwrite(file, &octet, 1, at), 1);
	assert_int_equal(close(file), 0);
}

struct bs_store_due
due_ahead(struct fixture *fixture)
{
	struct bs_store_due due = {.sightings = 99};

	if (bs_store_look_ahead(fixture->store, &due, &fixture->message) !=
	    BS_OK)
		fail_msg("%s", fixture->message.text);
	return due;
}

void
copy_database(struct fixture *fixture)
{
	char copy[sizeof(fixture->path) + 16];
	uint64_t bytes;

	(void)snprintf(copy, sizeof(copy), "%s", file_in(fixture, COPY_NAME));
	recover(fixture);
	assert_int_equal(
	    bs_store_backup(fixture->store, copy, &bytes, &fixture->message),
	    BS_OK);
}

void
put_copy_back(struct fixture *fixture)
{
	char copy[sizeof(fixture->path) + 16];

	(void)snprintf(copy, sizeof(copy), "%s", file_in(fixture, COPY_NAME));
	bs_store_free(&fixture->store);
	assert_int_equal(rename(copy, file_in(fixture, "data.mdb")), 0);
	assert_int_equal(unlink(file_in(fixture, "lock.mdb")), 0);
	fixture->store = open_store(fixture);
	write_ahead(fixture);
}

void
put_back(struct fixture *fixture, unsigned commits)
{
	struct bs_writer *writer;

	copy_database(fixture);
	for (unsigned host = 1; host < commits; host++) {
		writer = begin_ahead(fixture);
		take_in(fixture, writer, host);
		commit(writer);
	}
	writer = begin_ahead(fixture);
	take_in(fixture, writer, commits);
	for (unsigned host = commits; host < commits + 3; host++) {
		take_in(fixture, writer, host + 1);
		assert_int_equal(bs_writer_secure(writer), BS_OK);
	}
	bs_writer_abort(&writer);
	put_copy_back(fixture);
}

int
beside(struct fixture *fixture, unsigned host)
{
	struct bs_sighting sighting = of_host(fixture, host);
	int error = bs_store_add_beside(fixture->store, &sighting);

	return error == BS_OK ? bs_store_secure_beside(fixture->store) : error;
}

void
take_over(struct fixture *fixture, struct bs_writer *writer, unsigned host)
{
	struct bs_sighting sighting = of_host(fixture, host);
	enum bs_outcome outcome;

	assert_int_equal(bs_writer_sighting_owed(
			     writer, &fixture->policy, &sighting, &outcome),
	    BS_OK);
}

void
assert_listed(struct fixture *fixture, unsigned last)
{
	char text[32];

	for (unsigned host = 1; host <= last; host++) {
		(void)snprintf(text, sizeof(text), "192.0.2.%u", host);
		assert_int_equal(hits_of(fixture, text), 1);
	}
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, last);
	assert_int_equal(stats_at(fixture, T0).sightings, last);
}
