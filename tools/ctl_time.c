/*
 * Moments on the command line, for options like --since. Pure but for what it
 * says.
 */
#include "autoconf.h"

#include "clock.h"
#include "error.h"

#include "ctl.h"
#include "ctl_time.h"

bool
ctl_time_parse(
    const char *option, const char *text, uint32_t now_s, uint32_t *time_s_r)
{
	uint32_t age_s;

	if (bs_time_parse(text, time_s_r) == BS_OK)
		return true;
	if (bs_duration_parse(text, &age_s) == BS_OK) {
		*time_s_r = age_s < now_s ? now_s - age_s : 0;
		return true;
	}
	ctl_say("%s: %s: not a time: write 2026-11-22T03:00:00Z, or how long "
		"ago, as in 7d",
	    option, text);
	return false;
}
