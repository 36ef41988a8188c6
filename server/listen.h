/*
 * Whether the endpoints of `listen` can be served, and if not, why not and
 * what to do, before anything is bound for good.
 */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include <stdbool.h>

#include "config.h"

/*
 * Tries to bind each endpoint and lets it go again; every failure is reported.
 * Nobody else may have a socket there, since SO_REUSEPORT would share it
 * silently; with `running_is_fine` (for -t) a socket of the same user that
 * shares, as a running backstopd's, is no failure.  BS_OK or BS_ESYSTEM.
 */
int listen_check(const struct bs_config *config, bool running_is_fine,
    bs_config_report *report, void *context);

/* "FILE:LINE: listen: ADDRESS@PORT: what: remedy" for an errno of bind. */
void listen_explain(const struct bs_config *config,
    const struct bs_config_listen *listen, int reason,
    struct bs_message *message);

#endif
