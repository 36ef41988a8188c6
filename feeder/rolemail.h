/*
 * Mail for postmaster and the roles on its way to a person: into the Maildir of
 * role.maildir, or to the program of role.sendmail.
 */
#ifndef FEED_ROLEMAIL_H
#define FEED_ROLEMAIL_H

#include <uv.h>

#include "config.h"
#include "envelope.h"
#include "nursery.h"
#include "spool.h"

struct rolemail_setup {
	uv_loop_t *loop;
	const struct bs_config *config;
	const char *hostname; /* ours */
	const struct nursery *nursery;
};

/* Told once for each message, never from rolemail_put.  BS_OK: a person has it, or
 * sendmail took it; BS_EFULL: the disk is full, or would have no reserve left;
 * any other error: it is not known to have arrived. */
typedef void rolemail_done(void *context, int rc);

/*
 * Delivers a message, from the loop's thread.  The setup is copied; what it points
 * to, envelope and spool are borrowed until `done`.  BS_ENOMEM: nothing has begun,
 * and `done` is not called.
 */
int rolemail_put(const struct rolemail_setup *setup,
    const struct envelope *envelope, const struct spool *spool,
    rolemail_done *done, void *context);

#endif
