/*
 * Moments on the command line: a time, or how long ago.
 */
#ifndef CTL_TIME_H
#define CTL_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Reads 2026-11-22T03:00:00Z or 7d (ago); false after having said, in the name
 * of `option`, what is wrong. */
bool ctl_time_parse(
    const char *option, const char *text, uint32_t now_s, uint32_t *time_s_r);

#endif
