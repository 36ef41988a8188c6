/*
 * What the tests of the store share, on real LMDB in a folder that goes afterwards.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "store_fixture.h"

int
fixture_folder(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (fixture == NULL)
		return -1;
	/* in memory where there is room for it: thousands of commits */
	(void)snprintf(fixture->path, sizeof(fixture->path),
	    "%s/bs-store.XXXXXX",
	    access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
	bs_policy_defaults(&fixture->policy);
	fixture->policy.documentation_space = true;
	*state = fixture;
	return mkdtemp(fixture->path) == NULL ? -1 : 0;
}

int
fixture_open(void **state)
{
	int failed = fixture_folder(state);

	if (failed != 0)
		return failed;
	((struct fixture *)*state)->store = open_store(*state);
	return 0;
}

int
fixture_close(void **state)
{
	struct fixture *fixture = *state;
	char command[128];

	bs_store_free(&fixture->store);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", fixture->path);
	free(fixture);
	return system(command);
}

struct bs_store *
open_store(struct fixture *fixture)
{
	/* as bs_store_open has them, but tests jump through time */
	const struct bs_store_limits limits = {
	    .map_bytes = BS_STORE_MAP_BYTES,
	    .journal_entries = BS_STORE_JOURNAL_ENTRIES,
	    .journal_s = BS_STORE_JOURNAL_S,
	    .changes = BS_STORE_CHANGES,
	    .held = 5,
	};
	struct bs_store *store;

	if (bs_store_open_with(fixture->path, BS_STORE_WRITE, &limits, &store,
		&fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
	return store;
}

const char *
file_in(struct fixture *fixture, const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", fixture->path, name);
	return path;
}

void
write_file(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(close(fd), 0);
}

struct bs_writer *
begin_at(struct fixture *fixture, uint32_t now_s)
{
	struct bs_writer *writer;

	if (bs_writer_begin(fixture->store, now_s, "test", &writer,
		&fixture->message) != BS_OK)
		fail_msg("%s", fixture->message.text);
	return writer;
}

void
commit(struct bs_writer *writer)
{
	struct bs_message message;

	if (bs_writer_commit(&writer, &message) != BS_OK)
		fail_msg("%s", message.text);
	assert_null(writer);
}

struct bs_sighting
sighting_of(struct fixture *fixture, const char *source, enum bs_class class,
    uint32_t received_s, unsigned trap)
{
	struct bs_sighting sighting = {
	    .source = addr_of(source),
	    .class = class,
	    .received_s = received_s,
	    .feed = BS_FEED_LOCAL,
	    .lists = true,
	};

	bs_put_be64(sighting.identity, ++fixture->identity);
	bs_put_be32(sighting.trap, trap);
	return sighting;
}

enum bs_outcome
see(struct fixture *fixture, uint32_t now_s, const struct bs_sighting *sighting)
{
	struct bs_writer *writer = begin_at(fixture, now_s);
	enum bs_outcome outcome;

	assert_int_equal(
	    bs_writer_sighting(writer, &fixture->policy, sighting, &outcome),
	    BS_OK);
	commit(writer);
	return outcome;
}

enum bs_outcome
see_new(struct fixture *fixture, uint32_t now_s, const char *source,
    enum bs_class class)
{
	struct bs_sighting sighting =
	    sighting_of(fixture, source, class, now_s, 1);

	return see(fixture, now_s, &sighting);
}

void
add(struct fixture *fixture, uint32_t now_s, const char *prefix,
    bs_classes classes, uint32_t expires_s)
{
	struct bs_writer *writer = begin_at(fixture, now_s);
	struct bs_prefix parsed = prefix_of(prefix);
	bool new;

	assert_int_equal(
	    bs_writer_add(writer, &parsed, classes, expires_s, "by hand", &new),
	    BS_OK);
	commit(writer);
}

void
remove_at(struct fixture *fixture, uint32_t now_s, const char *prefix)
{
	struct bs_writer *writer = begin_at(fixture, now_s);
	struct bs_prefix parsed = prefix_of(prefix);

	assert_int_equal(bs_writer_remove(writer, &parsed, "asked"), BS_OK);
	commit(writer);
}

void
pass(struct fixture *fixture, uint32_t now_s)
{
	commit(begin_at(fixture, now_s));
}

struct bs_snapshot *
snapshot_now(struct fixture *fixture)
{
	struct bs_snapshot *snapshot;

	assert_int_equal(
	    bs_snapshot_new(fixture->store, &snapshot, NULL), BS_OK);
	assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
	return snapshot;
}

bs_classes
cover(struct fixture *fixture, const char *addr)
{
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	struct bs_addr parsed = addr_of(addr);
	struct bs_cover covering;

	assert_int_equal(
	    bs_snapshot_cover(snapshot, &parsed, BS_CLASSES_ALL, &covering),
	    BS_OK);
	bs_snapshot_free(&snapshot);
	return covering.classes;
}

uint64_t
number(struct fixture *fixture)
{
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	uint64_t last = bs_snapshot_number(snapshot);

	bs_snapshot_free(&snapshot);
	return last;
}

struct bs_store_stats
stats_at(struct fixture *fixture, uint32_t now_s)
{
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	struct bs_store_stats stats;

	assert_int_equal(bs_snapshot_stats(snapshot, now_s, &stats), BS_OK);
	bs_snapshot_free(&snapshot);
	return stats;
}

bool
get(struct fixture *fixture, const char *prefix, struct bs_listing *listing_r)
{
	struct bs_snapshot *snapshot = snapshot_now(fixture);
	struct bs_prefix parsed = prefix_of(prefix);
	int error = bs_snapshot_get(snapshot, &parsed, listing_r);

	bs_snapshot_free(&snapshot);
	assert_true(error == BS_OK || error == BS_ENOTFOUND);
	return error == BS_OK;
}
