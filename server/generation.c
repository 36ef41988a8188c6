/*
 * Reads a generation from its files and holds two against each other.  What is
 * said of mistakes is the business of the readers; who is told, of the callers:
 * startup.c and reload.c.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "generation.h"

/* A zone that loses more than half of its records is doubted, unless it had
 * but a handful. */
#define DOUBT_RECORDS 8

int
generation_new(const char *path, bs_config_report *report, void *context,
    struct generation **generation_r)
{
	struct generation *generation = calloc(1, sizeof(*generation));
	int result;

	if (generation == NULL) {
		report(context, true, "out of memory: add some");
		return BS_ENOMEM;
	}
	result = bs_config_load(path, report, context, &generation->config);
	if (result == BS_OK)
		*generation_r = generation;
	else
		free(generation);
	return result;
}

int
generation_load_zones(
    struct generation *generation, bs_config_report *report, void *context)
{
	struct zone_table *zones;
	struct bs_message message;
	int result =
	    zone_table_load(generation->config, report, context, &zones);

	if (result != BS_OK)
		return result;
	result = zone_table_digest(zones, generation->digest);
	if (result == BS_OK) {
		generation->zones = zones;
		return BS_OK;
	}
	zone_table_free(&zones);
	bs_message_set(&message,
	    "digest of the zones: %s: check memory and libcrypto",
	    bs_strerror(result));
	report(context, true, message.text);
	return result;
}

void
generation_free(struct generation **generation)
{
	if (*generation == NULL)
		return;
	zone_table_free(&(*generation)->zones);
	bs_config_free(&(*generation)->config);
	free(*generation);
	*generation = NULL;
}

void
generation_inherit(const struct generation *before, struct generation *after)
{
	const struct guard *had = before->zones->guard;
	struct guard *has = after->zones->guard;

	if (before->config->cookie_secret_file == NULL &&
	    after->config->cookie_secret_file == NULL && had != NULL &&
	    has != NULL)
		has->secrets = had->secrets;
}

/* --- one after the other ----------------------------------------------------- */

static bool
has_endpoint(const struct bs_config *config, const struct bs_endpoint *endpoint)
{
	for (size_t i = 0; i < config->listen_count; i++) {
		const struct bs_endpoint *other = &config->listen[i].endpoint;

		if (other->port == endpoint->port &&
		    bs_addr_compare(&other->addr, &endpoint->addr) == 0)
			return true;
	}
	return false;
}

/* Sockets are opened at the start, when there may be more rights. */
static int
compare_listen(const struct bs_config *before, const struct bs_config *after,
    bs_config_report *report, void *context)
{
	char text[BS_ENDPOINT_TEXT_MAX];
	struct bs_message message;
	int result = BS_OK;

	for (size_t i = 0; i < after->listen_count; i++) {
		const struct bs_config_listen *listen = &after->listen[i];

		if (has_endpoint(before, &listen->endpoint))
			continue;
		bs_message_set(&message,
		    "%s:%u: listen: %s: is new: restart backstopd, a reload "
		    "opens no sockets",
		    after->path, listen->line,
		    bs_endpoint_format(&listen->endpoint, text));
		report(context, true, message.text);
		result = BS_ECONFIG;
	}
	for (size_t i = 0; i < before->listen_count; i++) {
		const struct bs_endpoint *endpoint =
		    &before->listen[i].endpoint;

		if (has_endpoint(after, endpoint))
			continue;
		bs_message_set(&message,
		    "%s: listen: %s: is gone: restart backstopd, a reload "
		    "closes no sockets",
		    after->path, bs_endpoint_format(endpoint, text));
		report(context, true, message.text);
		result = BS_ECONFIG;
	}
	return result;
}

static int
compare_database(const struct bs_config *before, const struct bs_config *after,
    bs_config_report *report, void *context)
{
	struct bs_message message;

	if (strcmp(before->database, after->database) == 0)
		return BS_OK;
	bs_message_set(&message,
	    "%s:%u: database: %s: was %s: restart backstopd, a reload opens no "
	    "other database",
	    after->path, after->database_line, after->database,
	    before->database);
	report(context, true, message.text);
	return BS_ECONFIG;
}

/* NULL where it is not set. */
static bool
differs(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a != b;
	return strcmp(a, b) != 0;
}

/* What has no effect before the next start, and does no harm until then. */
static void
compare_rest(const struct bs_config *before, const struct bs_config *after,
    bs_config_report *report, void *context)
{
	const struct {
		const char *key;
		bool differs;
	} rows[] = {
	    {"control", strcmp(before->control, after->control) != 0},
	    {"user", differs(before->user, after->user)},
	    {"workers", before->workers != after->workers},
	    {"tcp-connections",
		before->tcp_connections != after->tcp_connections},
	    {"tcp-idle", before->tcp_idle_s != after->tcp_idle_s},
	};
	struct bs_message message;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].differs)
			continue;
		bs_message_set(&message,
		    "%s: %s: is new and without effect so far: restart "
		    "backstopd",
		    after->path, rows[i].key);
		report(context, false, message.text);
	}
}

static size_t
count_records(const struct zone *zone)
{
	size_t count = 0;

	for (size_t i = 0; i < zone->node_count; i++)
		for (size_t j = 0; j < zone->node[i].set_count; j++)
			count += zone->node[i].set[j].count;
	return count;
}

static const struct zone *
find_zone(const struct zone_table *zones, const struct zone *like)
{
	for (size_t i = 0; i < zones->count; i++) {
		const struct zone *zone = zones->zone[i];

		if (zone->name_size == like->name_size &&
		    memcmp(zone->name, like->name, like->name_size) == 0)
			return zone;
	}
	return NULL;
}

/* A file that was cut short may still be a zone. */
static void
compare_zones(const struct zone_table *before, const struct zone_table *after,
    bs_config_report *report, void *context)
{
	struct bs_message message;

	for (size_t i = 0; i < before->count; i++) {
		const struct zone *zone = find_zone(after, before->zone[i]);
		size_t had = count_records(before->zone[i]), has;

		if (zone == NULL || had < DOUBT_RECORDS)
			continue;
		has = count_records(zone);
		if (has >= had / 2)
			continue;
		bs_message_set(&message,
		    "zone %s: its file has %zu records, it had %zu: look "
		    "whether the file is whole",
		    zone->text, has, had);
		report(context, false, message.text);
	}
}

int
generation_follows(const struct generation *before,
    const struct generation *after, const struct bs_config *started,
    bs_config_report *report, void *context)
{
	int listening = compare_listen(started, after->config, report, context);
	int database =
	    compare_database(started, after->config, report, context);

	if (listening != BS_OK || database != BS_OK)
		return BS_ECONFIG;
	compare_rest(started, after->config, report, context);
	compare_zones(before->zones, after->zones, report, context);
	return BS_OK;
}
