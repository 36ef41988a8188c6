/*
 * The source of a message: the host that handed it to our side.
 */
#ifndef FEED_SOURCE_H
#define FEED_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "ipprefix.h"

#include "received.h"

#define SOURCE_REASON_MAX 200

/* Whose Received lines are believed; all borrowed. */
struct source_trust {
	const struct bs_prefix *relays;
	size_t relay_count;
	char *const *by;
	size_t by_count;
	size_t hops; /* topmost lines that are ours; 0: not told */
};

struct source {
	bool has_source;
	struct bs_addr source;
	char reason[SOURCE_REASON_MAX]; /* how it was found, or why not */
	/* what our own MTA found to be the source's name, and the name that
	 * the source said; "" where unknown */
	char helo[RECEIVED_HELO_MAX];
	bool top_is_ours;
	size_t ours; /* topmost lines that our side wrote */
};

/* What the configuration trusts in our own mailboxes. */
struct source_trust source_trust_of(const struct bs_config *config);

/*
 * Finds the source: the peer of values[0], the topmost Received line; while it
 * lies in the relays, the peer of the next.  Where `by` is set, the topmost line
 * must be by one of those hosts, and delivery steps inside them (LMTP, say) are
 * passed over.  With hops the search begins at the last of so many lines, all of
 * which are ours.  Documentation and multicast addresses, which samples use for
 * real ones, are a source (the policy decides about them); other reserved space
 * is none.
 */
void source_find(const struct source_trust *trust, char *const *values,
    size_t count, struct source *source_r);

#endif
