/*
 * A generation: all that was read from configuration and zone files at one
 * time.  It never changes; a reload makes another one and the workers take that
 * on between two batches, so that no answer ever mixes two.
 */
#ifndef SERVER_GENERATION_H
#define SERVER_GENERATION_H

#include "config.h"
#include "digest.h"
#include "zone_table.h"

struct generation {
	struct bs_config *config;
	struct zone_table *zones; /* NULL until generation_load_zones */
	/* of all that answers depend on but listings */
	uint8_t digest[BS_DIGEST_SIZE];
};

/* Reads the configuration only.  Errors of both as of bs_config_load and
 * zone_table_load; each is reported. */
int generation_new(const char *path, bs_config_report *report, void *context,
    struct generation **generation_r);

/* Reads the zones that it names. */
int generation_load_zones(
    struct generation *generation, bs_config_report *report, void *context);

void generation_free(struct generation **generation);

/* What `after` takes over from `before`, where its files do not say: the secret
 * of cookies that was made at random, so that clients' cookies stay good. */
void generation_inherit(
    const struct generation *before, struct generation *after);

/*
 * Whether `after` can take the place of `before` in a running server.  Every
 * setting that needs a restart is reported: as an error where `after` could not
 * be served (BS_ECONFIG), as a warning where it is without effect until then.
 * Warns as well of zones that have lost most of their records.  `started` is the
 * configuration that the server was started with.
 */
int generation_follows(const struct generation *before,
    const struct generation *after, const struct bs_config *started,
    bs_config_report *report, void *context);

#endif
