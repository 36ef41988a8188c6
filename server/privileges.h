/*
 * What backstopd takes away from itself when it has its sockets.
 */
#ifndef SERVER_PRIVILEGES_H
#define SERVER_PRIVILEGES_H

#include <stdbool.h>

#include "config.h"
#include "log.h"

/* Whether `user` of the configuration is somebody; if not it is logged. */
bool privileges_check_user(
    const struct bs_log *log, const struct bs_config *config);

/*
 * Becomes the user of the configuration, or who owns the database's folder, if
 * this is root.  False where that can't be, which is logged.
 */
bool privileges_become_user(
    const struct bs_log *log, const struct bs_config *config);

/*
 * Confines this process and those it makes to what serving needs: files in the
 * folders of the configuration's files, the database's, the control socket's.
 * With `children` it may have some.  False where it failed, which is logged.
 */
bool privileges_confine(
    const struct bs_log *log, const struct bs_config *config, bool children);

/* In the process that serves, once more: it has no children. */
bool privileges_confine_child(const struct bs_log *log);

#endif
