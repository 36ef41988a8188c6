/*
 * The quarantine: a Maildir in the database's folder for messages that judges died
 * of, to be reported by a person.
 */
#ifndef FEED_QUARANTINE_H
#define FEED_QUARANTINE_H

#include <uv.h>

#include "config.h"
#include "envelope.h"
#include "log.h"
#include "spool.h"

#define QUARANTINE_FOLDER "quarantine" /* in the database's */
#define QUARANTINE_MAX 1000            /* messages in it */

struct quarantine;

/* Makes the folder where it is missing: before the program is confined.  BS_EACCES,
 * BS_EIO: `message` says why. */
int quarantine_prepare(
    const struct bs_config *config, struct bs_message *message);

/* Of the configuration only its database counts; loop, log and hostname are
 * borrowed.  NULL: no memory. */
struct quarantine *quarantine_new(uv_loop_t *loop, const struct bs_log *log,
    const struct bs_config *config, const char *hostname);
/* When nothing is being put. */
void quarantine_free(struct quarantine **quarantine);

/* BS_OK: it is on disk; else enum bs_error. */
typedef void quarantine_done(void *context, int rc);

/*
 * Puts a message there, in a thread; envelope and spool are borrowed until `done`.
 * BS_EFULL (it has QUARANTINE_MAX), BS_ENOMEM: it is not put, and `done` is not
 * called.
 */
int quarantine_put(struct quarantine *quarantine,
    const struct envelope *envelope, const struct spool *spool,
    quarantine_done *done, void *context);

#endif
