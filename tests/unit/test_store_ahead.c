/*
 * What is written ahead of the database: its bytes, and that each sighting
 * that was on disk before its commit is in the database after a crash, once.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_ahead_record.h"
#include "store_admin.h"
#include "store_fixture.h"

/* --- bytes ---------------------------------------------------------------- */

struct sighting_row {
	const char *name;
	struct bs_sighting sighting;
};

static const struct sighting_row sighting_rows[] = {
    {"the least", {.source = {.family = BS_IPV4, .octet = {192, 0, 2, 1}},
		      .class = BS_BOUNCE,
		      .feed = "l"}},
    {"a callout that lists",
	{.source = {.family = BS_IPV6, .octet = {0x20, 0x01, 0x0d, 0xb8}},
	    .class = BS_CALLOUT,
	    .received_s = UINT32_MAX,
	    .door = BS_DOOR_LIVE,
	    .lists = true,
	    .feed = "local"}},
    {"a tag, and facts",
	{.source = {.family = BS_IPV4, .octet = {198, 51, 100, 255}},
	    .class = BS_AUTOREPLY,
	    .received_s = T0,
	    .has_tag = true,
	    .tag = {1, 2, 3},
	    .feed = "other-feed_1",
	    .facts = {.action = BS_ACTION_FAILED,
		.status = "5.1.999",
		.helo = "mx.example",
		.reporting_mta = "dsn.*",
		.subject = "away"}}},
    {"as many traps as can be",
	{.source = {.family = BS_IPV4, .octet = {10, 0, 0, 1}},
	    .class = BS_VIRUS,
	    .received_s = T0,
	    .lists = true,
	    .identity = {0xff},
	    .trap = {9},
	    .more_count = BS_POLICY_MORE_TRAPS_MAX,
	    .more = {{1}, {2}, {3}, {4}, {5}, {6}, {7}},
	    .feed = "local"}},
};

#define SIGHTING_ROWS (sizeof(sighting_rows) / sizeof(sighting_rows[0]))

static void
check_same(const struct bs_sighting *a, const struct bs_sighting *b)
{
	assert_memory_equal(&a->source, &b->source, sizeof(a->source));
	assert_int_equal(a->class, b->class);
	assert_int_equal(a->received_s, b->received_s);
	assert_int_equal(a->door, b->door);
	assert_memory_equal(a->identity, b->identity, BS_KEYHASH_SIZE);
	assert_memory_equal(a->trap, b->trap, BS_KEYHASH_SIZE);
	assert_int_equal(a->more_count, b->more_count);
	assert_memory_equal(a->more, b->more, sizeof(a->more));
	assert_string_equal(a->feed, b->feed);
	assert_int_equal(a->lists, b->lists);
	assert_int_equal(a->has_tag, b->has_tag);
	assert_memory_equal(a->tag, b->tag, BS_KEYHASH_SIZE);
	assert_int_equal(a->facts.action, b->facts.action);
	assert_string_equal(a->facts.status, b->facts.status);
	assert_string_equal(a->facts.helo, b->facts.helo);
	assert_string_equal(a->facts.reporting_mta, b->facts.reporting_mta);
	assert_string_equal(a->facts.subject, b->facts.subject);
}

static void
sightings_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIGHTING_ROWS; i++) {
		const struct sighting_row *row = &sighting_rows[i];
		uint8_t bytes[BS_AHEAD_SIGHTING_MAX + 1];
		struct bs_sighting back;
		size_t size = bs_ahead_encode(&row->sighting, bytes);

		print_message("# %s\n", row->name);
		assert_true(size <= BS_AHEAD_SIGHTING_MAX);
		assert_int_equal(bs_ahead_decode(bytes, size, &back), BS_OK);
		check_same(&row->sighting, &back);
		for (size_t cut = 0; cut < size; cut++)
			assert_int_equal(
			    bs_ahead_decode(bytes, cut, &back), BS_ECORRUPT);
		bytes[size] = 0;
		assert_int_equal(
		    bs_ahead_decode(bytes, size + 1, &back), BS_ECORRUPT);
	}
}

