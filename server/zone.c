/*
 * Builds a zone from its configuration and master file, and finds its static
 * names.  The finders are on the query path: they read only, allocate nothing.
 * Listed names are not here but in the database (content.c).
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#include "dns.h"
#include "zone_links.h"

#define RECORD_HEAD 12 /* owner's pointer, type, class, TTL, size */
#define NOTICE_TTL_S 86400

/* --- finding ------------------------------------------------------------- */

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

	for (at = set->bytes; at < end;
	     at += RECORD_HEAD + bs_get_be16(at + 10))
		if (bs_get_be32(at + 6) < lowest_s)
			lowest_s = bs_get_be32(at + 6);
	for (at = set->bytes; at < end;
	     at += RECORD_HEAD + bs_get_be16(at + 10))
		bs_put_be32(at + 6, lowest_s);
}

static bool
add_to_set(struct zone_set *set, const struct zonefile_record *record)
{
	size_t size = set->size + RECORD_HEAD + record->data_size;
	uint8_t *bytes = realloc(set->bytes, size), *at;

	if (bytes == NULL)
		return false;
	at = bytes + set->size;
	bs_put_be16(at, 0xc000 | DNS_HEADER_SIZE);
	bs_put_be16(at + 2, record->type);
	bs_put_be16(at + 4, DNS_CLASS_IN);
	bs_put_be32(at + 6, record->ttl_s);
	bs_put_be16(at + 10, record->data_size);
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

/* Tells people who look why a zone that is shut down is silent, unless the
 * master file does. */
static bool
add_notice(struct zone *zone)
{
	uint8_t data[] = "?" ZONE_SHUTDOWN_NOTICE;
	const struct zonefile_record record = {
	    .type = DNS_TXT,
	    .ttl_s = NOTICE_TTL_S,
	    .data = data,
	    .data_size = sizeof(data) - 1,
	};
	const struct zone_node *apex = zone_find_node(zone, zone->name, 0);

	data[0] = sizeof(ZONE_SHUTDOWN_NOTICE) - 1;
	if (apex != NULL && zone_node_set(apex, DNS_TXT) != NULL)
		return true;
	return add_record(zone, &record);
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
	ttl_s = bs_get_be32(soa->bytes + 6);
	minimum_s = bs_get_be32(soa->bytes + soa->size - 4);
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
	zone->shutdown = config->shutdown;
	zone->txt = strdup(config->txt);
	result = BS_ENOMEM;
	if (zone->txt == NULL || !make_tables(zone, count_names(zonefile)))
		goto out;
	for (size_t i = 0; i < zonefile->count; i++)
		if (!add_record(zone, &zonefile->record[i]))
			goto out;
	if (zone->shutdown && !add_notice(zone))
		goto out;
	if (config->allow_count + config->deny_count > 0 &&
	    access_new((struct access_list){config->allow, config->allow_count},
		(struct access_list){config->deny, config->deny_count},
		&zone->access) != BS_OK)
		goto out;
	note_soa(zone);
	result = zone->soa != NULL ? zone_link(zone) : BS_EINVAL;
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
		zone_unlink(&old->node[i]);
		free(old->node[i].set);
		free(old->node[i].owner);
	}
	access_free(&old->access);
	free(old->node);
	free(old->bucket);
	free(old->txt);
	free(old);
	*zone = NULL;
}
