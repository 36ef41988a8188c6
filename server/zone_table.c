/*
 * The table of all zones: reads their master files, finds the zone of a name,
 * and knows whether anything of it has changed.  zone_table_find is on the query
 * path: a handful of zones is walked, the longest name first; more are found by
 * hashes of their names.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "revname.h"
#include "zone_links.h"
#include "zone_table.h"

/* --- finding ------------------------------------------------------------- */

static bool
zone_has(const struct zone *zone, const uint8_t *name, size_t size)
{
	size_t before, at = 0;

	if (size < zone->name_size)
		return false;
	before = size - zone->name_size;
	if (memcmp(name + before, zone->name, zone->name_size) != 0)
		return false;
	/* equal bytes must also begin at a label */
	while (at < before)
		at += 1u + name[at];
	return at == before;
}

/* Where there are more zones than this they are found by hashes. */
#define WALKED_MAX 8

#define HASH_START 2166136261u
#define HASH_FACTOR 16777619u

/* Goes on with a name's hash: label by label, from its end. */
static uint32_t
hash_label(uint32_t hash, const uint8_t *label)
{
	for (size_t i = 0; i <= label[0]; i++)
		hash = (hash ^ label[i]) * HASH_FACTOR;
	return hash;
}

/* The zone of exactly this name, by its hash. */
static const struct zone *
find_hashed(const struct zone_table *table, uint32_t hash, const uint8_t *name,
    size_t size)
{
	for (size_t i = hash & table->bucket_mask; table->bucket[i] != 0;
	     i = (i + 1) & table->bucket_mask) {
		const struct zone *zone = table->zone[table->bucket[i] - 1];

		if (zone->name_size == size &&
		    memcmp(zone->name, name, size) == 0)
			return zone;
	}
	return NULL;
}

/* Where the labels of a name begin, the root's left out; returns how many. */
static size_t
find_labels(const uint8_t *name, uint8_t start[DNAME_SIZE_MAX])
{
	size_t count = 0;

	for (size_t at = 0; name[at] != 0; at += 1u + name[at])
		start[count++] = (uint8_t)at;
	return count;
}

/* From the root towards the name itself, as far as zones' names reach. */
static const struct zone *
find_by_hash(const struct zone_table *table, const uint8_t *name, size_t size)
{
	size_t longest = table->zone[0]->name_size;
	uint8_t start[DNAME_SIZE_MAX];
	size_t count = find_labels(name, start);
	uint32_t hash = HASH_START;
	const struct zone *best = find_hashed(table, hash, name + size - 1, 1);

	while (count-- > 0 && size - start[count] <= longest) {
		const struct zone *zone;

		hash = hash_label(hash, name + start[count]);
		zone = find_hashed(
		    table, hash, name + start[count], size - start[count]);
		if (zone != NULL)
			best = zone;
	}
	return best;
}

const struct zone *
zone_table_find(
    const struct zone_table *table, const uint8_t *name, size_t size)
{
	if (table->bucket != NULL)
		return find_by_hash(table, name, size);
	for (size_t i = 0; i < table->count; i++)
		if (zone_has(table->zone[i], name, size))
			return table->zone[i];
	return NULL;
}

/* The zone next above a name that is a zone's own; NULL for none. */
static const struct zone *
find_above(const struct zone_table *table, const uint8_t *name, size_t size)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->zone[i]->name_size < size &&
		    zone_has(table->zone[i], name, size))
			return table->zone[i];
	return NULL;
}

const struct zone *
zone_table_find_ds(const struct zone_table *table, const struct zone *zone,
    const uint8_t *name, size_t size)
{
	const struct zone *above;
	const struct zone_node *node;

	if (size != zone->name_size)
		return zone;
	above = find_above(table, name, size);
	if (above == NULL)
		return zone;
	node = zone_find_node(above, name, size - above->name_size);
	return node != NULL && node->cut != NULL ? above : zone;
}

/* --- building ------------------------------------------------------------ */

/* An alias's target in a zone below is that zone's, so it is left to who asked
 * to ask for that. */
static void
end_aliases(const struct zone_table *table, struct zone *zone)
{
	for (size_t i = 0; i < zone->node_count; i++) {
		struct zone_alias *alias = zone->node[i].alias;
		uint8_t name[DNAME_SIZE_MAX];

		if (alias == NULL || !alias->inside)
			continue;
		memcpy(name, alias->target, alias->target_size);
		memcpy(name + alias->target_size, zone->name, zone->name_size);
		if (zone_table_find(table, name,
			(size_t)alias->target_size + zone->name_size) == zone)
			continue;
		alias->inside = false;
		alias->next = NULL;
	}
}