static void
the_largest_sighting(void **state)
{
	struct bs_sighting sighting = sighting_rows[3].sighting, back;
	uint8_t bytes[BS_AHEAD_SIGHTING_MAX];

	(void)state;
	sighting.source.family = BS_IPV6;
	sighting.has_tag = true;
	memset(sighting.feed, 'f', BS_FEED_NAME_MAX);
	memcpy(sighting.facts.status, "5.1.999", BS_EVIDENCE_STATUS_MAX);
	memset(sighting.facts.helo, 'h', BS_EVIDENCE_HOST_MAX);
	memset(sighting.facts.reporting_mta, 'r', BS_EVIDENCE_HOST_MAX);
	memset(sighting.facts.subject, 's', BS_EVIDENCE_SUBJECT_MAX);
	assert_int_equal(
	    bs_ahead_encode(&sighting, bytes), BS_AHEAD_SIGHTING_MAX);
	assert_int_equal(bs_ahead_decode(bytes, sizeof(bytes), &back), BS_OK);
	check_same(&sighting, &back);
}

/* One octet of the least sighting is another one. */
struct damage_row {
	const char *name;
	size_t at;
	uint8_t octet;
	int error;
};

static const struct damage_row damage_rows[] = {
    {"version 0", 0, 0, BS_EVERSION},
    {"version 2", 0, 2, BS_EVERSION},
    {"a flag that is none", 1, 8, BS_ECORRUPT},
    {"a tag that is not there", 1, 2, BS_ECORRUPT},
    {"traps that are not there", 38, 1, BS_ECORRUPT},
    {"a trap too many", 38, BS_POLICY_MORE_TRAPS_MAX + 1, BS_ECORRUPT},
    {"no feed", 39, 0, BS_ECORRUPT},
    {"a feed that is too long", 39, BS_FEED_NAME_MAX + 1, BS_ECORRUPT},
    {"a feed of nothing", 40, 0, BS_ECORRUPT},
    {"a feed of a blank", 40, ' ', BS_ECORRUPT},
    {"evidence of another version", 41, 99, BS_EVERSION},
    {"evidence of nothing", 50, 0, BS_ECORRUPT},
    {"evidence of two", 50, 2, BS_ECORRUPT},
    {"a class that is none", 51, 3, BS_ECORRUPT},
};

static void
damaged_sightings(void **state)
{
	uint8_t good[BS_AHEAD_SIGHTING_MAX];
	size_t size = bs_ahead_encode(&sighting_rows[0].sighting, good);

	(void)state;
	for (size_t i = 0; i < sizeof(damage_rows) / sizeof(damage_rows[0]);
	     i++) {
		const struct damage_row *row = &damage_rows[i];
		uint8_t bytes[BS_AHEAD_SIGHTING_MAX];
		struct bs_sighting back;

		print_message("# %s\n", row->name);
		memcpy(bytes, good, size);
		assert_int_not_equal(bytes[row->at], row->octet);
		bytes[row->at] = row->octet;
		assert_int_equal(
		    bs_ahead_decode(bytes, size, &back), row->error);
	}
}

/* A batch of the first and the third sighting. */
static size_t
make_batch(uint8_t *batch, uint64_t epoch, uint32_t index)
{
	uint8_t *at = batch + BS_AHEAD_HEAD_SIZE;
	struct bs_ahead_head head = {.epoch = epoch, .index = index};

	for (size_t i = 0; i < 3; i += 2) {
		size_t size =
		    bs_ahead_encode(&sighting_rows[i].sighting, at + 2);

		bs_put_be16(at, (uint16_t)size);
		at += 2 + size;
	}
	head.size = (size_t)(at - batch) - BS_AHEAD_HEAD_SIZE;
	assert_int_equal(bs_ahead_seal(&head, batch), BS_OK);
	return (size_t)(at - batch);
}

