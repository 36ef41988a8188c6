/*
 * The files that commands make: backups, exported lists.  They are written
 * beside their place and take it when they are whole, so what is there must be
 * a file, and none of ours.
 */
#ifndef TOOLS_CTL_TARGET_H
#define TOOLS_CTL_TARGET_H

#include "ctl.h"

/*
 * Whether a new file may take this place; if not, says why.  `example`: what a
 * file in a folder could be called.  The configuration is loaded.
 */
bool ctl_target_may_be(
    const struct ctl *ctl, const char *path, const char *example);

#endif
