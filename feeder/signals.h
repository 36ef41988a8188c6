/*
 * Signals: named yes/no questions about facts, for the rules.
 */
#ifndef FEED_SIGNALS_H
#define FEED_SIGNALS_H

#include <stdbool.h>

#include "facts.h"

/* Whether the signal of that name holds; false for an unknown name. */
bool signal_holds(const struct facts *facts, const char *name);

/* Whether there is a signal of that name. */
bool signal_exists(const char *name);

#endif
