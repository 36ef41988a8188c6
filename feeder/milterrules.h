/*
 * What the milter's process goes by: a configuration and the recipients made of
 * it, shared by all threads and replaced as a whole when serve reloads.
 */
#ifndef FEED_MILTERRULES_H
#define FEED_MILTERRULES_H

#include "config.h"
#include "log.h"
#include "recipients.h"

struct milterrules {
	const struct bs_config *config;
	struct recipients *recipients;
	/* for milterrules.c alone */
	struct bs_config *own;
	size_t users;
};

/* Where the current ones are. */
struct milterrules_box;

/* The first configuration is borrowed, as is `hostname`.  NULL: no memory. */
struct milterrules_box *milterrules_new(
    const struct bs_config *config, const char *hostname);
void milterrules_free(struct milterrules_box **box);

/* The current ones, to be given back; any thread. */
struct milterrules *milterrules_hold(struct milterrules_box *box);
void milterrules_give_back(
    struct milterrules_box *box, struct milterrules *rules);

/* Reads the configuration's file again.  The old ones stay where that fails,
 * which serve has said already: false. */
bool milterrules_renew(struct milterrules_box *box);

#endif