static void
batches(void **state)
{
	uint8_t batch[2 * BS_AHEAD_SIGHTING_MAX + 100];
	size_t size = make_batch(batch, UINT64_MAX - 1, 7);
	struct bs_rest rest = {batch, sizeof(batch)}, sightings;
	struct bs_ahead_head head;
	struct bs_sighting back;

	(void)state;
	assert_int_equal(bs_ahead_open(&rest, &head, &sightings), BS_OK);
	assert_true(head.epoch == UINT64_MAX - 1);
	assert_int_equal(head.index, 7);
	assert_int_equal(head.size, size - BS_AHEAD_HEAD_SIZE);
	assert_int_equal(bs_ahead_next(&sightings, &back), BS_OK);
	check_same(&back, &sighting_rows[0].sighting);
	assert_int_equal(bs_ahead_next(&sightings, &back), BS_OK);
	check_same(&back, &sighting_rows[2].sighting);
	assert_int_equal(bs_ahead_next(&sightings, &back), BS_ENOTFOUND);
	/* not all of it is there, or not as it was */
	for (rest.size = 0; rest.size < size; rest.size++)
		assert_int_equal(
		    bs_ahead_open(&rest, &head, &sightings), BS_ENOTFOUND);
	for (size_t i = 0; i < size; i++) {
		batch[i] ^= 1;
		assert_int_equal(bs_ahead_open(&rest, &head, &sightings),
		    i == 7 ? BS_EVERSION : BS_ENOTFOUND);
		batch[i] ^= 1;
	}
	assert_int_equal(bs_ahead_open(&rest, &head, &sightings), BS_OK);
}

/* Sizes that lead behind the end. */
static void
sizes_of_sightings(void **state)
{
	uint8_t bytes[64] = {0xff, 0xff};
	struct bs_rest rest = {bytes, sizeof(bytes)};
	struct bs_sighting back;

	(void)state;
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ECORRUPT);
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ENOTFOUND);
	rest = (struct bs_rest){bytes, 1};
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ECORRUPT);
	assert_int_equal(bs_ahead_next(&rest, &back), BS_ENOTFOUND);
	/* one that does not decode is passed over */
	bytes[0] = 0;
	bytes[1] = 10;
	rest = (struct bs_rest){bytes, sizeof(bytes)};
	assert_int_equal(bs_ahead_next(&rest, &back), BS_EVERSION);
	assert_int_equal(rest.size, sizeof(bytes) - 12);
}

static void
epochs(void **state)
{
	uint8_t bytes[BS_EPOCH_VALUE_SIZE];
	uint64_t epoch;

	(void)state;
	bs_epoch_encode(0x1122334455667788u, bytes);
	assert_int_equal(bs_epoch_decode(bytes, sizeof(bytes), &epoch), BS_OK);
	assert_true(epoch == 0x1122334455667788u);
	assert_int_equal(bs_epoch_decode(bytes, 0, &epoch), BS_ECORRUPT);
	assert_int_equal(
	    bs_epoch_decode(bytes, sizeof(bytes) - 1, &epoch), BS_ECORRUPT);
	bytes[0] = 2;
	assert_int_equal(
	    bs_epoch_decode(bytes, sizeof(bytes), &epoch), BS_EVERSION);
}

/* --- a store -------------------------------------------------------------- */

static void
write_ahead(struct fixture *fixture)
{
	if (bs_store_write_ahead(fixture->store, &fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
}

static struct bs_writer *
begin_ahead(struct fixture *fixture)
{
	struct bs_writer *writer = begin_at(fixture, T0);

	assert_int_equal(bs_writer_recover(writer, &fixture->policy), BS_OK);
	return writer;
}

/* A bounce of 192.0.2.HOST; each host is listed by its first. */
static struct bs_sighting
of_host(struct fixture *fixture, unsigned host)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, "192.0.2.0", BS_BOUNCE, T0, 1);

	sighting.source.octet[3] = (uint8_t)host;
	return sighting;
}

static void
take_in(struct fixture *fixture, struct bs_writer *writer, unsigned host)
{
	struct bs_sighting sighting = of_host(fixture, host);
	enum bs_outcome outcome;

	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, &sighting, &outcome),
	    BS_OK);
	assert_int_equal(outcome, BS_OUTCOME_LISTED);
}

/* The process dies, and another one begins. */
static void
crash(struct fixture *fixture)
{
	char copy[64] = "/tmp/bs-ahead.XXXXXX", command[256];
	int file = mkstemp(copy);

	/* what the end of a store writes to the file is undone */
	assert_true(file >= 0);
	(void)snprintf(command, sizeof(command), "cp '%s' %s",
	    file_in(fixture, BS_STORE_AHEAD_NAME), copy);
	assert_int_equal(system(command), 0);
	bs_store_free(&fixture->store);
	(void)snprintf(command, sizeof(command), "cat %s >'%s'", copy,
	    file_in(fixture, BS_STORE_AHEAD_NAME));
	assert_int_equal(system(command), 0);
	assert_int_equal(close(file), 0);
	assert_int_equal(unlink(copy), 0);
	fixture->store = open_store(fixture);
}

