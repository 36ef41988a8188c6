/*
 * The file that is written ahead of the database, while it is open; for
 * lib/store_ahead*.c only.
 */
#ifndef BS_STORE_AHEAD_FILE_H
#define BS_STORE_AHEAD_FILE_H

#include "store_ahead_record.h"
#include "store_private.h"

/* The batches of one transaction: in one part of the file, one behind the
 * other. */
struct bs_ahead_run {
	uint64_t epoch;
	uint32_t index; /* of the batch to come */
	size_t offset;  /* where it will be */
	size_t end;     /* of the part */

	/* the batch to come: room for a head, then sightings */
	size_t used;
	uint8_t batch[BS_AHEAD_BATCH_MAX];
};

/* While another thread may write beside a transaction, *beside and `broken` are
 * that one's; all else is the writer's at any time. */
struct bs_ahead {
	int fd;
	struct bs_file_id file;
	bool loaded;    /* epoch is higher than that of the database */
	bool due;       /* batches may not be in the database */
	bool broken;    /* the disk refused one: nobody knows what it has */
	bool told;      /* of that, or of the name that is lost, and no more */
	int number;     /* broken: what errno was */
	bool spilled;   /* the transaction has more than there is room for */
	uint64_t epoch; /* the last one of the file, without `next` */
	/* taken in by this transaction; and by those that are committed, as far
	 * as nobody was told */
	struct bs_recovered recovering, recovered;
	struct bs_ahead_run now;
	/* of the transaction behind that one; index 0: none */
	struct bs_ahead_run next;
	struct bs_ahead_run *beside; /* one of these two, or NULL */
};

/* --- store_ahead_run.c ---------------------------------------------------- */

/* Begins one in the part that begins at `offset`. */
void bs_ahead_run_begin(struct bs_ahead_run *run, size_t offset);
/* Puts a sighting that is sound into the batch to come; false: no room. */
bool bs_ahead_run_add(
    struct bs_ahead_run *run, const struct bs_sighting *sighting);
bool bs_ahead_run_is_empty(const struct bs_ahead_run *run);
/* Whether the part has room for the batch to come. */
bool bs_ahead_run_fits(const struct bs_ahead_run *run);
/*
 * Writes the batch to come, and waits for the disk.  BS_EIO: nobody knows what
 * is there.  BS_EBUSY: it is there, but the file is not the one of its name any
 * more.
 */
int bs_ahead_run_write(const struct bs_store *store, struct bs_ahead_run *run);

/* --- store_ahead.c -------------------------------------------------------- */

/* Locks it, in so many tries; 0 or what errno was, EAGAIN: another process has
 * it. */
int bs_ahead_take_file(int fd, int tries);
/* Nothing of it is to be taken in again, whoever opens it. */
void bs_ahead_wipe(int fd);
int bs_ahead_write_all(
    int fd, const uint8_t *bytes, size_t size, size_t offset);
/* Whether it is the file that the next start would find. */
bool bs_ahead_has_name(const struct bs_store *store);
/* Notes the epoch as that of what is in the database. */
int bs_ahead_put_epoch(struct bs_writer *writer, uint64_t epoch);
/* Whether the file may be written now. */
bool bs_ahead_may_write(const struct bs_ahead *ahead);
/* The transaction has batches, or may have: their epoch is its own, and noted. */
int bs_ahead_own_epoch(struct bs_writer *writer);

/* --- store_ahead_recover.c ------------------------------------------------ */

/* What a file has that was just opened.  BS_EVERSION, BS_EIO, BS_ENOMEM. */
int bs_ahead_look(struct bs_ahead *ahead);

#endif
