/*
 * Genuine or not: whether a notice answers a message that we sent.
 */
#ifndef FEED_GENUINE_H
#define FEED_GENUINE_H

#include <stdbool.h>

#include "batv.h"
#include "config.h"
#include "facts.h"

/* What is known of the message that a notice answers. */
enum genuine {
	GENUINE_RELAY,    /* it passed a relay of ours */
	GENUINE_FOREIGN,  /* it never did: another sent it in our name */
	GENUINE_UNTAGGED, /* a domain that tags all its mail, and no tag */
	GENUINE_UNKNOWN,  /* a domain that sends mail, and no proof */
	GENUINE_TRAP,     /* a domain that never sends mail */
};

struct genuine_found {
	bool has_tag; /* one of our keys made it: ours, if it holds */
	struct bs_tag tag;
	enum genuine without; /* what is known without the tag */
};

/*
 * Looks for a tag in the addresses that the notice came to and in the header
 * of the message that it returns, made by one of `keys` (may be none); then, where the trap
 * is of config's tag.domains, for `relays` in that header.  `trap`: the
 * notice's recipient, lower case, without tag.  Whether the tag still holds is for who knows the time.
 */
void genuine_find(const struct bs_config *config,
    const struct bs_tag_keys *keys, const struct facts *facts, const char *trap,
    struct genuine_found *found_r);

/* "the returned message passed a relay of ours" ...  Static storage. */
const char *genuine_text(enum genuine genuine);

#endif
