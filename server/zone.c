/*
 * Builds zones from configuration and master files, and finds them and their
 * static names.  The finders are on the query path: they read only, allocate
 * nothing.  Listed names are not here but in the database (content.c).
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "dns.h"
#include "zone.h"

#define RECORD_HEAD 12 /* owner's pointer, type, class, TTL, size */

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

const struct zone *
zone_table_find(
    const struct zone_table *table, const uint8_t *name, size_t size)
{
	for (size_t i = 0; i < table->count; i++)
		if (zone_has(table->zone[i], name, size))
			return table->zone[i];
	return NULL;
}

/* FNV-1a. */
static uint32_t
hash_owner(const uint8_t *owner, size_t size)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ owner[i]) * 16777619u;
	return hash;
}

const struct zone_node *
zone_find_node(const struct zone *zone, const uint8_t *owner, size_t size)
{
	size_t at = hash_owner(owner, size) & zone->bucket_mask;

	for (; zone->bucket[at] != 0; at = (at + 1) & zone->bucket_mask) {
		const struct zone_node *node =
		    &zone->node[zone->bucket[at] - 1];

		if (node->owner_size == size &&
		    memcmp(node->owner, owner, size) == 0)
			return node;
	}
	return NULL;
}

const struct zone_set *
zone_node_set(const struct zone_node *node, uint16_t type)
{
	for (size_t i = 0; i < node->set_count; i++)
		if (node->set[i].type == type)
			return &node->set[i];
	return NULL;
}

/* --- building ------------------------------------------------------------ */

/* How many nodes the records can make: each label of an owner may be one. */
static size_t
count_names(const struct zonefile *zonefile)
{
	size_t count = 1;

	for (size_t i = 0; i < zonefile->count; i++) {
		const struct zonefile_record *record = &zonefile->record[i];

		for (size_t at = 0; at < record->owner_size;
		     at += 1u + record->owner[at])
			count++;
	}
	return count;
}

static bool
make_tables(struct zone *zone, size_t names)
{
	size_t buckets = 8;

	while (buckets < 2 * names)
		buckets *= 2;
	zone->node = calloc(names, sizeof(*zone->node));
	zone->bucket = calloc(buckets, sizeof(*zone->bucket));
	zone->bucket_mask = buckets - 1;
	return zone->node != NULL && zone->bucket != NULL;
}

/* The node of a name, made where there is none yet; NULL: out of memory. */
static struct zone_node *
make_node(struct zone *zone, const uint8_t *owner, size_t size)
{
	const struct zone_node *found = zone_find_node(zone, owner, size);
	struct zone_node *node = &zone->node[zone->node_count];
	size_t at = hash_owner(owner, size) & zone->bucket_mask;

	if (found != NULL)
		return &zone->node[found - zone->node];
	node->owner = malloc(size + 1);
	if (node->owner == NULL)
		return NULL;
	memcpy(node->owner, owner, size);
	node->owner_size = (uint8_t)size;
	while (zone->bucket[at] != 0)
		at = (at + 1) & zone->bucket_mask;
	zone->bucket[at] = (uint32_t)++zone->node_count;
	return node;
}

/* The set that a record goes into, at the end of its node's sets. */
static struct zone_set *
make_set(struct zone_node *node, uint16_t type)
{
	struct zone_set *set;

	if (node->set_count > 0 && node->set[node->set_count - 1].type == type)
		return &node->set[node->set_count - 1];
	set = reallocarray(node->set, node->set_count + 1u, sizeof(*set));
	if (set == NULL)
		return NULL;
	node->set = set;
	set = &node->set[node->set_count++];
	*set = (struct zone_set){.type = type};
	return set;
}

/* RFC 2181 section 5.2: the TTLs of a set are one; the lowest is taken. */
static void
level_ttls(struct zone_set *set)
{
	uint32_t lowest_s = UINT32_MAX;
	uint8_t *end = set->bytes + set->size, *at;

	for (at = set->bytes; at < end; at += RECORD_HEAD + dns_get16(at + 10))
		if (dns_get32(at + 6) < lowest_s)
			lowest_s = dns_get32(at + 6);
	for (at = set->bytes; at < end; at += RECORD_HEAD + dns_get16(at + 10))
		dns_put32(at + 6, lowest_s);
}

static bool
add_to_set(struct zone_set *set, const struct zonefile_record *record)
{
	size_t size = set->size + RECORD_HEAD + record->data_size;
	uint8_t *bytes = realloc(set->bytes, size), *at;

	if (bytes == NULL)
		return false;
	at = bytes + set->size;
	dns_put16(at, 0xc000 | DNS_HEADER_SIZE);
	dns_put16(at + 2, record->type);
	dns_put16(at + 4, DNS_CLASS_IN);
	dns_put32(at + 6, record->ttl_s);
	dns_put16(at + 10, record->data_size);
	memcpy(at + RECORD_HEAD, record->data, record->data_size);
	set->bytes = bytes;
	set->size = size;
	set->count++;
	level_ttls(set);
	return true;
}

