/*
 * What is done to a database as a whole: backups, checks, and replacing its
 * file, by the tool only.  Replacing wants that no program has it open; LMDB's
 * own lock says so, and keeps new ones waiting until it is done.
 */
#ifndef BS_STORE_ADMIN_H
#define BS_STORE_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "store.h"

/* restore moves the serial on by so much (RFC 1982), past what secondaries may
 * have of the time after the backup. */
#define BS_STORE_RESTORE_SERIALS ((uint32_t)1 << 20)

/* What is kept of the file that was replaced, beside it. */
#define BS_STORE_OLD_NAME "data.mdb.old"
/* What is on disk ahead of its commit, beside it. */
#define BS_STORE_AHEAD_NAME "ahead.log"

/*
 * Writes a consistent copy of an open database to the file `path` while others
 * go on with it: a new file beside it, mode 0660, on disk before it takes the
 * name.  *bytes_r: its size.  BS_EFULL, BS_EACCES, BS_ECORRUPT, BS_ESYSTEM.
 */
int bs_store_backup(struct bs_store *store, const char *path, uint64_t *bytes_r,
    struct bs_message *message);

/*
 * Opens a single data file, a backup, say, that nobody else has open: no lock
 * file.  With `upgrade` an older schema is taken and made this one; to read, it is
 * taken as it is, and bs_store_backup all that may be done with it.  As
 * bs_store_open.
 */
int bs_store_open_file(const char *path, enum bs_store_access access,
    bool upgrade, struct bs_store **store_r, struct bs_message *message);

/* A folder whose database nobody has open, nor can while it is held. */
struct bs_store_hold;

/* BS_EBUSY: a program has it open; `message` names its process. */
int bs_store_hold_new(const char *folder, struct bs_store_hold **hold_r,
    struct bs_message *message);
/* Lets it go; who waited goes on with what is there now. */
void bs_store_hold_free(struct bs_store_hold **hold);

/*
 * The file `name` of the folder becomes its data.mdb, on disk when it returns;
 * the one that was is kept as BS_STORE_OLD_NAME (one that was so before goes).
 */
int bs_store_hold_replace(
    struct bs_store_hold *hold, const char *name, struct bs_message *message);

/* What was written ahead of the file that was (bs_store_write_ahead), and is
 * not in it, is forgotten: another state is wanted. */
void bs_store_hold_forget_ahead(struct bs_store_hold *hold);

/* FOLDER/NAME of a new, empty file in the folder of a hold, mode 0660, to be
 * replaced or unlinked. */
int bs_store_hold_file(struct bs_store_hold *hold, char *name_r, size_t size,
    struct bs_message *message);

/* What is on disk in FOLDER/ahead.log and not in the database. */
struct bs_store_due {
	uint64_t sightings;
	/* a process writes to the file: it is about to commit them */
	bool in_use;
	/* another database was there when they were written: nobody takes them
	 * in (see bs_store_ahead_is_foreign) */
	bool foreign;
};

/* Looks at it, and changes nothing.  BS_OK with no sightings where there is no
 * file.  BS_EACCES, BS_EVERSION, BS_EIO, ...: `message` says what to do. */
int bs_store_look_ahead(struct bs_store *store, struct bs_store_due *due_r,
    struct bs_message *message);

/* The state and newest number of a database, for messages. */
struct bs_store_brief {
	uint32_t schema, serial;
	uint64_t listings, number;
	uint32_t written_s; /* about when the newest write was; 0: unknown */
};

/* Of an open database. */
int bs_store_brief(struct bs_store *store, struct bs_store_brief *brief_r);

/* What was carried over from a database that another one replaces. */
struct bs_store_carried {
	uint64_t removals, exemptions;
};

/*
 * Carries over what people did for those who are listed and the writer's database,
 * an older copy, does not have: removals, which end what it lists from before
 * them, and exemptions by command.  `from` is another open database.  As errors
 * bs_writer_remove's and bs_snapshot_get's.
 */
int bs_writer_carry(struct bs_writer *writer, struct bs_store *from,
    struct bs_store_carried *carried_r);

/* --- looking at every record ---------------------------------------------- */

/* What is wrong with a record. */
struct bs_finding {
	const char *table; /* "listing4" */
	const char *key;   /* readable, or in hexadecimal digits; "": none */
	const char *what;  /* what is wrong */
	const char *remedy;
};

/* How far it came; may be in shared memory. */
struct bs_verify_progress {
	char table[16];
	uint64_t records; /* of all tables */
	uint64_t findings;
};

struct bs_verify {
	/* called for each finding; all borrowed */
	void (*found)(void *context, const struct bs_finding *finding);
	void *context;
	struct bs_verify_progress *progress; /* not NULL */
};

/*
 * Decodes every record, and looks each one up where others depend on it: every
 * listing in the expiry index and the other way round, counts, the journal's
 * numbers, what may go when, LMDB's pages.  One snapshot for all of it.  BS_OK
 * however much was found; BS_EIO, BS_ECORRUPT where LMDB can't go on.
 */
int bs_store_verify(struct bs_store *store, const struct bs_verify *verify);

#endif
