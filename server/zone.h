/*
 * Zones: what is served, built once at start and never changed while it is
 * served.  Static records lie ready in wire form, so that a query is answered
 * by finding and copying.
 */
#ifndef SERVER_ZONE_H
#define SERVER_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access.h"
#include "class.h"
#include "config.h"
#include "dname.h"
#include "zonefile.h"

/* The TXT record of a zone that is shut down. */
#define ZONE_SHUTDOWN_NOTICE                                        \
	"This list is closed and lists nobody: remove it from the " \
	"configuration of your mail server."

/* Records of one type and name: each an owner that points to the question's
 * name (offset 12), then type, class, TTL, size and data. */
struct zone_set {
	uint16_t type;
	uint16_t count;
	size_t size; /* of `bytes` */
	uint8_t *bytes;
};

struct zone_alias; /* zone_links.h */
struct zone_cut;

/* A static name: of the master file, or one above such a name. */
struct zone_node {
	uint8_t *owner; /* labels before the zone's name, lower case */
	uint8_t owner_size;
	uint16_t set_count; /* 0: exists only because of what is below it */
	struct zone_set *set;
	struct zone_alias *alias; /* it stands for another name; NULL */
	struct zone_cut *cut;     /* it is delegated; NULL */
};

struct zone {
	uint8_t name[DNAME_SIZE_MAX]; /* lower-case wire form */
	uint8_t name_size;
	uint16_t slot;             /* where it is counted, see counting.h */
	char text[DNAME_TEXT_MAX]; /* the name for people */
	bs_classes classes;        /* that it serves */
	uint32_t ttl_s;            /* of listed answers */
	bool flat;                 /* answers 127.0.0.2 whatever the classes */
	bool shutdown;             /* lists nothing: RFC 6471 section 3.4 */
	char *txt;                 /* template, see txt.h */
	struct access *access;     /* who may ask; NULL: everybody */

	uint32_t negative_ttl_s; /* min(SOA TTL, MINIMUM), RFC 2308 */
	const struct zone_node *apex;
	const struct zone_set *soa;

	struct zone_node *node;
	size_t node_count;
	size_t cut_count; /* of nodes that are delegated */
	uint32_t *bucket; /* hash table of node index + 1; 0: free */
	size_t bucket_mask;
};

/* Builds one zone; both arguments are copied from.  BS_EINVAL for a name that
 * is none, BS_ENOMEM. */
int zone_new(const struct bs_config_zone *config,
    const struct zonefile *zonefile, struct zone **zone_r);
void zone_free(struct zone **zone);

/* The static name of `size` bytes of labels before the zone's; NULL. */
const struct zone_node *zone_find_node(
    const struct zone *zone, const uint8_t *owner, size_t size);

/* Its records of a type; NULL. */
const struct zone_set *zone_node_set(
    const struct zone_node *node, uint16_t type);

#endif
