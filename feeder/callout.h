/*
 * Sender address verification: what a session that ended without its message
 * was about.  Pure.
 */
#ifndef FEED_CALLOUT_H
#define FEED_CALLOUT_H

#include <stdbool.h>

#include "config.h"
#include "envelope.h"

/* Whether it was a callout: a probe sender (callout.senders), and not from our
 * own monitoring (callout.monitors). */
bool callout_is(
    const struct bs_config *config, const struct envelope *envelope);

#endif
