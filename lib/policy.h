/*
 * The policy: from sightings of a source to a listing, or not.  Pure: structs
 * in, a verdict out, no clock, no I/O.  lib/store gathers what it asks for.
 *
 * A class lists when it was seen at least `hits` times, on at least `traps`
 * different traps, within `window_s` before the newest sighting; each feed is
 * judged by itself, and `feeds` of them must agree.  It then stays
 * listed until `expire_s` after its last sighting.
 *
 * Who comes back is listed for longer.  A class that is listed again within
 * `repeat_within_s` after its listing ended by time stays `repeat_factor` times
 * as long, and so on, up to `expire_max_s`.  Sightings that go on only renew a
 * listing: whoever never stops is listed anyway.  What a person took off, or
 * put on, is not held against the host.
 *
 * An IPv6 source lists its prefix of `ipv6_bits`.  Where more than `widen_48` of
 * a /48 were seen within the window, and are listed by that, the /48 is; where
 * more than `widen_32` such /48s of a /32, the /32 is.  What a wide listing
 * covers renews it and makes no more listings of its own.
 */
#ifndef BS_POLICY_H
#define BS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"
#include "listing.h"

/* What the configuration may ask for: more hits or traps than that are never
 * counted, and a removal is remembered as long as the longest expiry. */
#define BS_POLICY_HITS_MAX 1000u
/* Traps of one message that are counted, beside the first. */
#define BS_POLICY_MORE_TRAPS_MAX 7u
#define BS_POLICY_EXPIRE_MAX_S (2080u * 7 * 24 * 60 * 60) /* 40 years */
#define BS_POLICY_FACTOR_MAX 100u
#define BS_POLICY_WIDEN_MAX 1000u
#define BS_POLICY_PUBLISH_MAX_S (7u * 24 * 60 * 60)
/* An ended listing is remembered as long as the history. */
#define BS_POLICY_PAST_MAX_S (400u * 24 * 60 * 60)
/* At live doors a repeat within that is the same sighting: a queue's retry. */
#define BS_POLICY_RETRY_S (7u * 24 * 60 * 60)

/* The name of what our own traps see, among the feeds. */
#define BS_POLICY_FEED_LOCAL "local"

/* How one class lists.  The defaults are in the configuration's table. */
struct bs_policy_class {
	uint32_t hits;     /* at least 1 */
	uint32_t traps;    /* at least 1 */
	uint32_t feeds;    /* so many feeds must have seen enough: 1 */
	uint32_t window_s; /* seconds */
	uint32_t expire_s; /* seconds after the last sighting */

	uint32_t repeat_factor;   /* at least 1; 1: never longer */
	uint32_t repeat_within_s; /* 0: never longer */
	uint32_t expire_max_s;    /* of repeaters; below expire_s: expire_s */
};

/* Who reports sightings beside our own traps: the configuration's `feed`. */
struct bs_policy_feed {
	char *name;
	bs_classes classes;         /* what it may report */
	struct bs_prefix *prefixes; /* where; none: everywhere */
	size_t prefix_count;
	uint32_t traps;            /* of its own; 0: what the class asks for */
	uint32_t max_new_per_hour; /* listings; 0: any number */
	unsigned line;             /* of its name in the configuration */
};

struct bs_policy {
	struct bs_policy_class class[BS_CLASS_COUNT]; /* by bs_class_index */
	uint8_t ipv6_bits; /* an IPv6 source lists its prefix: 64 */
	uint32_t widen_48; /* 0: never */
	uint32_t widen_32; /* 0: never */
	uint32_t tag_uses; /* messages with a tag that are genuine: 20 */
	uint32_t evidence; /* kept of so many sightings of a prefix */
	/* a new listing by sightings becomes public within that; 0: at once */
	uint32_t publish_delay_s;
	bool documentation_space; /* may documentation addresses be listed? */
	const struct bs_prefix *exempt; /* borrowed */
	size_t exempt_count;
	const struct bs_policy_feed *feed; /* borrowed */
	size_t feed_count;
};

