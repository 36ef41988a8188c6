/*
 * The server's side of the database: opened, brought up to date with a
 * generation, watched, and opened again when it was lost.  All of it is the
 * main thread's; workers have snapshots of their own.
 */
#ifndef SERVER_DATABASE_H
#define SERVER_DATABASE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "filter_keeper.h"
#include "generation.h"
#include "log.h"
#include "store.h"

/* Which file data.mdb is, and how it looks from outside. */
struct database_look {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
	bool hidden; /* there or not: this user may not look */
};

struct database {
	const struct bs_log *log; /* borrowed */
	struct bs_store *store;   /* NULL while there is none to answer from */
	struct filter_keeper *filter; /* of `store`; NULL: there is none */
	bool make;    /* in an empty folder, at the first opening */
	bool doubted; /* not opened before its files change */
	struct database_look seen; /* when it came into doubt */
	struct bs_message told;    /* why it is not open */
};

/*
 * Starts with no database open.  With `make` a new one is made where the folder
 * is empty: not for one that was there before and has gone.  With `doubt` it is
 * not opened until its files are others than now, since opening or reading it
 * has ended this server again and again.
 */
void database_init(struct database *database, const struct bs_log *log,
    const char *folder, bool make, bool doubt);

/*
 * Opens it, where it is not open, and brings what `generation` says into it.
 * Where that can't be had, the log says why once; call it again each second.
 * True: it is open now.
 */
bool database_open(
    struct database *database, const struct generation *generation);

/* Has the journal's limits be those of the configuration. */
void database_limit(struct database *database, const struct bs_config *config);

/* Whether what is open is still what is in the folder; if not the log says so,
 * and it is to be closed as soon as no worker uses it. */
bool database_is_lost(struct database *database, const char *folder);

void database_close(struct database *database);

/*
 * Writes into a transaction what `generation` says: a reset of the journal
 * where what is served without listings has changed (*changed_r), and the
 * configuration's exemptions.  BS_OK with *writer_r to commit, or an error that
 * `message` explains.
 */
int database_note(struct database *database,
    const struct generation *generation, struct bs_writer **writer_r,
    bool *changed_r, struct bs_message *message);

#endif
