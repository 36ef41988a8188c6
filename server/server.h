/*
 * The running server: binds, runs workers, minds signals and the clock.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "log.h"
#include "startup.h"

/*
 * Binds every endpoint and serves until SIGTERM or SIGINT.  `startup` is
 * borrowed; endpoints with port 0 get the port that the system chose.
 * Returns the program's exit code.
 */
enum bs_exit server_run(const struct bs_log *log, struct startup *startup);

#endif