/* Where a sighting comes from: what makes two of them the same. */
enum bs_door {
	BS_DOOR_FILES, /* the time received is part of the identity */
	BS_DOOR_LIVE,  /* SMTP, LMTP, milter: it is not */
};

/* The listing of a class that ended by time, as far as it is remembered. */
struct bs_policy_past {
	uint32_t ended_s; /* 0: none */
	uint8_t repeats;  /* how many listings it followed */
};

/* What the store knows of one source and class when a sighting arrives. */
struct bs_policy_facts {
	uint32_t seen_until_s; /* the identity is remembered; 0: is new */
	bool listed;    /* with this class already: any sighting renews */
	uint32_t hits;  /* sightings in the window, this one included */
	uint32_t traps; /* different traps among them */
	/* feeds whose sightings in the window are enough by themselves; 0:
	 * hits and traps are those of one feed */
	uint32_t feeds;
	uint32_t received_s; /* of the sighting under judgement */
	uint32_t removed_s;  /* last removal of it, or around it, 0: never */
	uint32_t now_s;
};

/* When the listings inside a wider prefix were last seen. */
struct bs_policy_times {
	uint32_t seen_s;  /* the one under judgement, part of time_s too */
	uint32_t *time_s; /* borrowed */
	size_t count;
};

enum bs_verdict {
	BS_VERDICT_LIST,     /* list it, or renew its listing */
	BS_VERDICT_COUNT,    /* keep the sighting, too few so far */
	BS_VERDICT_REMOVED,  /* received before a removal: never lists again */
	BS_VERDICT_REPEAT,   /* this very sighting was counted before */
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

/* The feed of a name; NULL: our own traps, or one that is not configured. */
const struct bs_policy_feed *bs_policy_feed(
    const struct bs_policy *policy, const char *name);

/* On how many different traps a feed (NULL as above) must see a source. */
uint32_t bs_policy_traps(
    const struct bs_policy_class *rule, const struct bs_policy_feed *feed);

/* Whether so many sightings of one feed (NULL as above), on so many of its
 * traps, are enough by themselves. */
bool bs_policy_is_enough(const struct bs_policy_class *rule,
    const struct bs_policy_feed *feed, uint32_t hits, uint32_t traps);

/* How many ended listings a new one follows: 0 unless what is known of the
 * past says that this sighting is a relapse, or part of a late one. */
uint8_t bs_policy_repeats(const struct bs_policy_class *rule,
    const struct bs_policy_past *past, uint32_t received_s);

/* When a class ends that was last seen then.  Never BS_LISTING_FOREVER. */
uint32_t bs_policy_expires_s(
    const struct bs_policy_class *rule, uint8_t repeats, uint32_t last_s);

/* No sighting from before that is of any use to a class. */
uint32_t bs_policy_oldest_s(const struct bs_policy_class *rule, uint32_t now_s);

/* The longest expire_s of all classes: mail older than that never counts. */
uint32_t bs_policy_longest_s(const struct bs_policy *policy);

/* Until when the identity of a sighting that came in now is remembered: from
 * files as long as it may count; then it is old. */
uint32_t bs_policy_seen_until_s(
    const struct bs_policy *policy, enum bs_door door, uint32_t now_s);

/* Whether a prefix may be listed because of what is inside: not across an
 * exemption either, though that would be a hole in it. */
bool bs_policy_may_widen(
    const struct bs_policy *policy, const struct bs_prefix *wider);

/*
 * The prefix that too many listings like this one widen to, and how many are
 * too many (more than *limit_r).  False where there is none.
 */
bool bs_policy_wider(const struct bs_policy *policy,
    const struct bs_prefix *prefix, struct bs_prefix *wider_r,
    uint32_t *limit_r);

/*
 * Whether more than `limit` of the times, when listings inside one wider prefix
 * were last seen, lie within one window that holds times->seen_s; *newest_s_r is the
 * newest of them then.  Sorts the times.
 */
bool bs_policy_widens(const struct bs_policy_class *rule, uint32_t limit,
    struct bs_policy_times *times, uint32_t *newest_s_r);

#endif
