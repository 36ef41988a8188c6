/*
 * What `serve` may reach once it serves.
 */
#ifndef FEED_SERVECONFINE_H
#define FEED_SERVECONFINE_H

#include <stdbool.h>

#include "config.h"
#include "log.h"

/* Leaves the process what serving by this configuration needs, and logs that.
 * False: it could not, which is logged. */
bool serveconfine(const struct bs_log *log, const struct bs_config *config);

#endif
