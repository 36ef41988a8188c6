/*
 * Zone content: what a name of a zone is, by its static records, the test
 * points and the listings: what RFC 4592 says about the set of names that
 * zonecontent.h makes of these.
 *
 * Addresses get exactly that.  Where a lookup takes a listing for granted
 * (snapshot_lookup.h says where), a name that is no address may be found empty
 * that is a wildcard's or is not there at all.
 *
 * Listings are reached through a struct lookup, so that this stays free of
 * I/O; in the server it is a snapshot of the store (snapshot_lookup.h).
 */
#ifndef SERVER_CONTENT_H
#define SERVER_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"
#include "zone.h"

/* How to ask for listings that have one of the classes `served` and are not
 * exempt, as store.h says.  All functions return 0, or an enum bs_error. */
struct lookup {
	void *context;
	int (*cover)(void *context, const struct bs_addr *addr,
	    bs_classes served, struct bs_cover *cover_r);
	int (*cover_prefix)(void *context, const struct bs_prefix *prefix,
	    bs_classes served, struct bs_cover *cover_r, unsigned *clear_r);
	int (*any_inside)(void *context, const struct bs_prefix *prefix,
	    bs_classes served, bool *any_r);
	/* a question about a name will follow (wire form, as it came, `size`
	 * bytes from there on), so that its memory can be fetched meanwhile;
	 * NULL: no use */
	void (*expect)(void *context, const uint8_t *name, size_t size);
	uint32_t serial; /* of the state that they answer from */
	int error;       /* not 0: there is no such state, ask nothing */
};

enum content_kind {
	CONTENT_ERROR,  /* the listings can't be read */
	CONTENT_NONE,   /* no such name */
	CONTENT_EMPTY,  /* a name without records of its own */
	CONTENT_STATIC, /* a name of the master file */
	CONTENT_LISTED, /* a listed address, or a test point */
	CONTENT_CUT,    /* at or below a delegation */
	CONTENT_BEYOND, /* an alias's target outside of the zone */
};

struct content {
	enum content_kind kind;
	const struct zone_node *node;  /* STATIC, CUT: the node */
	const struct zone_node *alias; /* what was asked for, where it is
					  one and the others are of its last
					  target; NULL */
	bs_classes classes;            /* LISTED: those that the zone serves */
	bool test;                     /* LISTED: a test point */
	struct bs_prefix prefix; /* LISTED: what its TXT names, the narrowest
				    listing with a class that the zone serves */
};

/* What `size` bytes of labels (lower case, before the zone's name) are. */
struct content content_find(const struct zone *zone,
    const struct lookup *lookup, const uint8_t *labels, size_t size);

/* What a node that is an alias stands for, at the end of all aliases (RFC 1034
 * section 4.3.2, step 3a). */
struct content content_follow(const struct zone *zone,
    const struct lookup *lookup, const struct zone_node *alias);

#endif
