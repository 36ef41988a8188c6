/*
 * Zones and listings in memory, for the tests of the server's pure files and
 * its fuzz target.
 *
 * bl.test serves all classes, callout.bl.test only callout, flat.test answers
 * 127.0.0.2 to all, autoreply.bl.test serves only autoreply, closed.test is
 * shut down.
 */
#ifndef TESTS_SERVER_FIXTURE_H
#define TESTS_SERVER_FIXTURE_H

#include "content.h"
#include "zone_table.h"

#define FIXTURE_SERIAL 2026112301u

extern const char fixture_master[]; /* the master file of all */

/* Never NULL: ends the process where it fails. */
struct zone_table *fixture_zones(void);

/* The zone of this name among them, without a final dot. */
const struct zone *fixture_zone(
    const struct zone_table *zones, const char *name);

/* A lookup in the listings of server_fixture.c's table. */
struct lookup fixture_lookup(void);

#endif
