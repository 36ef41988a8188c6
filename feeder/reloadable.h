/*
 * Whether a process that serves may go over to another configuration.
 */
#ifndef FEED_RELOADABLE_H
#define FEED_RELOADABLE_H

#include <stdbool.h>

#include "config.h"

/* What reloadable looks at, for a message. */
#define RELOADABLE_FIXED                                      \
	"database, trap-key, feed-control, user, listeners, " \
	"smtp.hostname, feed-workers or the way of role mail"

/* Whether nothing differs between the two that only a start can take in: what was
 * bound, opened, dropped or confined to.  Both borrowed. */
bool reloadable(const struct bs_config *old, const struct bs_config *config);

#endif