/* The record, and the names above it, which exist by it (RFC 4592 section
 * 2.2.2). */
static bool
add_record(struct zone *zone, const struct zonefile_record *record)
{
	struct zone_node *node =
	    make_node(zone, record->owner, record->owner_size);
	struct zone_set *set;

	if (node == NULL)
		return false;
	set = make_set(node, record->type);
	if (set == NULL || !add_to_set(set, record))
		return false;
	for (size_t at = 0; at < record->owner_size;
	     at += 1u + record->owner[at])
		if (make_node(zone, record->owner + at,
			record->owner_size - at) == NULL)
			return false;
	return true;
}

/* The SOA's last field is MINIMUM. */
static void
note_soa(struct zone *zone)
{
	const struct zone_set *soa;
	uint32_t ttl_s, minimum_s;

	zone->apex = zone_find_node(zone, zone->name, 0);
	soa = zone->apex != NULL ? zone_node_set(zone->apex, DNS_SOA) : NULL;
	if (soa == NULL)
		return;
	ttl_s = dns_get32(soa->bytes + 6);
	minimum_s = dns_get32(soa->bytes + soa->size - 4);
	zone->soa = soa;
	zone->negative_ttl_s = ttl_s < minimum_s ? ttl_s : minimum_s;
}

int
zone_new(const struct bs_config_zone *config, const struct zonefile *zonefile,
    struct zone **zone_r)
{
	struct zone *zone = calloc(1, sizeof(*zone));
	size_t size;
	int result = BS_ENOMEM;

	if (zone == NULL)
		return BS_ENOMEM;
	result = dname_parse(config->name, zone->name, &size);
	if (result != BS_OK)
		goto out;
	zone->name_size = (uint8_t)size;
	(void)dname_format(zone->name, size, zone->text);
	zone->classes = config->classes;
	zone->ttl_s = config->ttl_s;
	zone->flat = config->flat;
	zone->txt = strdup(config->txt);
	result = BS_ENOMEM;
	if (zone->txt == NULL || !make_tables(zone, count_names(zonefile)))
		goto out;
	for (size_t i = 0; i < zonefile->count; i++)
		if (!add_record(zone, &zonefile->record[i]))
			goto out;
	note_soa(zone);
	result = zone->soa != NULL ? BS_OK : BS_EINVAL;
out:
	if (result == BS_OK)
		*zone_r = zone;
	else
		zone_free(&zone);
	return result;
}

void
zone_free(struct zone **zone)
{
	struct zone *old = *zone;

	if (old == NULL)
		return;
	for (size_t i = 0; i < old->node_count; i++) {
		for (size_t j = 0; j < old->node[i].set_count; j++)
			free(old->node[i].set[j].bytes);
		free(old->node[i].set);
		free(old->node[i].owner);
	}
	free(old->node);
	free(old->bucket);
	free(old->txt);
	free(old);
	*zone = NULL;
}

/* --- the table ----------------------------------------------------------- */

static int
compare_zones(const void *left, const void *right)
{
	const struct zone *const *a = left, *const *b = right;

	if ((*a)->name_size != (*b)->name_size)
		return (*a)->name_size > (*b)->name_size ? -1 : 1;
	return memcmp((*a)->name, (*b)->name, (*a)->name_size);
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
	*table_r = table;
	return BS_OK;
}

void
zone_table_free(struct zone_table **table)
{
	if (*table == NULL)
		return;
	for (size_t i = 0; i < (*table)->count; i++)
		zone_free(&(*table)->zone[i]);
	free((*table)->zone);
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

int
zone_table_load(const struct bs_config *config, bs_config_report *report,
    void *context, struct zone_table **table_r)
{
	struct zone **zones;
	size_t count = 0;
	int result = BS_OK;

	if (config->zone_count == 0) {
		report_no_zone(config, report, context);
		return BS_ECONFIG;
	}
	zones = calloc(config->zone_count, sizeof(*zones));
	if (zones == NULL)
		return BS_ENOMEM;
	for (size_t i = 0; i < config->zone_count; i++) {
		int loaded = load_zone(
		    config, &config->zone[i], report, context, &zones[count]);

		if (loaded == BS_OK)
			count++;
		else if (loaded == BS_EINVAL || result == BS_OK)
			result = loaded == BS_EINVAL ? BS_ECONFIG : loaded;
	}
	if (result == BS_OK)
		result = zone_table_new(zones, count, table_r);
	else
		for (size_t i = 0; i < count; i++)
			zone_free(&zones[i]);
	free(zones);
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