static int
compare_zones(const void *left, const void *right)
{
	const struct zone *const *a = left, *const *b = right;

	if ((*a)->name_size != (*b)->name_size)
		return (*a)->name_size > (*b)->name_size ? -1 : 1;
	return memcmp((*a)->name, (*b)->name, (*a)->name_size);
}

static uint32_t
hash_name(const uint8_t *name)
{
	uint8_t start[DNAME_SIZE_MAX];
	size_t count = find_labels(name, start);
	uint32_t hash = HASH_START;

	while (count-- > 0)
		hash = hash_label(hash, name + start[count]);
	return hash;
}

/* At most half of the buckets are taken. */
static bool
index_zones(struct zone_table *table)
{
	size_t buckets = 1;

	if (table->count <= WALKED_MAX)
		return true;
	while (buckets < 2 * table->count)
		buckets *= 2;
	table->bucket = calloc(buckets, sizeof(*table->bucket));
	if (table->bucket == NULL)
		return false;
	table->bucket_mask = buckets - 1;
	for (size_t i = 0; i < table->count; i++) {
		size_t at = hash_name(table->zone[i]->name);

		while (table->bucket[at & table->bucket_mask] != 0)
			at++;
		table->bucket[at & table->bucket_mask] = (uint16_t)(i + 1);
	}
	return true;
}

int
zone_table_new(struct zone **zones, size_t count, struct zone_table **table_r)
{
	struct zone_table *table = calloc(1, sizeof(*table));

	if (table != NULL)
		table->zone = calloc(count + 1, sizeof(*table->zone));
	if (table == NULL || table->zone == NULL) {
		free(table);
		for (size_t i = 0; i < count; i++)
			zone_free(&zones[i]);
		return BS_ENOMEM;
	}
	for (size_t i = 0; i < count; i++)
		table->zone[i] = zones[i];
	table->count = count;
	qsort(table->zone, count, sizeof(*table->zone), compare_zones);
	if (!index_zones(table)) {
		zone_table_free(&table);
		return BS_ENOMEM;
	}
	for (size_t i = 0; i < count; i++)
		end_aliases(table, table->zone[i]);
	*table_r = table;
	return BS_OK;
}

void
zone_table_free(struct zone_table **table)
{
	if (*table == NULL)
		return;
	guard_free(&(*table)->guard);
	for (size_t i = 0; i < (*table)->count; i++)
		zone_free(&(*table)->zone[i]);
	free((*table)->zone);
	free((*table)->bucket);
	free(*table);
	*table = NULL;
}

/* Reads one zone's file and builds it; every error is reported. */
static int
load_zone(const struct bs_config *config, const struct bs_config_zone *entry,
    bs_config_report *report, void *context, struct zone **zone_r)
{
	struct zonefile *zonefile = NULL;
	uint8_t name[DNAME_SIZE_MAX];
	struct bs_message where, message;
	struct zonefile_source source = {
	    .path = entry->file,
	    .name = name,
	    .where = where.text,
	    .report = report,
	    .context = context,
	};
	int result;

	bs_message_set(&where, "%s:%u: zone", config->path, entry->file_line);
	result = dname_parse(entry->name, name, &source.name_size);
	if (result == BS_OK) {
		result = zonefile_load(&source, &zonefile);
		if (result != BS_OK)
			return result; /* reported */
		result = zone_new(entry, zonefile, zone_r);
	}
	zonefile_free(&zonefile);
	if (result != BS_OK) {
		bs_message_set(&message,
		    "%s:%u: zone: %s: %s: write a domain name", config->path,
		    entry->line, entry->name, bs_strerror(result));
		report(context, true, message.text);
	}
	return result;
}

static void
report_no_zone(
    const struct bs_config *config, bs_config_report *report, void *context)
{
	struct bs_message message;

	bs_message_set(&message,
	    "%s:1: zone: none configured, so there is nothing to serve: add "
	    "`zone: [{name: bl.example, file: bl.example.zone}]`",
	    config->path);
	report(context, true, message.text);
}

/* A zone of this configuration that lies below another one. */
struct lower {
	const struct bs_config_zone *entry;
	const struct zone *above;
	uint8_t name[DNAME_SIZE_MAX];
	size_t before; /* bytes of the name before the upper zone's */
};

/* Names below an octet or a nibble are the upper zone's addresses, which the
 * lower one would hide (RFC 5782 section 2.3). */
static bool
lies_among_addresses(const struct lower *lower)
{
	size_t last = 0;

	for (size_t at = 0; at < lower->before; at += 1u + lower->name[at])
		last = at;
	return revname_is_top(lower->name + last + 1, lower->name[last]);
}

