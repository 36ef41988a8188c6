/*
 * Names of what is listed: a node of the tree of reversed names (RFC 5782
 * sections 2.1 and 2.4) with its answer.  zonecontent.h says which there are.
 *
 * A node is a prefix of whole labels: 0 to 4 octets, or 0 to 32 nibbles.
 */
#ifndef BS_ZONENAME_H
#define BS_ZONENAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"

/* A name: it has an A record 127.0.0.`answer` and a TXT record. */
struct bs_zonename {
	struct bs_prefix node; /* one address: its own name; else a wildcard */
	struct bs_prefix prefix; /* that TXT names */
	bs_classes classes;      /* that TXT names: all covering, served ones */
	bool test;               /* a test point */
	uint8_t answer;          /* last octet of A */
};

/* "*." and the labels of 31 nibbles, with a NUL. */
#define BS_ZONENAME_TEXT_MAX 64

/* Bits of a label: 8 or 4. */
unsigned bs_zonename_step(uint8_t family);

/*
 * Whether a wildcard may stand at a node without listing the other family:
 * IPv4 labels have one with two digits or more, IPv6 nodes 4 labels or more.
 * What may stand at a node may at all below it.
 */
bool bs_zonename_may_stand(const struct bs_prefix *node);

/*
 * Writes a node's name without the zone's: `*.100.51.198` for 3 octets,
 * `7.100.51.198` for an address.  Returns `text`.
 */
char *bs_zonename_format(
    const struct bs_prefix *node, char text[BS_ZONENAME_TEXT_MAX]);

#endif
