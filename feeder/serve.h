/*
 * `backstop-feed serve`: the trap's mail exchanger.
 */
#ifndef FEED_SERVE_H
#define FEED_SERVE_H

#include "config.h"
#include "error.h"
#include "log.h"

/*
 * Serves until SIGTERM or SIGINT, then ends in order: each message that got its
 * 250 is on disk.  SIGHUP has the configuration read again; where it has
 * errors the old one stays.  `config` is taken.
 */
enum bs_exit serve(const struct bs_log *log, struct bs_config *config);

#endif
