/*
 * snapshot_lookup.c: what the query path asks of a real database, and that a
 * record that can't be read is remembered for the log.
 */
#include "autoconf.h"

#include "snapshot_lookup.h"
#include "store_fixture.h"

#include <string.h>

/* Overwrites the listing of a prefix behind the store's back. */
static void
damage(struct fixture *fixture, const char *text)
{
	struct bs_prefix prefix = prefix_of(text);
	uint8_t bytes[BS_LISTING_KEY_MAX];
	char garbage[] = "garbage";
	MDB_val key = {
	    .mv_size = bs_listing_key(&prefix, bytes), .mv_data = bytes};
	MDB_val value = {.mv_size = sizeof(garbage), .mv_data = garbage};
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(fixture->store->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_put(txn, fixture->store->dbi[BS_TABLE_LISTING4],
			     &key, &value, 0),
	    0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void
answers_and_remembers(void **state)
{
	struct fixture *fixture = *state;
	struct bs_addr good = addr_of("198.51.100.7");
	struct bs_addr bad = addr_of("198.51.100.8");
	struct bs_prefix above = prefix_of("198.51.100.8/31");
	struct snapshot_lookup from = {.snapshot = NULL};
	struct lookup lookup;
	struct bs_cover cover_of;
	bool any;

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, BS_LISTING_FOREVER);
	add(fixture, T0, "198.51.100.8", BS_BOUNCE, BS_LISTING_FOREVER);
	assert_int_equal(
	    bs_snapshot_new(fixture->store, &from.snapshot, NULL), BS_OK);
	lookup = snapshot_lookup_renew(&from);
	assert_int_equal(lookup.error, 0);
	assert_int_equal(
	    lookup.cover(lookup.context, &bad, BS_CLASSES_ALL, &cover_of), 0);
	assert_int_equal(cover_of.classes, BS_BOUNCE);
	assert_int_equal(from.failed, 0);
	bs_snapshot_release(from.snapshot);

	damage(fixture, "198.51.100.8");
	lookup = snapshot_lookup_renew(&from);
	assert_int_equal(lookup.error, 0);
	assert_int_equal(
	    lookup.cover(lookup.context, &good, BS_CLASSES_ALL, &cover_of), 0);
	assert_int_equal(from.failed, 0);
	assert_int_equal(
	    lookup.cover(lookup.context, &bad, BS_CLASSES_ALL, &cover_of),
	    BS_ECORRUPT);
	assert_int_equal(from.failed, BS_ECORRUPT);

	lookup = snapshot_lookup_renew(&from);
	assert_int_equal(from.failed, 0);
	assert_int_equal(
	    lookup.any_inside(lookup.context, &above, BS_CLASSES_ALL, &any),
	    BS_ECORRUPT);
	assert_int_equal(from.failed, BS_ECORRUPT);
	bs_snapshot_free(&from.snapshot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		answers_and_remembers, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
