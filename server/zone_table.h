/*
 * All zones that are served, and how the one that a name lies in is found.
 */
#ifndef SERVER_ZONE_TABLE_H
#define SERVER_ZONE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "digest.h"
#include "guard.h"
#include "zone.h"

/* All zones, longest name first. */
struct zone_table {
	struct zone **zone;
	size_t count;
	uint16_t *bucket; /* index of zones by name + 1, 0: free; NULL: few */
	size_t bucket_mask;
	struct guard *guard; /* NULL: guard_default is in force */
};

/*
 * Reads all master files of the configuration and builds the table.  Every
 * error of every file is reported ("FILE:LINE: what: remedy").  BS_ECONFIG: a
 * file's content is wrong, or no zone is configured; else, where files can't
 * be read, why not the first of them (BS_ENOTFOUND, BS_EACCES, BS_EIO).
 */
int zone_table_load(const struct bs_config *config, bs_config_report *report,
    void *context, struct zone_table **table_r);

/* A table of `count` zones without a guard, which are taken (freed if it fails: BS_ENOMEM). */
int zone_table_new(
    struct zone **zones, size_t count, struct zone_table **table_r);
void zone_table_free(struct zone_table **table);

/*
 * The zone with the longest name that `name` (lower case, `size` bytes with
 * the root label) lies in or equals; NULL for none.
 */
const struct zone *zone_table_find(
    const struct zone_table *table, const uint8_t *name, size_t size);

/*
 * Of the same name that lies in `zone`: the zone that answers for its DS
 * records.  Where it is that zone's own name, and another one delegates it,
 * that is the other (RFC 4035 section 3.1.4.1).
 */
const struct zone *zone_table_find_ds(const struct zone_table *table,
    const struct zone *zone, const uint8_t *name, size_t size);

/* What all answers but the listed ones depend on, hashed: when it differs
 * from what was served before, secondaries have to hear of it. */
int zone_table_digest(
    const struct zone_table *table, uint8_t digest_r[BS_DIGEST_SIZE]);

#endif
