/*
 * The policy: from sightings of a source to a listing, or not.  Pure: structs
 * in, a verdict out, no clock, no I/O.  lib/store gathers what it asks for.
 *
 * A class lists when it was seen at least `hits` times, on at least `traps`
 * different traps, within `window_s` before the newest sighting; it then stays
 * listed until `expire_s` after its last sighting.
 */
#ifndef BS_POLICY_H
#define BS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"

/* What the configuration may ask for: more hits or traps than that are never
 * counted, and a removal is remembered as long as the longest expiry. */
#define BS_POLICY_HITS_MAX 1000u
#define BS_POLICY_EXPIRE_MAX_S (2080u * 7 * 24 * 60 * 60) /* 40 years */

/* How one class lists.  The defaults are in the configuration's table. */
struct bs_policy_class {
	uint32_t hits;     /* at least 1 */
	uint32_t traps;    /* at least 1 */
	uint32_t window_s; /* seconds */
	uint32_t expire_s; /* seconds after the last sighting */
};

struct bs_policy {
	struct bs_policy_class class[BS_CLASS_COUNT]; /* by bs_class_index */
	uint8_t ipv6_bits;        /* an IPv6 source lists its prefix: 64 */
	bool documentation_space; /* may documentation addresses be listed? */
	const struct bs_prefix *exempt; /* borrowed */
	size_t exempt_count;
};

/* What the store knows of one source and class when a sighting arrives. */
struct bs_policy_facts {
	bool listed;         /* with this class already: any sighting renews */
	uint32_t hits;       /* sightings in the window, this one included */
	uint32_t traps;      /* different traps among them */
	uint32_t received_s; /* of the sighting under judgement */
	uint32_t removed_s;  /* last removal of the prefix, 0: never */
	uint32_t now_s;
};

enum bs_verdict {
	BS_VERDICT_LIST,     /* list it, or renew its listing */
	BS_VERDICT_COUNT,    /* keep the sighting, too few so far */
	BS_VERDICT_REMOVED,  /* received before a removal: never lists again */
	BS_VERDICT_OLD,      /* older than expire_s: changes nothing */
	BS_VERDICT_EXEMPT,   /* the operator's `exempt` */
	BS_VERDICT_RESERVED, /* reserved address space */
};

/* The built-in defaults of design: bounce, challenge, virus, callout at the
 * first hit; autoreply, subscribe after 3 hits on 2 traps in 7 days. */
void bs_policy_defaults(struct bs_policy *policy_r);

/* The prefix that a source lists as: itself, or its IPv6 /64. */
struct bs_prefix bs_policy_prefix(
    const struct bs_policy *policy, const struct bs_addr *source);

/* Whether the configuration exempts all of a prefix.  An exemption inside it is
 * a hole in its listing, and no reason against one. */
bool bs_policy_is_exempt(
    const struct bs_policy *policy, const struct bs_prefix *prefix);

/* Whether a prefix may be listed at all: BS_VERDICT_LIST, _EXEMPT or
 * _RESERVED.  127.0.0.1 and ::ffff:127.0.0.1 never may (RFC 5782 section 5). */
enum bs_verdict bs_policy_may_list(
    const struct bs_policy *policy, const struct bs_prefix *prefix);

/* The verdict on one sighting whose prefix may be listed. */
enum bs_verdict bs_policy_judge(const struct bs_policy *policy,
    enum bs_class class, const struct bs_policy_facts *facts);

/* The longest expire_s of all classes: how long file identities are kept. */
uint32_t bs_policy_longest_s(const struct bs_policy *policy);

#endif
