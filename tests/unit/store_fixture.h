/*
 * What the tests of the store share: a folder of its own for each case, a
 * database in it, and short words for what is done to it.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "store_private.h"

#define DAY_S (24u * 60 * 60)
#define WEEK_S (7 * DAY_S)
#define T0 1800000000u /* the time in most tests */

struct fixture {
	char path[64];
	struct bs_store *store;
	struct bs_policy policy;
	struct bs_message message;
	uint64_t identity; /* of the next sighting */
};

/* cmocka's set-up and tear-down: an empty folder; the same with a database. */
int fixture_folder(void **state);
int fixture_open(void **state);
int fixture_close(void **state);
/* A case that has a database of its own. */
#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

/* Opens the database of the folder, or fails the test. */
struct bs_store *open_store(struct fixture *fixture);
/* FOLDER/NAME, in static storage. */
const char *file_in(struct fixture *fixture, const char *name);
void write_file(const char *path, const void *bytes, size_t size);

struct bs_writer *begin_at(struct fixture *fixture, uint32_t now_s);
void commit(struct bs_writer *writer);

/* A sighting on trap number `trap`, never seen before. */
struct bs_sighting sighting_of(struct fixture *fixture, const char *source,
    enum bs_class class, uint32_t received_s, unsigned trap);
/* In a transaction of its own, at a time. */
enum bs_outcome see(struct fixture *fixture, uint32_t now_s,
    const struct bs_sighting *sighting);
enum bs_outcome see_new(struct fixture *fixture, uint32_t now_s,
    const char *source, enum bs_class class);
void add(struct fixture *fixture, uint32_t now_s, const char *prefix,
    bs_classes classes, uint32_t expires_s);
void remove_at(struct fixture *fixture, uint32_t now_s, const char *prefix);
/* An empty transaction: what time does. */
void pass(struct fixture *fixture, uint32_t now_s);

/* A renewed snapshot, to be freed. */
struct bs_snapshot *snapshot_now(struct fixture *fixture);
/* The classes that cover an address now. */
bs_classes cover(struct fixture *fixture, const char *addr);
uint64_t number(struct fixture *fixture);
struct bs_store_stats stats_at(struct fixture *fixture, uint32_t now_s);
/* The listing; false when there is none. */
bool get(
    struct fixture *fixture, const char *prefix, struct bs_listing *listing_r);

#endif
