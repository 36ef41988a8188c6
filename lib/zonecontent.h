/*
 * Zone content: which names a zone has by what is listed.
 *
 * Listings, exemptions and a zone's settings are mapped to one set of names,
 * wildcards included; what RFC 4592 says about that set is what the query path
 * (server/content.c), transfers and exports answer.  Pure: what it reads comes
 * from functions of the caller, what it makes goes to the caller name by name.
 *
 * Think of a tree for each family, cut at the labels: an IPv4 node is 0 to 4
 * octets, an IPv6 node 0 to 32 nibbles.  A node is even when all of it gets
 * its answer from the same listings: some cover the whole node, and none, no
 * exemption and no test point lies inside it.  The set has one name for each
 * widest node that is even and listed:
 *
 *  - a wildcard below the node, `*.100.51.198` for 198.51.100.0/24, or the
 *    node's own name where it is one address.  So nothing else stands below a
 *    node with a wildcard, where it would block its siblings (RFC 4592 section
 *    2.2.2); and what lies beside a hole or a narrower listing is spelled out:
 *    a /32 exempt in a /8 leaves 765 names, a /128 in a /64 240.
 *  - A prefix whose length is no label's end becomes several of them.
 *  - No IPv4 wildcard stands on labels that are all one digit, `*.4.2` would
 *    list 2400::/8 as well, and no IPv6 wildcard on fewer than 4 nibbles,
 *    `*.0.0.2` would list 2.0.0.0/24: there the next label is spelled out.
 *  - Classes are those of all covering listings (that the zone serves); TXT
 *    names the narrowest of these listings.
 *  - An exemption of any length beats listings of any length.  ::ffff:0:0/96
 *    and 127.0.0.1 are always exempt.
 *  - Test points (testpoint.h) beat both.
 *  - A zone that is shut down has no names at all.
 */
#ifndef BS_ZONECONTENT_H
#define BS_ZONECONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"
#include "zonename.h"

/*
 * Where listings and exemptions of one state come from.  Each function gives the next one
 * in the order of bs_prefix_compare (that of bs_snapshot_next), BS_ENOTFOUND
 * after the last, or another enum bs_error, which ends the making of names.
 */
struct bs_zonecontent_input {
	void *context; /* borrowed */
	int (*next_listing)(
	    void *context, struct bs_prefix *prefix_r, bs_classes *classes_r);
	int (*next_exemption)(void *context, struct bs_prefix *prefix_r);
};

/* What a zone's configuration says. */
struct bs_zonecontent_settings {
	bs_classes served; /* listings without one of these are none */
	bool flat;         /* all answers are 127.0.0.2 */
	bool shutdown;     /* nothing is listed, no test point either */
};

/* Covering listings of an address are at most one of each length. */
#define BS_ZONECONTENT_DEPTH 129

/* One of the inputs, and its first item that was not used yet. */
struct bs_zonecontent_source {
	bool started, ended;
	struct bs_prefix prefix;
	bs_classes classes;
};

enum bs_zonecontent_kind {
	BS_ZONECONTENT_LISTING,
	BS_ZONECONTENT_EXEMPTION,
	BS_ZONECONTENT_BUILTIN, /* test points, and what is always exempt */
};
#define BS_ZONECONTENT_KINDS 3

/* The making of a zone's names: bounded, whatever the number of listings.  Its
 * fields are zonecontent.c's own. */
struct bs_zonecontent {
	struct bs_zonecontent_input input;
	struct bs_zonecontent_settings settings;
	struct bs_zonecontent_source source[BS_ZONECONTENT_KINDS];
	unsigned builtin; /* index of the next one */
	struct bs_prefix node;
	bool done;
	/* what covers the node: listings, the widest first, each with the
	 * classes of all up to it; an exemption */
	struct {
		struct bs_prefix prefix;
		bs_classes classes;
	} covering[BS_ZONECONTENT_DEPTH];
	size_t depth;
	bool exempt;
	struct bs_prefix exemption;
};

/* Begins; nothing is asked of the input yet.  Nothing has to be freed. */
void bs_zonecontent_start(struct bs_zonecontent *content,
    const struct bs_zonecontent_input *input,
    const struct bs_zonecontent_settings *settings);

/*
 * The next name: IPv4 first, then by address.  BS_ENOTFOUND after the last;
 * BS_ECORRUPT when the input is out of order or has a length that no address
 * has; else what the input returned.  Each item of input costs a bounded number
 * of steps, and so does each name.
 */
int bs_zonecontent_next(
    struct bs_zonecontent *content, struct bs_zonename *name_r);

#endif
