/*
 * The numbers of the running backstopd, for `stats`.
 */
#ifndef CTL_STATS_LIVE_H
#define CTL_STATS_LIVE_H

#include "ctl.h"

struct bs_json;

/* Writes them below those of the database, or why there are none. */
void ctl_stats_live_text(struct ctl *ctl);

/* A new object of them; {"running":false} where no server answers. */
struct bs_json *ctl_stats_live_json(struct ctl *ctl);

#endif
