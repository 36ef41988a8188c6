/*
 * The milter's process: what runs milter.h, confined, so that its death costs
 * mail servers a session each and nothing else.
 */
#ifndef FEED_MILTERWORK_H
#define FEED_MILTERWORK_H

#include "config.h"
#include "log.h"

/* serve to it, each a message of one byte: read the configuration again. */
#define MILTERWORK_RELOAD 'R'

/* After its socket to serve is closed it ends within this. */
#define MILTERWORK_GRACE_MS 200

/*
 * Serves the socket that milter_open has opened until `control` (a socket of
 * packets) is closed at the other end; each link to a session goes to serve
 * over it.  `config` and `hostname` are borrowed.
 */
void milterwork_run(const struct bs_log *log, const struct bs_config *config,
    const char *hostname, int control);

#endif
