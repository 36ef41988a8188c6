/*
 * Writes a spool (spool.h) in a thread of libuv's pool, so that a slow disk holds
 * up nobody but the client whose message it is.
 */
#ifndef FEED_SPOOLWRITE_H
#define FEED_SPOOLWRITE_H

#include <uv.h>

#include "spool.h"

/* On the loop; the spool says by spool_add whether it went well. */
typedef void spoolwrite_done(void *context);

/*
 * Begins to write; the spool is for nobody to use, or to free, until `done`,
 * which is called once, never from here.  BS_ENOMEM: it is not, and nothing was
 * begun.
 */
int spoolwrite_start(
    uv_loop_t *loop, struct spool *spool, spoolwrite_done *done, void *context);

#endif
