/*
 * Links between the nodes of a zone, made once by zone.c, so that answer.c
 * need not look for the addresses that go along with a delegation, nor content.c
 * for an alias's target's name.  That they make sense (no circle, nothing but
 * addresses below a cut) zonefile_names.c has checked.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "dns.h"
#include "zone_links.h"

#define RECORD_HEAD 12 /* as zone.c writes records */
#define GLUE_PER_SERVER 2

/* A name in lower case without the zone's; false where it lies outside. */
static bool
labels_within(const struct zone *zone, const uint8_t *name, size_t size,
    uint8_t labels_r[DNAME_SIZE_MAX], size_t *size_r)
{
	size_t before, at = 0;

	if (size > DNAME_SIZE_MAX || size < zone->name_size)
		return false;
	before = size - zone->name_size;
	for (size_t i = 0; i < size; i++)
		labels_r[i] = dname_lower(name[i]);
	while (at < before)
		at += 1u + labels_r[at];
	*size_r = before;
	return at == before &&
	       memcmp(labels_r + before, zone->name, zone->name_size) == 0;
}

/* --- aliases --------------------------------------------------------------- */

static int
link_alias(struct zone *zone, struct zone_node *node)
{
	const struct zone_set *set = zone_node_set(node, DNS_CNAME);
	struct zone_alias *alias;
	size_t size = 0;

	if (set == NULL)
		return BS_OK;
	alias = calloc(1, sizeof(*alias));
	if (alias == NULL)
		return BS_ENOMEM;
	alias->set = set;
	alias->inside = labels_within(zone, set->bytes + RECORD_HEAD,
	    set->size - RECORD_HEAD, alias->target, &size);
	alias->target_size = (uint8_t)size;
	node->alias = alias;
	return BS_OK;
}

/* When all aliases are known. */
static void
link_chains(struct zone *zone)
{
	for (size_t i = 0; i < zone->node_count; i++) {
		struct zone_alias *alias = zone->node[i].alias;
		const struct zone_node *next;

		if (alias == NULL || !alias->inside)
			continue;
		next = zone_find_node(zone, alias->target, alias->target_size);
		if (next != NULL && next->alias != NULL)
			alias->next = next;
	}
}

/* --- cuts ------------------------------------------------------------------ */

static bool
is_below(const struct zone_node *cut, const uint8_t *labels, size_t size)
{
	size_t at = 0;

	if (size < cut->owner_size)
		return false;
	while (at < size - cut->owner_size)
		at += 1u + labels[at];
	return at == size - cut->owner_size &&
	       memcmp(labels + at, cut->owner, cut->owner_size) == 0;
}

static void
add_glue(struct zone_cut *cut, const struct zone_glue *glue)
{
	size_t at = cut->glue_count++;

	/* those that are needed stand first */
	while (glue->needed && at > 0 && !cut->glue[at - 1].needed) {
		cut->glue[at] = cut->glue[at - 1];
		at--;
	}
	cut->glue[at] = *glue;
}

/* The addresses of the server whose NS record begins at `at`. */
static void
link_server(struct zone *zone, struct zone_node *node, size_t at)
{
	static const uint16_t types[GLUE_PER_SERVER] = {DNS_A, DNS_AAAA};
	const uint8_t *record = node->cut->servers->bytes + at;
	uint8_t labels[DNAME_SIZE_MAX];
	const struct zone_node *server = NULL;
	size_t size;

	if (labels_within(zone, record + RECORD_HEAD, bs_get_be16(record + 10),
		labels, &size))
		server = zone_find_node(zone, labels, size);
	if (server == NULL)
		return;
	for (size_t i = 0; i < GLUE_PER_SERVER; i++) {
		struct zone_glue glue = {
		    .name_at = (uint16_t)(at + RECORD_HEAD),
		    .needed = is_below(node, labels, size),
		    .set = zone_node_set(server, types[i]),
		};

		if (glue.set != NULL)
			add_glue(node->cut, &glue);
	}
}

static int
link_cut(struct zone *zone, struct zone_node *node)
{
	const struct zone_set *servers = zone_node_set(node, DNS_NS);
	struct zone_cut *cut;

	if (servers == NULL || node->owner_size == 0)
		return BS_OK;
	cut = calloc(1, sizeof(*cut));
	if (cut == NULL)
		return BS_ENOMEM;
	node->cut = cut;
	zone->cut_count++;
	cut->servers = servers;
	cut->glue = calloc(
	    (size_t)servers->count * GLUE_PER_SERVER, sizeof(*cut->glue));
	if (cut->glue == NULL)
		return BS_ENOMEM;
	for (size_t at = 0; at < servers->size;
	     at += RECORD_HEAD + bs_get_be16(servers->bytes + at + 10))
		link_server(zone, node, at);
	return BS_OK;
}

const struct zone_node *
zone_find_cut(const struct zone *zone, const uint8_t *labels, size_t size)
{
	const struct zone_node *found = NULL;

	if (zone->cut_count == 0)
		return NULL;
	/* the one nearest to the apex: what is below it is not ours */
	for (size_t at = 0; at < size; at += 1u + labels[at]) {
		const struct zone_node *node =
		    zone_find_node(zone, labels + at, size - at);

		if (node != NULL && node->cut != NULL)
			found = node;
	}
	return found;
}

/* --- all ------------------------------------------------------------------- */

int
zone_link(struct zone *zone)
{
	int result = BS_OK;

	for (size_t i = 0; i < zone->node_count && result == BS_OK; i++) {
		result = link_alias(zone, &zone->node[i]);
		if (result == BS_OK)
			result = link_cut(zone, &zone->node[i]);
	}
	link_chains(zone);
	return result;
}

void
zone_unlink(struct zone_node *node)
{
	if (node->cut != NULL)
		free(node->cut->glue);
	free(node->cut);
	free(node->alias);
	node->cut = NULL;
	node->alias = NULL;
}