/* Whether the upper zone delegates it: this server answers for it all the same,
 * another one that has only the upper one says it is not there. */
static bool
is_delegated(const struct lower *lower)
{
	const struct zone_node *node =
	    zone_find_node(lower->above, lower->name, lower->before);

	return node != NULL && node->cut != NULL;
}

static int
check_lower(const char *path, const struct lower *lower,
    bs_config_report *report, void *context)
{
	const struct bs_config_zone *entry = lower->entry;
	const char *above = lower->above->text;
	char label[DNAME_TEXT_MAX];
	struct bs_message message;

	if (lies_among_addresses(lower)) {
		bs_message_set(&message,
		    "%s:%u: zone[].name: %s: lies among the reversed addresses "
		    "of %s and would hide them: use a name whose label before "
		    "%s is neither a number nor a single hexadecimal digit",
		    path, entry->line, entry->name, above, above);
		report(context, true, message.text);
		return BS_ECONFIG;
	}
	if (!is_delegated(lower)) {
		bs_message_set(&message,
		    "%s:%u: zone[].name: %s: the file of %s does not delegate "
		    "it, so resolvers may not find it: add a line like `%s NS "
		    "ns` to that file",
		    path, entry->line, entry->name, above,
		    dname_format(lower->name, lower->before, label));
		report(context, false, message.text);
	}
	return BS_OK;
}

static int
check_lower_zones(const struct bs_config *config,
    const struct zone_table *table, bs_config_report *report, void *context)
{
	int result = BS_OK;

	for (size_t i = 0; i < config->zone_count; i++) {
		struct lower lower = {.entry = &config->zone[i]};
		size_t size;

		if (dname_parse(lower.entry->name, lower.name, &size) != BS_OK)
			continue;
		lower.above = find_above(table, lower.name, size);
		if (lower.above == NULL)
			continue;
		lower.before = size - lower.above->name_size;
		if (check_lower(config->path, &lower, report, context) != BS_OK)
			result = BS_ECONFIG;
	}
	return result;
}

int
zone_table_load(const struct bs_config *config, bs_config_report *report,
    void *context, struct zone_table **table_r)
{
	struct zone **zones;
	struct zone_table *table = NULL;
	struct guard *guard = NULL;
	size_t count = 0;
	int result;

	if (config->zone_count == 0) {
		report_no_zone(config, report, context);
		return BS_ECONFIG;
	}
	zones = calloc(config->zone_count, sizeof(*zones));
	if (zones == NULL)
		return BS_ENOMEM;
	result = guard_load(config, report, context, &guard);
	for (size_t i = 0; i < config->zone_count; i++) {
		int loaded = load_zone(
		    config, &config->zone[i], report, context, &zones[count]);

		if (loaded == BS_OK)
			count++;
		else if (loaded == BS_EINVAL || result == BS_OK)
			result = loaded == BS_EINVAL ? BS_ECONFIG : loaded;
	}
	if (result == BS_OK)
		result = zone_table_new(zones, count, &table);
	else
		for (size_t i = 0; i < count; i++)
			zone_free(&zones[i]);
	free(zones);
	if (table == NULL) {
		guard_free(&guard);
		return result;
	}
	table->guard = guard;
	result = check_lower_zones(config, table, report, context);
	if (result == BS_OK)
		*table_r = table;
	else
		zone_table_free(&table);
	return result;
}

/* --- the digest ---------------------------------------------------------- */

static void
digest_zone(struct bs_digest *digest, const struct zone *zone)
{
	bs_digest_add(digest, zone->name, zone->name_size);
	bs_digest_add_number(digest, zone->classes);
	bs_digest_add_number(digest, zone->ttl_s);
	bs_digest_add_number(digest, zone->flat);
	bs_digest_add_number(digest, zone->shutdown);
	bs_digest_add(digest, zone->txt, strlen(zone->txt));
	bs_digest_add_number(digest, zone->node_count);
	for (size_t i = 0; i < zone->node_count; i++) {
		const struct zone_node *node = &zone->node[i];

		bs_digest_add(digest, node->owner, node->owner_size);
		bs_digest_add_number(digest, node->set_count);
		for (size_t j = 0; j < node->set_count; j++)
			bs_digest_add(
			    digest, node->set[j].bytes, node->set[j].size);
	}
}

int
zone_table_digest(
    const struct zone_table *table, uint8_t digest_r[BS_DIGEST_SIZE])
{
	struct bs_digest *digest = bs_digest_new();

	if (digest == NULL)
		return BS_ENOMEM;
	bs_digest_add_number(digest, table->count);
	for (size_t i = 0; i < table->count; i++)
		digest_zone(digest, table->zone[i]);
	return bs_digest_end(&digest, digest_r);
}
