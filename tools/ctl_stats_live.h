/*
 * The numbers of the running daemons, for `stats`.
 */
#ifndef CTL_STATS_LIVE_H
#define CTL_STATS_LIVE_H

#include "ctl.h"

struct bs_json;

enum ctl_daemon {
	CTL_SERVER, /* backstopd */
	CTL_FEEDER, /* backstop-feed serve */
};

/* Writes them below those of the database, or why there are none. */
void ctl_stats_live_text(struct ctl *ctl);

/* A new object of one's; {"running":false} where it does not answer. */
struct bs_json *ctl_stats_live_json(struct ctl *ctl, enum ctl_daemon daemon);

#endif