static unsigned
hits_of(struct fixture *fixture, const char *prefix)
{
	struct bs_listing listing;

	if (!get(fixture, prefix, &listing))
		return 0;
	return listing.class[bs_class_index(BS_BOUNCE)].hits;
}

static void
recover(struct fixture *fixture)
{
	write_ahead(fixture);
	commit(begin_ahead(fixture));
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
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	/* who does not ask for it, does not lose it */
	pass(fixture, T0);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 0);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 2);
	/* not over what may be needed once more */
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	bs_writer_abort(&writer);
	writer = begin_ahead(fixture);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 0);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 2);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
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
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
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

/* Changes one octet of the file. */
static void
damage(struct fixture *fixture, off_t at)
{
	int file = open(file_in(fixture, BS_STORE_AHEAD_NAME), O_RDWR);
	uint8_t octet;

	assert_int_equal(pread(file, &octet, 1, at), 1);
	octet ^= 0xff;
	assert_int_equal(pwrite(file, &octet, 1, at), 1);
	assert_int_equal(close(file), 0);
}

/* A file that was cut behind what it has is made as long again. */
static void
a_file_too_short(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	struct stat status;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
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
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 4);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
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
		writer = begin_ahead(fixture);
		take_in(fixture, writer, host);
		assert_int_equal(bs_writer_secure(writer), BS_OK);
		commit(writer);
		bs_store_free(&fixture->store);
		assert_int_equal(
		    unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
		fixture->store = open_store(fixture);
	}
	write_ahead(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 4);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
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
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	take_in(fixture, writer, 2);
	assert_int_equal(bs_writer_secure(writer), BS_EBUSY);
	commit(writer);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
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
		struct bs_writer *writer = begin_ahead(fixture);

		take_in(fixture, writer, (unsigned)due + 1);
		assert_int_equal(bs_writer_secure(writer), BS_OK);
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
	const size_t blocks = BS_AHEAD_BYTES / BS_AHEAD_BLOCK;
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
	writer = begin_ahead(fixture);
	take_in(fixture, writer, (unsigned)blocks + 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	crash(fixture);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, blocks + 2);
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
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 251);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
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
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
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

/* --- with an empty or another database -------------------------------------- */

/* Who takes the database away to start an empty list gets an empty one. */
static void
a_new_database(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	bs_store_free(&fixture->store);
	assert_int_equal(unlink(file_in(fixture, "data.mdb")), 0);
	assert_int_equal(unlink(file_in(fixture, "lock.mdb")), 0);
	fixture->store = open_store(fixture);
	assert_int_equal(
	    access(file_in(fixture, BS_STORE_AHEAD_NAME), F_OK), -1);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

/* What a backup is restored over is not taken in again. */
static void
a_database_restored(void **state)
{
	struct fixture *fixture = *state;
	struct bs_store_hold *hold;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_ahead(fixture);
	take_in(fixture, writer, 1);
	assert_int_equal(bs_writer_secure(writer), BS_OK);
	bs_writer_abort(&writer);
	bs_store_free(&fixture->store);
	assert_int_equal(
	    bs_store_hold_new(fixture->path, &hold, &fixture->message), BS_OK);
	bs_store_hold_forget_ahead(hold);
	bs_store_hold_free(&hold);
	fixture->store = open_store(fixture);
	recover(fixture);
	assert_int_equal(stats_at(fixture, T0).listings_ipv4, 0);
}

#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sightings_there_and_back),
	    cmocka_unit_test(the_largest_sighting),
	    cmocka_unit_test(damaged_sightings),
	    cmocka_unit_test(batches),
	    cmocka_unit_test(sizes_of_sightings),
	    cmocka_unit_test(epochs),
	    CASE(in_the_database_after_a_crash),
	    CASE(in_the_database_after_a_failure),
	    CASE(committed_is_over),
	    CASE(a_file_too_short),
	    CASE(half_a_batch),
	    CASE(older_batches_behind),
	    CASE(another_file),
	    CASE(a_file_without_a_name),
	    CASE(an_end_in_order),
	    CASE(no_more_room),
	    CASE(too_many_at_once),
	    CASE(of_another_process),
	    CASE(of_another_version),
	    CASE(no_file_can_be),
	    CASE(a_new_database),
	    CASE(a_database_restored),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
