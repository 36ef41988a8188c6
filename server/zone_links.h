/*
 * What static names of a zone have to do with each other: aliases and their
 * targets (CNAME), delegations and the addresses of their name servers (glue).
 */
#ifndef SERVER_ZONE_LINKS_H
#define SERVER_ZONE_LINKS_H

#include "zone.h"

/* Addresses of a name server that lies in the zone. */
struct zone_glue {
	uint16_t name_at; /* of the server's name, in the NS set's bytes */
	bool needed; /* it lies at or below the cut: RFC 9471 section 3.1 */
	const struct zone_set *set;
};

/* A name that other servers serve with all below it. */
struct zone_cut {
	const struct zone_set *servers; /* NS */
	struct zone_glue *glue;         /* those that are needed first */
	size_t glue_count;
};

/* A name that stands for another. */
struct zone_alias {
	const struct zone_set *set;     /* CNAME, one record */
	bool inside;                    /* the target is of this zone */
	uint8_t target[DNAME_SIZE_MAX]; /* then: labels before the zone's
					   name, lower case */
	uint8_t target_size;
	const struct zone_node *next; /* the target where that is an alias
					 too, else NULL */
};

/* Makes the links of a zone that has all its nodes.  BS_ENOMEM. */
int zone_link(struct zone *zone);

/* Frees those of a node. */
void zone_unlink(struct zone_node *node);

/* The cut that a name (labels before the zone's, lower case) lies at or below;
 * NULL for none. */
const struct zone_node *zone_find_cut(
    const struct zone *zone, const uint8_t *labels, size_t size);

#endif
